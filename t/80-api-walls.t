#!/usr/bin/env perl
# The wall between companies in the API: every route of the table with another company's key, without one, with a wrong one and
# with one of no scope; ids of others in bodies, rules and filters. Nothing is told and nothing changes.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Laws 'slurp';
use Test::More;

my @routes;
my $table = slurp("$Cxdp::src/src/api/api.c");
while ($table =~ /\{"(\w+)",\s*"([^"]+)",\s*\w+,\s*RIGHT_NONE,\s*(NULL|"[\w:]+"),\s*[\w* ]+,\s*(?:NULL|"(\w+)"),/g) {
	my ($method, $path, $scope, $object) = ($1, $2, $3, $4 // '');
	push @routes, { method => $method, path => $path =~ s{^/api/v1/}{}r, open => $scope eq 'NULL', object => $object };
}
cmp_ok scalar @routes, '>', 35, 'the table of routes is read';

my $x = Cxdp->up;
my ($status, $said) = $x->operator(qw(company create --name Neighbours --slug neighbours --country BY --currency BYN
	--timezone Europe/Minsk --language en --admin-email boss@neighbours.example --admin-password), 'long enough 1');
my $theirs = JSON::PP::decode_json($said)->{api_key} // die $said;
my $data = sub ($r) { $r->{status} < 300 ? $r->{json}{data} : die $r->{content} };

my %id = (profile => $data->($x->api(POST => 'profiles', { email => 'canary@dev.example', fields => { first_name => 'Канарейка' },
	consent => { email => \1 } }))->{id});
$id{segment} = $data->($x->api(POST => 'segments', { name => 'Канарейка', rule => 'return known()' }))->{id};
$id{template} = $data->($x->api(POST => 'templates', { name => 'Канарейка', subject => 'Тема', body => '<p>Канарейка</p>' }))->{id};
$id{campaign} = $data->($x->api(POST => 'campaigns', { name => 'Канарейка', segment_id => $id{segment}, template_id => $id{template} }))->{id};
$id{scenario} = $data->($x->api(POST => 'scenarios', { name => 'Канарейка', script => 'return scenario { on = event.canary, wait "1h" }' }))->{id};
$id{message} = $data->($x->api(POST => 'messages', { template => $id{template}, to => { email => 'canary@dev.example' } }))->{id};
$x->wait_for(sub { $data->($x->api(GET => "segments/$id{segment}"))->{state} eq 'ready' }, 10, 'the segment');
$id{job} = $data->($x->api(POST => "campaigns/$id{campaign}/launch"))->{job} // $id{campaign};
$x->wait_for(sub { ($x->sql("select count(*) from message where state not in ('sent', 'failed')"))[0][0] == 0 }, 20, 'the letters');

my ($mine) = map { $_->[0] } $x->sql("select company_id from company where slug = 'dev'");
my @counted = map { $_->[0] } $x->sql("select table_name from information_schema.columns where table_schema = database() and column_name = 'company_id'
	and table_name not in ('session', 'audit', 'job') order by 1");
my $rows = sub { join ' ', map { "$_->[0]:$_->[1]" } $x->sql(join ' union all ', map { "select '$_', count(*) from $_ where company_id = $mine" } @counted) };
my $quiet = sub { my $s = $rows->(); for (1 .. 30) { sleep 1; my $n = $rows->(); return $n if $n eq $s; $s = $n } $s };
my $before = $quiet->();

for my $route (grep { !$_->{open} } @routes) {
	my $path = $route->{path} =~ s/\{\w+\}/$id{ $route->{object} }/r;
	my $body = $route->{method} =~ /POST|PATCH/ ? { name => 'x' } : undef;
	for my $key ('', 'cxdp_nobody_nothing') {
		is $x->api($route->{method}, $path, $body, key => $key)->{status}, 401, "$route->{method} $path: 401 with the key '$key'";
	}
	next if !$route->{object} && $route->{method} ne 'GET';
	my $got = $x->api($route->{method}, $path, $body, key => $theirs);
	is $got->{status}, $route->{object} ? 404 : 200, "$route->{method} $path: what another company sees";
	unlike $got->{content}, qr/Канарейка|canary|\\u041a/, 'tells nothing';
}

# ids inside
my $rule = sub ($r) { ['segments/preview', { rule => "return $r" }] };
for my $case (['events', { profile => $id{profile}, event => 'x' }], ['messages', { template => $id{template}, to => { email => 'canary@dev.example' } }],
	['messages', { template => 'Канарейка', to => $id{profile} }], ['campaigns', { name => 'x', segment_id => $id{segment}, template_id => $id{template} }],
	$rule->(qq(segment "$id{segment}")), $rule->('segment "Канарейка"'), $rule->(qq(campaign "$id{campaign}":opened())), $rule->(qq(scenario "$id{scenario}":entered())),
	['events/bulk', { events => [{ profile => $id{profile}, event => 'x' }] }]) {
	my ($path, $body) = @$case;
	my $got = $x->api(POST => $path, $body, key => $theirs);
	my $what = "POST $path " . JSON::PP->new->ascii->canonical->encode($body);
	if ($path eq 'events/bulk') { unlike $got->{content}, qr/"recorded"/, $what }
	else { like $got->{status}, qr/^(?:404|422)$/, $what or diag $got->{content} }
	unlike $got->{content}, qr/canary|dev\.example/, 'tells nothing';
}
my $got = $x->api(POST => 'profiles', { email => 'canary@dev.example', fields => { city => 'x' } }, key => $theirs);
is $got->{status}, 201, 'the same address is another person there';
isnt $got->{json}{data}{id}, $id{profile}, 'with an id of its own';

is $quiet->(), $before, 'the first company has not a row more or less';
is $data->($x->api(GET => "profiles/$id{profile}"))->{fields}{city}, undef, 'the first company\'s person is as before';
is $data->($x->api(GET => "segments/$id{segment}"))->{name}, 'Канарейка', 'and its segment';
is scalar(grep { $_->{name} eq 'x' } @{ $data->($x->api(GET => "profiles/$id{profile}/events")) }), 0, 'with no event of others';

$x->sql("update api_key set scopes = '' where company_id = $mine");
for my $route (grep { !$_->{open} } @routes) {
	my $path = $route->{path} =~ s/\{\w+\}/$id{ $route->{object} }/r;
	is $x->api($route->{method}, $path, $route->{method} =~ /POST|PATCH/ ? {} : undef)->{status}, 403, "$route->{method} $path: 403 without its scope";
}
done_testing;
