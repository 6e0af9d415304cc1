#!/usr/bin/env perl
# A store without the bulk protocol (MySQL's): everything goes as multi-row statements and arrives the same.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);
my $x = Cxdp->up(conf => { store_bulk => 'no' });
my ($status, $said) = $x->operator('check');
is $status, 0, 'the operator looks at the store';
is_deeply JSON::PP::decode_json($said)->{bulk}, JSON::PP::false, 'which has no bulk protocol' or diag $said;

# 150 visitors look at a page, 100 of them say who they are, every other one by an address somebody had said before
my @calls;
for my $i (1 .. 150) {
	push @calls, { type => 'page', anonymousId => "a$i", messageId => "p$i", properties => { title => "Страница $i" } };
	push @calls, { type => 'identify', anonymousId => "a$i", userId => "u$i", messageId => "i$i",
		traits => { email => "u$i\@shop.example", firstName => "Имя $i", city => $i % 2 ? 'Минск' : 'Гомель', $i % 3 ? () : (size => $i) } } if $i <= 100;
	push @calls, { type => 'track', anonymousId => "a$i", messageId => "t$i", event => 'Order Completed', properties => { order_id => "o$i", total => $i } };
}
push @calls, { type => 'alias', previousId => "a$_", userId => 'u' . ($_ - 100), messageId => "s$_" } for 101 .. 120;
my $send = sub { while (my @some = splice @{ $_[0] }, 0, 90) { is $x->v1('batch', { batch => \@some })->{status}, 200, scalar(@some) . ' calls are taken' } };
my $count = sub ($sql) { ($x->sql("select count(*) from $sql"))[0][0] };
my $of = sub ($type) { $count->("event join event_type t using (company_id, type_id) where t.name = '$type'") };
$send->([@calls]);
ok $x->wait_for(sub { $of->('alias') == 20 && $of->('Order Completed') == 150 }, 20, 'the last call'), 'the last of them arrives';
is $of->($_->[0]), $_->[1], "$_->[1] of $_->[0]" for ['page', 150], ['identify', 100], ['Order Completed', 150], ['profile_created', 150], ['profile_merged', 20];
is $count->('person'), 130, 'those who were the same are one person';
is $count->('person where known = 1'), 100, 'those who said who they are are known';
is_deeply [map { @$_ } $x->sql('select first_name, city, email from person where external_id = "u7"')], ['Имя 7', 'Минск', 'u7@shop.example'], 'values are whole';
is $count->('node'), 150, 'nodes stay';
my ($sum) = $x->sql(q{select sum(json_value(props, '$.total')) from event join event_type t using (company_id, type_id) where t.name = 'Order Completed'});
is $sum->[0], 150 * 151 / 2, 'properties are whole';

my $before = $count->('event');
$send->([@calls]);
is $x->v1('track', { userId => 'u1', event => 'Last', messageId => 'last' })->{status}, 200, 'one more';
ok $x->wait_for(sub { $of->('Last') == 1 }, 20, 'the last one'), 'arrives';
is $count->('event'), $before + 1, 'what is sent again is recognised';

my $r = $x->api(POST => 'segments', { name => 'Минчане', rule => 'return field.city:is "Минск" & event.purchase:sum("total"):at_least(50)' });
is $r->{status}, 201, 'a segment' or diag $r->{content};
my $id = $r->{json}{data}{id};
my $size = grep { $_ % 2 && $_ + ($_ <= 20 ? $_ + 100 : 0) >= 50 } 1 .. 100;
ok $x->wait_for(sub { $count->("membership where segment_id = $id") == $size }, 15, "$size members"), 'is built' or diag $count->("membership where segment_id = $id");
ok $x->wait_for(sub { $x->api(GET => "segments/$id")->{json}{data}{size} == $size }, 5, 'its size'), 'and counted';
$x->v1('identify', { userId => 'u2', messageId => 'moves', traits => { city => 'Минск' } });
ok $x->wait_for(sub { $of->('segment_entered') == 1 }, 10, 'an entry'), 'and followed';
done_testing;
