#!/usr/bin/env perl
# The published, unmodified @segment/analytics-node pointed at us: its people and events arrive whole.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/segment-sdk.mjs", $x->url, $x->env('WRITE_KEY'));
is $status, 0, 'the SDK is content' or diag $said;

my $count = sub { ($x->sql('select count(*) from event e join event_type t using (company_id, type_id) where t.name in
	("identify", "page", "Order Completed", "screen", "group", "alias")'))[0][0] };
ok $x->wait_for(sub { $count->() == 240 }, 15, '240 events'), 'all its 240 calls are events';
is $count->(), 240, 'and none is there twice';
is $x->api(GET => 'profiles?limit=1000')->{json}{data}->$#*, 39, 'they make 40 people';

my $p = $x->api(GET => 'profiles?email=sdk7@shop.example')->{json}{data};
is_deeply [@{ $p->{fields} }{qw(first_name age vip)}], ['Имя 7', 27, JSON::PP::false], 'with their traits';
is_deeply [sort map { "$_->{kind}=$_->{value}" } @{ $p->{identities} }],
	[qw(anonymous_id=sdk-anon-7 anonymous_id=sdk-old-7 email=sdk7@shop.example external_id=sdk-7)], 'and their names';
my ($order) = grep { $_->{type} eq 'Order Completed' } @{ $x->api(GET => "profiles/$p->{id}/events")->{json}{data} };
is_deeply $order->{properties}, { order_id => 'o7', total => 1.75, products => [{ sku => 'a' }] }, 'the order came with its properties';

# the store goes away while the SDK sends: it is served, and nothing is lost or doubled
$x->kill9('mysql');
($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/segment-sdk.mjs", $x->url, $x->env('WRITE_KEY'));
is $status, 0, 'with the store killed the SDK is content as well' or diag $said;
ok $x->wait_for(sub { eval { $count->() == 480 } }, 30, '480 events'), 'and its calls arrive once the store is back';
done_testing;
