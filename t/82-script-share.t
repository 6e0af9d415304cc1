#!/usr/bin/env perl
# Two companies, one of which floods with scripts: it is told so, a segment of it that costs too much is stopped with a sentence, and the
# other's questions and segments go on. A where() that fails for people is told beside the answer.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;
use Time::HiRes 'time';

my $x = Cxdp->up(conf => { company_gas_s => 1_000_000, company_script_ms => 50, company_burst_s => 2 });
my ($status, $said) = $x->operator(qw(company create --name Neighbours --slug neighbours --country BY --currency BYN
	--timezone Europe/Minsk --language en --admin-email boss@neighbours.example --admin-password), 'long enough 1');
my $flood = JSON::PP::decode_json($said)->{api_key} // die $said;

for my $n (1 .. 40) {
	$x->api(POST => 'profiles', { email => "p$n\@flood.example", fields => { first_name => "P$n", city => $n % 2 ? 'Минск' : '' } }, key => $flood);
}
$x->api(POST => 'profiles', { email => 'anna@dev.example', fields => { city => 'Минск' } });
ok $x->wait_for(sub { ($x->api(POST => 'segments/preview', { rule => 'return known()' }, key => $flood)->{json}{data}{count} // 0) == 40 }, 20, 'people'), 'people are there';

my $r = $x->api(POST => 'segments/preview', { rule => "return known()\n & where [[ city .. nil == 'x' ]]" }, key => $flood);
is $r->{status}, 200, 'a where() that fails is an answer';
is_deeply [@{ $r->{json}{data} }{qw(count exact)}], [0, JSON::PP::true], 'of nobody';
my ($warning) = @{ $r->{json}{data}{warnings} };
is_deeply [@$warning{qw(line people)}], [2, 40], 'with a warning: for how many, where' or diag $r->{content};
like $warning->{text}, qr/^where\(\) failed for 40 people, who count as no: attempt to concatenate a nil value/, 'and why the first';

my $heavy = q{return known() & where(function (p) local n = 0 for i = 1, 40000 do n = n + i end return n > 0 end)};
my $refused;
for (1 .. 30) {
	$refused = $x->api(POST => 'segments/preview', { rule => $heavy }, key => $flood);
	last if $refused->{status} != 200;
}
is $refused->{status}, 503, 'a flood of questions is refused';
like $refused->{json}{error}{message}, qr/^this company's scripts used up their share of the processor; they go on in \d+ s$/, 'with a sentence';
ok $refused->{headers}{'retry-after'}, 'and when to come again';
my $begun = time;
is $x->api(POST => 'segments/preview', { rule => 'return known() & where [[ city == "Минск" ]]' })->{status}, 200, 'the other company asks' for 1 .. 5;
cmp_ok time - $begun, '<', 5, 'and is answered at once';
ok $x->wait_for(sub { $x->api(POST => 'segments/preview', { rule => 'return known() & where [[ city == "Минск" ]]' }, key => $flood)->{status} == 200 },
	60, 'the share'), 'the first one is, too, when it has waited';

my $id = $x->api(POST => 'segments', { name => 'Heavy', rule => 'return known() & where [[ city == "Минск" ]]' }, key => $flood)->{json}{data}{id};
$x->sql("update segment set rule = '$heavy', version = version + 1 where segment_id = $id"); # as if it had passed when people were few
my $mine = $x->api(POST => 'segments', { name => 'Mine', rule => 'return field.city:is "Минск" & where [[ city ~= nil ]]' })->{json}{data}{id};
ok $x->wait_for(sub { $x->api(GET => "segments/$mine")->{json}{data}{state} eq 'ready' }, 20, 'the segment'), 'the other company\'s segment is built';
ok $x->wait_for(sub { $x->api(GET => "segments/$id", undef, key => $flood)->{json}{data}{state} eq 'failed' }, 60, 'the stop'), 'what costs too much is stopped';
like $x->api(GET => "segments/$id", undef, key => $flood)->{json}{data}{error}, qr/share of the processor/, 'and says why';
$x->kill9('engine-columns');
my $late = $x->api(POST => 'profiles', { email => 'late@dev.example', fields => { city => 'Минск' } })->{json}{data}{id};
ok $x->wait_for(sub { grep { $_->{id} eq $late } @{ $x->api(GET => "segments/$mine/members")->{json}{data} } }, 20, 'the member'),
	'meanwhile, and after a restart, the other\'s people enter their segments';
is $x->api(GET => "segments/$id", undef, key => $flood)->{json}{data}{state}, 'failed', 'what was stopped stays so';
is $x->api(PATCH => "segments/$id", { rule => 'return known()' }, key => $flood)->{status}, 200, 'until somebody mends it';
ok $x->wait_for(sub { $x->api(GET => "segments/$id", undef, key => $flood)->{json}{data}{state} eq 'ready' }, 60, 'the mended one'), 'then it lives again';

# a segment's tests (segment/cases.h) through the API
my $cases = [{ name => 'in', profile => { city => 'Минск' }, expect => JSON::PP::true }];
$r = $x->api(PATCH => "segments/$mine", { cases => $cases });
is_deeply $r->{json}{data}{cases}, $cases, 'a segment keeps its cases' or diag $r->{content};
is_deeply $x->api(GET => "segments/$mine")->{json}{data}{cases}, $cases, 'and tells them';
$r = $x->api(PATCH => "segments/$mine", { cases => [{ profile => {} }] });
is_deeply [$r->{status}, $r->{json}{error}{field}], [422, 'cases'], 'what is none is refused';
is $x->api(PATCH => "segments/$mine", { cases => 5 })->{status}, 422, 'a number, too';
is_deeply $x->api(PATCH => "segments/$mine", { name => 'Mine too' })->{json}{data}{cases}, $cases, 'another change leaves them';
is_deeply $x->api(PATCH => "segments/$mine", { cases => [] })->{json}{data}{cases}, [], 'an empty list takes them away';
done_testing;
