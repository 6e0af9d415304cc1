#!/usr/bin/env perl
# The description of the API: made from the route table, valid by the standard, every route told of; and true: each key of what the API really
# answers is described and has the type that is told. The page for people says the same.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Encode qw(decode encode);
use File::Temp;
use JSON::PP ();
use Test::More;
use Walls;

my $x = Cxdp->up;
my $got = $x->http(GET => '/api/v1/openapi.json');
is $got->{status}, 200, 'served without a key';
my $d = $got->{json};
my $file = File::Temp->new;
print $file $got->{content};
close $file;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/openapi.mjs", "$file");
is $status, 0, 'valid OpenAPI' or diag substr $said, 0, 3000;
like $said, qr/^valid 3\.1/, 'of version 3.1';
my $broken = File::Temp->new;
print $broken $got->{content} =~ s/"parameters":\[\{"name"/"parameters":[{"nam"/r;
close $broken;
($status) = Cxdp::run('node', "$FindBin::Bin/lib/openapi.mjs", "$broken");
isnt $status, 0, 'a broken one is found';

my @routes = Walls::routes('api');
for my $r (@routes) {
	my $op = $d->{paths}{ $r->{path} }{ lc $r->{method} };
	ok $op && $op->{summary} && $op->{responses}{default} || grep({ /^2/ } keys %{ $op->{responses} }), "$r->{name} is told of" or next;
	is $op->{'x-scope'}, $r->{scope}, 'with its scope';
	is_deeply [sort map { $_->{name} } grep { $_->{in} eq 'path' } @{ $op->{parameters} }], [sort $r->{path} =~ /\{(\w+)\}/g], 'and its places';
}
my %ids;
$ids{ $_->{operationId} }++ for map { values %$_ } values %{ $d->{paths} };
is_deeply [grep { $ids{$_} > 1 } keys %ids], [], 'each with an id of its own';

# --- what is really answered ---

my $resolve = sub ($s) { $s->{'$ref'} ? $d->{components}{schemas}{ $s->{'$ref'} =~ s{.*/}{}r } : $s };
my $wrong; # (SCHEMA, VALUE, WHERE): complaints
$wrong = sub ($schema, $v, $at) {
	my $s = $resolve->($schema);
	return () unless %$s;
	if ($s->{anyOf}) {
		my @all = map { [$wrong->($_, $v, $at)] } @{ $s->{anyOf} };
		return (grep { !@$_ } @all) ? () : @{ $all[0] };
	}
	my @types = ref $s->{type} ? @{ $s->{type} } : $s->{type};
	my $is = !defined $v ? 'null' : ref $v eq 'HASH' ? 'object' : ref $v eq 'ARRAY' ? 'array' : JSON::PP::is_bool($v) ? 'boolean'
		: JSON::PP->new->allow_nonref->encode($v) =~ /^"/ ? 'string' : $v =~ /^-?\d+$/ ? 'integer' : 'number';
	return "$at is $is, told is @types" unless grep { $_ eq $is || $_ eq 'number' && $is eq 'integer' } @types;
	return "$at is $v, not one of @{ $s->{enum} }" if $s->{enum} && !grep { $_ eq $v } @{ $s->{enum} };
	return "$at is no id: $v" if $s->{pattern} && $is eq 'string' && $v !~ /$s->{pattern}/;
	return "$at is no time: $v" if ($s->{format} // '') eq 'date-time' && $is eq 'string' && $v !~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
	if ($is eq 'array') { return map { $wrong->($s->{items}, $v->[$_], "$at\[$_]") } 0 .. $#$v }
	return () unless $is eq 'object';
	return ((map { "$at lacks $_" } grep { !exists $v->{$_} } @{ $s->{required} // [] }),
		map { my $p = $s->{properties}{$_} // $s->{additionalProperties}; $p ? $wrong->($p, $v->{$_}, "$at.$_") : "$at.$_ is not told of" } sort keys %$v);
};
is_deeply [$wrong->({ type => 'object', properties => { a => { type => 'string' } }, required => ['b'] }, { a => 1, c => 2 }, 'x')],
	['x lacks b', 'x.a is integer, told is string', 'x.c is not told of'], 'what is wrong is seen';

my %seen;
my $try = sub ($method, $route, $path, $body = undef) {
	my $r = $body && ref $body eq 'CODE' ? $body->() : $x->api($method, $path, $body);
	my $told = $d->{paths}{"/api/v1/$route"}{ lc $method }{responses}{ $r->{status} };
	$seen{"$method $route"} = 1;
	ok $told && $r->{status} < 300, "$method $route: $r->{status} is told of" or diag $r->{content};
	my $schema = $told->{content}{'application/json'}{schema};
	is join("\n", $schema ? $wrong->($schema, $r->{json}, '') : ()), '', 'and so is all of the answer';
	my $data = ref $r->{json} eq 'HASH' ? $r->{json}{data} : undef;
	return ref $data eq 'HASH' ? $data->{id} : $data;
};
my $anna = $try->(POST => 'profiles', 'profiles', { email => 'anna@shop.example', phone => '+375295550142', external_id => 'c1',
	fields => { first_name => 'Анна', size => 4 }, consent => { email => { granted => \1, proof => 'paper' }, sms => \1 } });
my $twin = $try->(POST => 'profiles', 'profiles', { email => 'twin@shop.example' });
$try->(POST => 'events', 'events', { email => 'anna@shop.example', event => 'Order Completed', properties => { total => 42 } });
$try->(POST => 'events/bulk', 'events/bulk', { events => [{ email => 'anna@shop.example', event => 'x' }, { event => 'y' }] });
$try->(POST => 'profiles/{id}/merge', "profiles/$anna/merge", { with => $twin });
my $merge = $x->api(GET => "profiles/$anna/merges")->{json}{data}[0]{id};
$try->(GET => 'profiles/{id}/merges', "profiles/$anna/merges");
$try->(POST => 'merges/{id}/undo', "merges/$merge/undo", {});
$try->(GET => 'profiles/{id}', "profiles/$anna");
$try->(PATCH => 'profiles/{id}', "profiles/$anna", { fields => { city => 'Минск' } });
$try->(GET => 'profiles', 'profiles?filter=return%20known()');
$try->(GET => 'profiles/{id}/events', "profiles/$anna/events");
$try->(GET => 'profiles/{id}/file', "profiles/$anna/file");
my $bulk = $try->(POST => 'profiles/bulk', 'profiles/bulk', { profiles => [{ email => 'b@shop.example' }, { email => 'none' }] });
my ($job) = map { $_->[0] } $x->sql("select job_id from job where kind = 'bulk' or kind like '%bulk%' limit 1");
$x->wait_for(sub { $x->api(GET => "jobs/$job")->{json}{data}{state} eq 'done' }, 10, 'the job');
$try->(GET => 'jobs/{id}', "jobs/$job");
my ($mine) = map { $_->[0] } $x->sql("select company_id from company where slug = 'dev'");
$x->sql("insert into duplicate values ($mine, 4713, $anna, $twin, 70, '[]', 'open', 1, null, 0, null)");
$try->(GET => 'duplicates', 'duplicates');
$try->(POST => 'duplicates/search', 'duplicates/search', {});
$try->(GET => 'identity', 'identity');
$try->(GET => 'fields', 'fields');
$try->(POST => 'fields', 'fields', { name => 'shoe', label => 'Размер', type => 'number' });
my $segment = $try->(POST => 'segments', 'segments', { name => 'Все', rule => 'return known()' });
$x->wait_for(sub { $x->api(GET => "segments/$segment")->{json}{data}{state} eq 'ready' }, 10, 'the segment');
$try->(GET => 'segments', 'segments');
$try->(GET => 'segments/{id}', "segments/$segment");
$try->(GET => 'segments/{id}/members', "segments/$segment/members");
$try->(GET => 'segments/{id}/history', "segments/$segment/history");
$try->(POST => 'segments/preview', 'segments/preview', { rule => 'return known()' });
my $letter = $try->(POST => 'templates', 'templates', { name => 'Привет', subject => 'x', body => '<p>x</p>' });
$try->(GET => 'templates', 'templates');
$try->(GET => 'templates/{id}', "templates/$letter");
my $message = $try->(POST => 'messages', 'messages', { template => $letter, to => $anna });
$try->(GET => 'messages/{id}', "messages/$message");
my $campaign = $try->(POST => 'campaigns', 'campaigns', { name => 'К', template_id => $letter, segment_id => $segment });
$try->(GET => 'campaigns', 'campaigns');
$try->(POST => 'campaigns/{id}/launch', "campaigns/$campaign/launch", {});
$try->(GET => 'campaigns/{id}', "campaigns/$campaign");
$try->(GET => 'campaigns/{id}/stats', "campaigns/$campaign/stats");
my $scenario = $try->(POST => 'scenarios', 'scenarios', { name => 'С', script => 'return scenario { on = event.purchase, wait "1h" }' });
$try->(POST => 'scenarios/{id}/publish', "scenarios/$scenario/publish", {});
$try->(GET => 'scenarios', 'scenarios');
my $import = $try->(POST => 'imports', 'imports', sub { $x->upload('base.csv', "email,size\nc\@shop.example,4\nnone,5\n") });
$try->(POST => 'imports/{id}/start', "imports/$import/start", { mapping => { email => 'email', size => undef } });
$x->wait_for(sub { $x->api(GET => "imports/$import")->{json}{data}{state} eq 'done' }, 10, 'the import');
$try->(GET => 'imports/{id}', "imports/$import");
$try->(GET => 'imports', 'imports');
my $export = $try->(POST => 'exports', 'exports', { source => 'all', fields => ['email'], format => 'csv' });
$x->wait_for(sub { $x->api(GET => "exports/$export")->{json}{data}{state} eq 'done' }, 10, 'the export');
$try->(GET => 'exports/{id}', "exports/$export");
$try->(POST => 'products/bulk', 'products/bulk', { products => [{ external_id => 'p1', name => 'Чай', price => '12.50' }, { name => 'x' }] });
$try->(GET => 'products', 'products');
my $product = $x->api(GET => 'products')->{json}{data}[0]{id};
$try->(GET => 'products/{id}', "products/$product");
$try->(GET => 'feeds', 'feeds');
$try->(GET => 'health', 'health');
$try->(GET => 'jobs', 'jobs');
$try->(GET => 'events', 'events');
my $source = $try->(POST => 'sources', 'sources', { name => 'Сайт', kind => 'site' });
$try->(GET => 'sources', 'sources');
$try->(GET => 'sources/{id}', "sources/$source");
$try->(PATCH => 'sources/{id}', "sources/$source", { state => 'disabled' });
$try->(PUT => 'profiles/{id}/consents', "profiles/$anna/consents", { email => { granted => \1, proof => { text => 'Согласна' } } });
$try->(GET => 'profiles/{id}/consents', "profiles/$anna/consents");
$try->(PATCH => 'fields/{name}', 'fields/shoe', { label => 'Обувь' });
$try->(DELETE => 'fields/{name}', 'fields/shoe');
$try->(GET => 'profiles', 'profiles?q=anna');
$try->(DELETE => 'profiles/{id}', "profiles/$anna");
$try->(DELETE => 'segments/{id}', 'segments/' . $x->api(POST => 'segments', { name => 'x', rule => 'return known()' })->{json}{data}{id});
my $refused = $x->api(POST => 'segments', { name => 'x', rule => 'return nonsense(' });
is join("\n", $wrong->({ '$ref' => 'x/Error' }, $refused->{json}, '')), '', 'a refusal is as told';

# --- for people ---

for my $lang (qw(ru en)) {
	my $page = $x->http(GET => '/api', headers => { cookie => "lang=$lang" });
	is $page->{status}, 200, "the page in $lang, without a key";
	my $text = decode('UTF-8', $page->{content});
	like $text, $lang eq 'ru' ? qr/С чего начать/ : qr/How to begin/, 'in its language';
	my @lost = grep { index($text, " $_->{path}<") < 0 } grep { $_->{path} ne '/api' } @routes;
	is_deeply [map { $_->{name} } @lost], [], 'tells of every route';
	unlike $text, qr/<script(?![^>]*src=)|style=/, 'without script or style in it';
	like $page->{headers}{'content-security-policy'}, qr/default-src 'none'/, 'strict';
	my %anchor = map { $_ => 1 } $text =~ /\bid="([^"]+)"/g;
	is_deeply [grep { !$anchor{$_} } $text =~ /href="#([^"]+)"/g], [], 'each link in it leads somewhere';
}
done_testing;
