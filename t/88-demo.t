#!/usr/bin/env perl
# The invented company of `./dev up --demo`, small: people, letters, campaigns, scenarios and segments are there through the doors.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my ($status, $said) = $x->operator('demo', '--url', $x->url, '--write-key', $x->env('WRITE_KEY'), '--api-key', $x->env('API_KEY'), '--people', 150);
is $status, 0, 'the demo fills a company' or diag $said;
my $count = sub ($what) { scalar @{ $x->api(GET => "$what?limit=1000")->{json}{data} // [] } };
ok $x->wait_for(sub { $count->('profiles') >= 150 }, 30, 'people'), 'with people';
cmp_ok $count->($_), '>', 0, "with $_" for qw(templates campaigns scenarios segments);
ok $x->wait_for(sub { !grep { $_->{state} ne 'ready' } @{ $x->api(GET => 'segments')->{json}{data} } }, 20, 'segments'), 'whose rules all compile';
ok $x->wait_for(sub { ($x->api(POST => 'segments/preview', { rule => 'return event.purchase' })->{json}{data}{count} // 0) > 0 }, 20, 'buyers'), 'and people who bought';
done_testing;
