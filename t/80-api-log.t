#!/usr/bin/env perl
# The log of API requests: what a key asked stands there within seconds, refusals with their sentence, never a body, a query or a secret; the page
# shows and filters it; after two weeks it is gone.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Encode 'decode';
use Test::More;

my $x = Cxdp->up;
my ($mine) = map { $_->[0] } $x->sql("select company_id from company where slug = 'dev'");
my $rows = sub { $x->sql("select method, pattern, path, status, class, code, sentence, key_id, ip, bytes > 0 from request_log where company_id = $mine order by request_id") };

my $id = $x->api(POST => 'profiles', { email => 'secret-body@dev.example' })->{json}{data}{id};
$x->api(GET => 'profiles?email=secret-query@dev.example');
$x->api(GET => "profiles/$id");
$x->api(GET => 'profiles/1');
$x->api(POST => 'segments', { name => 'x', rule => 'return nonsense(' });
$x->api(GET => 'health');
my ($key) = $x->env('API_KEY') =~ /_(\w{12})_/;
my $hash = ($x->sql("select secret_hash from api_key where key_id = '$key'"))[0][0];
$x->sql("insert into api_key (key_id, company_id, name, secret_hash, scopes, created_at_us) values ('weakweakweak', $mine, 'Слабый ключ', '$hash', 'events:read', 1)");
my $weak = $x->env('API_KEY') =~ s/_\w{12}_/_weakweakweak_/r;
is $x->api(GET => 'segments', undef, key => $weak)->{status}, 403, 'a key that may not';
is $x->api(GET => 'segments', undef, key => $weak . 'x')->{status}, 401, 'a key that is none';
$x->wait_for(sub { $rows->() >= 6 }, 5, 'the rows');
my @got = $rows->();
is_deeply [map { "$_->[0] $_->[1] $_->[3] $_->[4]" } @got], ['POST /api/v1/profiles 201 2', 'GET /api/v1/profiles 404 4', 'GET /api/v1/profiles/{id} 200 2',
	'GET /api/v1/profiles/{id} 404 4', 'POST /api/v1/segments 422 4', 'GET /api/v1/segments 403 4'],
	'each request of the company once and in order, neither those without a key nor with a wrong one' or diag explain \@got;
is $got[2][2], "/api/v1/profiles/$id", 'with the path as it was asked';
is_deeply [@{ $got[2] }[5 .. 9]], ['', '', $key, '127.0.0.1', 1], 'by which key, from where, without an error';
like $got[4][6], qr/\w+ \w+/, 'a refusal has its sentence';
is_deeply [@{ $got[5] }[5, 7]], ['forbidden', 'weakweakweak'], 'so has one of a key that may not';
my $all = join ' ', map { @$_ } @got;
unlike $all, qr/secret-body|secret-query|nonsense\(|\Q$hash\E/, 'no body, no query, no secret is kept';

# many: none is lost, none waits
my @pids = map { my $pid = fork // die; if (!$pid) { $x->api(GET => 'fields') for 1 .. 60; require POSIX; POSIX::_exit(0) } $pid } 1 .. 4;
waitpid $_, 0 for @pids;
$x->wait_for(sub { $rows->() >= 246 }, 5, 'the rows of many');
is scalar($rows->()), 246, '240 requests of four at once are all there';

# the page
my $b = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $page = sub ($query) { my $r = $b->get("/company/requests$query"); is $r->{status}, 200, "the page$query"; return decode('UTF-8', $r->{content}) };
my $first = $page->('');
is scalar(() = $first =~ m{GET /api/v1/fields<}g), 100, 'a hundred, newest first';
my ($older) = $first =~ m{href="(/company/requests\?before=[^"]+)"};
ok $older, 'and a way to the older ones' or BAIL_OUT('no older');
my $second = $page->($older =~ s{^/company/requests}{}r =~ s/&amp;/&/gr);
is scalar(() = $second =~ m{GET /api/v1/fields<}g), 100, 'which are the next hundred';
like $page->('?status=4'), qr/lacks the scope segments:read/, 'refusals with their sentence';
unlike $page->('?status=4'), qr{/api/v1/fields<}, 'and only them';
like $page->('?key=weakweakweak'), qr/Слабый ключ<\/a>/, 'of one key, by its name';
unlike $page->('?key=weakweakweak'), qr{/api/v1/fields<}, 'and only of it';
like $page->('?path=%2Fapi%2Fv1%2Fprof&status=4&key=' . $key), qr{GET /api/v1/profiles/1<}, 'by the beginning of the path';
unlike $page->('?path=%2Fapi%2Fv1%2Fprof%25'), qr{GET /api/v1/profiles/1<}, 'which is no pattern';
like decode('UTF-8', $b->get('/company/keys')->{content}), qr{href="/company/requests\?key=$key"}, 'a key leads to its requests';

# no more than so many, and two weeks
my ($newest) = map { $_->[0] } $x->sql("select max(request_id) from request_log where company_id = $mine");
$x->sql("insert ignore into request_log select $mine, $newest - seq, at_us, key_id, method, 'flood', 'flood', 200, 2, 1, 1, ip, '', '' from request_log, seq_1_to_200100 where company_id = $mine and request_id = $newest");
$x->sql("insert into request_log values ($mine, 5, 1, '$key', 'GET', 'old', 'old', 200, 2, 1, 1, '127.0.0.1', '', '')");
my $hour = int(time / 3600);
$x->sql("insert into source_count values ($mine, 7, $hour - 24 * 401, 1, 0, 0, 0, 0), ($mine, 7, $hour - 24 * 399, 1, 0, 0, 0, 0)");
$x->sql("insert into binding_count values ($mine, 7, $hour - 24 * 401, 1, 0), ($mine, 7, $hour - 24 * 399, 1, 0)");
$x->kill9('engine-jobs');
$x->wait_for(sub { !$x->sql("select 1 from request_log where path = 'old'") }, 10, 'housekeeping');
my $left = sub { $x->sql("select count(*), max(request_id) from request_log where company_id = $mine") };
ok $x->wait_for(sub { ($left->())[0][0] <= 200_000 }, 10, 'the flood'), 'old rows go';
ok $x->wait_for(sub { !$x->sql("select 1 from binding_count where binding_id = 7 and hour < $hour - 24 * 400") }, 10, 'the counts'), 'counts by the hour go after 400 days';
is_deeply [map { ($x->sql("select count(*) from ${_}_count where ${_}_id = 7"))[0][0] } qw(source binding)], [1, 1], 'the others stay';
is_deeply [$left->()], [[200_000, $newest]], 'the newest stay';
done_testing;
