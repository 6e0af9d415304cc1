#!/usr/bin/env perl
# The interface as a marketer meets it, in a real Chromium: t/lib/ui-pages.mjs walks and says TAP.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 400 }
use Cxdp;
use Test::More;

my $x = Cxdp->up;
$x->v1('batch', { batch => [
	{ type => 'identify', userId => 'u1', traits => { email => 'anna@shop.example', firstName => 'Анна', lastName => 'Минская', address => { city => 'Минск' } },
		context => { consent => { email => JSON::PP::true } } },
	{ type => 'identify', userId => 'u2', traits => { email => 'oleg@shop.example', firstName => 'Олег', address => { city => 'Минск' } } },
	{ type => 'identify', userId => 'u3', traits => { email => 'vera@shop.example', firstName => 'Вера', address => { city => 'Лида' } } },
	{ type => 'page', userId => 'u1', properties => { title => '<img src=x onerror=alert(1)>', url => 'https://shop.example/' } },
	{ type => 'track', userId => 'u1', event => 'Order Completed', properties => { order_id => 'o1', total => 54.2, currency => 'BYN' } },
	{ type => 'track', userId => 'u1', event => 'cart_updated', properties => { total => 60 } },
] });
$x->wait_for(sub { ($x->sql('select count(*) from event'))[0][0] >= 6 }, 15, 'the events');
$x->sql(q{insert into dead_letter select company_id, 4711, 0, 'waiting', 2, 1790000000000000, 1790000060000000, 'set_aside', 'store: EVENT_INSERT: CONSTRAINT failed (4025)',
	'{"company":1,"items":[{"type":"track","event":"Order Completed","userId":"u1","messageId":"m-1","properties":{"order_id":"o1","total":54.2}}]}' from company});
$x->sql(q{insert into dead_letter select company_id, 4712, 0, 'refused', 1, 1790000000000000, 1790000060000000, 'userId', 'userId or anonymousId is needed', '{"type":"track"}' from company});
my $link = $x->login_path;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/ui-pages.mjs", $x->url, $link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
	elsif (!/^1\.\.\d+$/) { note $_ }
}
is $status, 0, 'the browser is content';
done_testing;
