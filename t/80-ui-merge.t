#!/usr/bin/env perl
# The review of duplicates in a real Chromium: t/lib/ui-merge.mjs searches, merges, parts, erases, changes rules.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my @people = ({ external_id => 'y1', fields => { first_name => 'Юлия', last_name => 'Ковалёва', birthday => '1990-02-03' } },
	{ email => 'yuliya@shop.example', fields => { first_name => 'Yuliya', last_name => 'Kovaleva', birthday => '1990-02-03', city => 'Минск' } },
	{ external_id => 'p1', fields => { first_name => 'Пётр', last_name => 'Лис', birthday => '1980-01-01' } },
	{ external_id => 'p2', fields => { first_name => 'Петр', last_name => 'Лисс', birthday => '1980-01-01' } },
	{ external_id => 'o1', fields => { first_name => 'Ольга' } });
$x->api(POST => 'profiles', $_)->{status} == 201 or die for @people;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/ui-merge.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
	elsif (!/^1\.\.\d+$/) { note $_ }
}
is $status, 0, 'the browser is content';
is_deeply [sort map { $_->[0] } $x->sql("select action from audit_log where action regexp 'duplicate|merge|profile|identity'")],
	[sort qw(duplicates.search duplicate.different duplicate.merge merge.undo profile.file profile.erase identity.change)], 'the log of actions tells it';
done_testing;
