#!/usr/bin/env perl
# Blocks beside Lua, and the clients' filter, in a real Chromium: t/lib/ui-builder.mjs walks and says TAP. Then rules as the
# builder makes them are asked of the real compiler: t/lib/rule-counts.mjs.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 400 }
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my @people = (['u1', 'Анна', 'Минск'], ['u2', 'Олег', 'Минск'], ['u3', 'Вера', 'Лида'], ['u4', 'Павел', 'Гродно']);
$x->v1('batch', { batch => [
	(map { { type => 'identify', userId => $_->[0], traits => { email => "$_->[0]\@shop.example", firstName => $_->[1], address => { city => $_->[2] }, bonus => 100 * substr($_->[0], 1) } } } @people),
	(map { { type => 'track', userId => 'u1', event => 'Order Completed', properties => { order_id => "o$_", total => 50 * $_, currency => 'BYN' } } } 1 .. 3),
	{ type => 'track', userId => 'u3', event => 'Order Completed', properties => { order_id => 'o9', total => 20 } },
	{ type => 'page', userId => 'u2', properties => { title => 'Чай', url => 'https://shop.example/' } },
	{ type => 'page', userId => 'u4', properties => { title => 'Кофе', url => 'https://shop.example/coffee' } },
] });
$x->wait_for(sub { ($x->sql('select count(*) from event'))[0][0] >= 6 }, 15, 'the events');
my $link = $x->login_path;

# walk(SCRIPT, ARGUMENTS): its lines of TAP are ours
sub walk ($script, @arguments) {
	my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/$script", @arguments);
	for (split /\n/, $said) {
		if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
		elsif (/^# ?(.*)/) { diag $1 }
		elsif (!/^1\.\.\d+$/) { note $_ }
	}
	is $status, 0, "$script is content";
}
walk('ui-builder.mjs', $x->url, $link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
walk('rule-counts.mjs', $x->url, $x->env('API_KEY'));
done_testing;
