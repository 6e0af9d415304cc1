#!/usr/bin/env perl
# The API as integrators meet it: profiles, events, fields, errors, keys, once-only requests.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;

# --- profiles ---

my $r = $x->api(POST => 'profiles', { external_id => 'c1', email => ' Anna@Shop.Example ', phone => '8 029 555-01-42',
	fields => { first_name => 'Анна', city => 'Минск', bonus => 12 }, consent => { email => { granted => \1, proof => 'paper form 7' } } });
is $r->{status}, 201, 'a new profile is 201';
my $p = $r->{json}{data};
like $p->{id}, qr/^\d+$/, 'its id is a text of digits';
is_deeply [@$p{qw(external_id email phone)}], ['c1', 'anna@shop.example', '+375295550142'], 'identifiers stand in our spelling';
is $p->{fields}{bonus}, 12, 'a field nobody defined is kept';
is $p->{consent}{email}{granted}, JSON::PP::true, 'consent is there';
is $p->{consent}{email}{proof}, 'paper form 7', 'with its proof';
like $p->{consent}{email}{at}, qr/^\d{4}-\d\d-\d\dT/, 'and its time';
like $p->{created_at}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'times are RFC 3339';
$r = $x->api(POST => 'profiles', { email => 'anna@shop.example', fields => { city => 'Брест' } });
is "$r->{status} $r->{json}{data}{id}", "200 $p->{id}", 'the same e-mail is the same profile: 200';
for my $by ('email=ANNA%40shop.example', 'phone=%2B375%2029%20555-01-42', 'phone=80295550142', 'external_id=c1') {
	is $x->api(GET => "profiles?$by")->{json}{data}{id}, $p->{id}, "found by $by";
}
$r = $x->api(PATCH => "profiles/$p->{id}", { fields => { city => undef, last_name => 'Лис' } });
is_deeply [$r->{status}, $r->{json}{data}{fields}{city}, $r->{json}{data}{fields}{last_name}], [200, undef, 'Лис'], 'null clears, the rest is set';
is $x->api(GET => 'profiles/12345')->{status}, 404, 'an unknown id is 404';
is $x->api(GET => 'profiles/abc')->{status}, 404, 'and so is none';
for my $case ([{}, 'external_id'], [{ email => 'not an address' }, 'email'], [{ email => 'a@b.example', fields => [] }, 'fields'],
	[{ email => 'a@b.example', fields => { birthday => 'soon' } }, 'birthday'], [{ email => 'a@b.example', consent => { pigeon => \1 } }, 'consent']) {
	my $got = $x->api(POST => 'profiles', $case->[0]);
	is_deeply [$got->{status}, @{ $got->{json}{error} }{qw(code field)}], [422, 'invalid_field', $case->[1]], "wrong $case->[1] is 422 and named: " . ($got->{json}{error}{message} // '');
}
is $x->http(POST => '/api/v1/profiles', headers => { authorization => 'Bearer ' . $x->env('API_KEY') }, body => '{"a":')->{status}, 400, 'broken JSON is 400';
$r = $x->api(POST => 'profiles');
is $r->{status}, 400, 'and so is none';
unlike $r->{json}{error}{message}, qr/-1|wrong arguments/, 'said for a person: ' . $r->{json}{error}{message};
for my $n (0 .. 3) {
	my $t = 'x' x $n . '🏳️‍🌈' x 40;
	$r = $x->api(POST => 'profiles', { email => 'a@b.example', fields => { birthday => $t } });
	is $r->{json}{error}{field}, 'birthday', 'a sentence about a long value is well-formed, wherever it is cut';
	$r = $x->api(POST => 'profiles', { email => 'a@b.example', fields => { $t => 1 } });
	ok $r->{json}{error}{field}, 'and so is a long name';
	$r = $x->api(POST => 'segments/preview', { rule => qq(return field["$t"]:is "1" -- $t) });
	is $r->{json}{error}{line}, 1, 'or one in a rule';
	$r = $x->api(POST => "segments/preview", { rule => "return campaign \"$t\":opened() & field.city:matches \"(" . $t x 9 . "\"" });
	is $r->{json}{error}{line}, 1, 'or a pattern';
}
$r = $x->api(GET => 'profiles?filter=return%20field.cty:is(1)');
is_deeply [$r->{status}, @{ $r->{json}{error} }{qw(field line)}], [422, 'filter', 1], 'a wrong filter is named as it was sent, with its line';

# --- fields ---

is $x->api(POST => 'fields', { name => 'size', label => 'Размер', type => 'number' })->{status}, 201, 'a field is added';
is $x->api(POST => 'fields', { name => 'email', label => 'x', type => 'text' })->{status}, 409, 'a default field is not redefined';
is $x->api(POST => 'fields', { name => 'x', label => 'x', type => 'colour' })->{status}, 422, 'nor of a type nobody knows';
my $bad = $x->api(PATCH => "profiles/$p->{id}", { fields => { size => 'large' } });
is_deeply [$bad->{status}, $bad->{json}{error}{field}], [422, 'size'], 'a typed field takes only its type';
is $x->api(PATCH => "profiles/$p->{id}", { fields => { size => '41.5' } })->{json}{data}{fields}{size}, 41.5, 'and reads numbers out of texts';
my %fields = map { $_->{name} => $_ } @{ $x->api(GET => 'fields')->{json}{data} };
is_deeply [map { $fields{$_}{state} } qw(email created_at size bonus)], [qw(default derived active offered)], 'fields are listed, traits met on the way are offered';

# --- events ---

$r = $x->api(POST => 'events', { email => 'anna@shop.example', event => 'Called', properties => { minutes => 3 }, timestamp => '2026-11-01T09:00:00Z' });
is $r->{status}, 201, 'an event is recorded';
is $x->api(POST => 'events', { profile => $p->{id}, event => 'Called Again' })->{status}, 201, 'also by the profile\'s id';
is $x->api(POST => 'events', { profile => '77', event => 'X' })->{status}, 404, 'but not for nobody';
$r = $x->api(POST => 'events/bulk', { events => [{ external_id => 'c1', event => 'Order Completed', properties => { total => 10 } }, { event => 'Lost' }] });
is_deeply [map { $_->{state} } @{ $r->{json}{data} }], [qw(recorded refused)], 'of several, each gets its answer';
my @events = @{ $x->api(GET => "profiles/$p->{id}/events?limit=100")->{json}{data} };
is_deeply [sort { $b cmp $a } map { $_->{at} } grep { $_->{type} =~ /Call/ } @events], [map { $_->{at} } grep { $_->{type} =~ /Call/ } @events], 'events come newest first';
is $x->api(GET => "profiles/$p->{id}/events?type=purchase")->{json}{data}[0]{type}, 'Order Completed', 'and answer to their built-in names';
my ($first) = @{ $x->api(GET => "profiles/$p->{id}/events?limit=1")->{json} }{qw(next)};
my %seen;
my $cursor = '';
for (1 .. 50) {
	my $page = $x->api(GET => "profiles/$p->{id}/events?limit=2$cursor")->{json};
	$seen{ $_->{id} }++ for @{ $page->{data} };
	last unless defined $page->{next};
	$cursor = "&cursor=$page->{next}";
}
is_deeply [sort keys %seen], [sort map { $_->{id} } @events], 'pages together are the whole history';
is $x->api(GET => "profiles/$p->{id}/events?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z")->{json}{data}[0]{type}, 'Called', 'from and to cut it';

# --- once ---

my %once = (headers => { 'idempotency-key' => 'k-1' });
my $one = $x->api(POST => 'events', { email => 'anna@shop.example', event => 'Once' }, %once);
my $two = $x->api(POST => 'events', { email => 'anna@shop.example', event => 'Once' }, %once);
is $two->{content}, $one->{content}, 'the same Idempotency-Key and body get the same answer';
is scalar @{ $x->api(GET => "profiles/$p->{id}/events?type=Once")->{json}{data} }, 1, 'and act once';
is $x->api(POST => 'events', { email => 'anna@shop.example', event => 'Other' }, %once)->{status}, 409, 'with another body it is 409';

# --- keys ---

is $x->http(GET => '/api/v1/profiles')->{status}, 401, 'no key is 401';
is $x->api(GET => 'profiles', undef, key => 'cxdp_' . 'a' x 12 . '_' . 'b' x 43)->{status}, 401, 'a wrong one too';
is $x->api(GET => 'profiles', undef, key => $x->env('WRITE_KEY'))->{status}, 401, 'a write key reads nothing';
my ($id) = $x->env('API_KEY') =~ /^cxdp_(\w{12})_/;
$x->sql("update api_key set scopes = 'events:write' where key_id = '$id'");
is $x->api(GET => "profiles/$p->{id}")->{status}, 403, 'a key without the scope is 403';
$x->sql("update api_key set revoked_at_us = 1 where key_id = '$id'");
is $x->api(POST => 'events', { email => 'a@b.example', event => 'X' })->{status}, 401, 'a revoked one is 401';
$x->sql("update api_key set scopes = (select 'profiles:read profiles:write'), revoked_at_us = null where key_id = '$id'");

# --- walls ---

my ($status, $said) = $x->operator(qw(company create --name Other --slug other --country RU --currency RUB --timezone Europe/Moscow
	--language ru --admin-email a@other.example --admin-password another-secret-1));
is $status, 0, 'a second company' or diag $said;
my ($theirs) = $said =~ /"api_key":"([^"]+)"/;
is $x->api(GET => "profiles/$p->{id}", undef, key => $theirs)->{status}, 404, 'our profile is nothing to them';
is $x->api(PATCH => "profiles/$p->{id}", { fields => { city => 'X' } }, key => $theirs)->{status}, 404, 'nor can they change it';
is $x->api(GET => 'profiles?email=anna@shop.example', undef, key => $theirs)->{status}, 404, 'nor find it';
is $x->api(POST => 'events', { profile => $p->{id}, event => 'X' }, key => $theirs)->{status}, 404, 'nor write to it';
is $x->api(POST => 'profiles', { email => 'anna@shop.example' }, key => $theirs)->{status}, 201, 'the same e-mail is another person there';

# --- versions ---

my $v = $x->api(POST => 'profiles', { external_id => 'v1', fields => { city => 'Минск' } })->{json}{data};
my $tag = $x->api(GET => "profiles/$v->{id}")->{headers}{etag};
like $tag, qr/^"\w+"$/, 'a profile has a version';
is $x->api(GET => "profiles/$v->{id}", undef, headers => { 'if-none-match' => $tag })->{status}, 304, 'which need not be sent again';
is $x->api(PATCH => "profiles/$v->{id}", { fields => { city => 'Брест' } }, headers => { 'if-match' => $tag })->{status}, 200, 'who knows it may change it';
my $late = $x->api(PATCH => "profiles/$v->{id}", { fields => { city => 'Лида' } }, headers => { 'if-match' => $tag });
is "$late->{status} $late->{json}{error}{code}", '412 changed', 'who is late may not';
is $x->api(GET => "profiles/$v->{id}")->{json}{data}{fields}{city}, 'Брест', 'and changes nothing';
for my $round (1 .. 5) { # six who saw the same, at once: one of them changes it
	my $seen = $x->api(GET => "profiles/$v->{id}")->{headers}{etag};
	pipe my $read, my $write or die;
	my @pids = map {
		my $n = $_;
		my $pid = fork // die;
		if (!$pid) {
			my $r = $x->api(PATCH => "profiles/$v->{id}", { fields => { city => "Город $round $n" } }, headers => { 'if-match' => $seen });
			syswrite $write, "$r->{status}\n";
			require POSIX;
			POSIX::_exit(0);
		}
		$pid;
	} 1 .. 6;
	waitpid $_, 0 for @pids;
	close $write;
	is join(' ', sort map { chomp; $_ } <$read>), '200 412 412 412 412 412', 'of those at once one';
}
is $x->api(DELETE => "profiles/$v->{id}", undef, headers => { 'if-match' => '*' })->{status}, 202, '* is any version';

done_testing;
