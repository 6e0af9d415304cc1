#!/usr/bin/env perl
# What SDKs send, through nginx and the journal into profiles and events: TRACKING, section 11, and hostile input.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Compress::Zlib ();
use Encode qw(encode);
use MIME::Base64 qw(encode_base64url);
use Test::More;

my $x = Cxdp->up;
my $key = $x->env('WRITE_KEY');

sub profile ($kind, $value) {
	my $r = $x->api(GET => "profiles?$kind=$value");
	return $r->{status} == 200 ? $r->{json}{data} : undef;
}

sub events ($kind, $value, $type = '') {
	my $p = profile($kind, $value) or return [];
	return $x->api(GET => "profiles/$p->{id}/events?limit=200&type=$type")->{json}{data};
}

sub soon ($sub, $what) { return $x->wait_for($sub, 10, $what) }

# --- the calls ---

my $r = $x->http(POST => '/v1/track', body => qq({"userId":"py1","event":"Signed Up","messageId":"py-1","writeKey":"$key"}));
is $r->{status}, 200, 'a call with the key in its body is taken, and with exactly 200';
is_deeply $r->{json}, { success => JSON::PP::true }, 'and answered as SDKs expect';
ok soon(sub { @{ events(external_id => 'py1', 'Signed+Up') } == 1 }, 'py1'), 'it becomes a profile with its event';

my $gz = Compress::Zlib::memGzip(qq({"batch":[{"type":"track","userId":"gz1","event":"Zipped","messageId":"gz-1"}]}));
is $x->v1('batch', undef, raw => $gz, headers => { 'content-encoding' => 'gzip' })->{status}, 200, 'a gzipped batch is taken';
ok soon(sub { @{ events(external_id => 'gz1') } }, 'gz1'), 'and its event arrives';

$r = $x->http(OPTIONS => '/v1/t', headers => { origin => 'https://shop.example', 'access-control-request-method' => 'POST' });
like $r->{headers}{'access-control-allow-headers'}, qr/authorization/, 'a browser may send Authorization from another origin';
$r = $x->http(POST => '/v1/t', headers => { 'content-type' => 'text/plain', origin => 'https://shop.example' },
	body => qq({"anonymousId":"ajs1","event":"Clicked","messageId":"ajs-1","writeKey":"$key"}));
is $r->{status}, 200, 'one-letter names and text/plain are taken';
is $r->{headers}{'access-control-allow-origin'}, '*', 'and readable from any origin';

$r = $x->v1(batch => { sentAt => '2026-01-01T00:00:00Z', context => { timezone => 'Europe/Minsk', page => { url => 'https://a.example/' } },
	batch => [
		{ type => 'identify', userId => 'b1', messageId => 'b-1', traits => { email => 'B1@Shop.Example', first_name => 'Ян' } },
		{ type => 'track', userId => 'b1', messageId => 'b-2' },
		{ type => 'page', userId => 'b1', messageId => 'b-3', name => 'Home' } ] });
is $r->{status}, 200, 'a batch with one bad call is taken';
ok soon(sub { my $p = profile(email => 'b1@shop.example'); $p && @{ events(external_id => 'b1', 'page') } }, 'b1'), 'the good ones are stored';
is profile(external_id => 'b1')->{fields}{timezone}, 'Europe/Minsk', 'the context of the batch holds for its calls';
is events(external_id => 'b1', 'page')->[0]{properties}{url}, 'https://a.example/', 'also what it says of the page';
my ($bad) = $x->sql("select code, reason from dead_letter where payload like '%b-2%'");
is $bad->[0], 'event', 'the bad one is shown with the field it lacks';

# the record of a call is deeper than the call: what was taken must be readable again
my ($taken, $deep) = (0, '1');
for my $n (1 .. 33) {
	$deep = qq({"a":$deep});
	$taken++ if $x->v1('track', undef, raw => qq({"userId":"deep","event":"Deep","messageId":"deep-$n","x":$deep}))->{status} == 200;
}
cmp_ok $taken, '>', 20, 'some nesting is taken';
ok soon(sub { @{ events(external_id => 'deep', 'Deep') } == $taken }, 'deep'), 'and all that was taken arrives';

# what is refused is told in its own words, cut anywhere: the record it stands in must stay whole
is $x->v1(batch => { batch => [map({ { type => ('x' x $_) . '🏳️‍🌈' x 20, userId => 'cut' } } 0 .. 3),
	{ type => 'track', userId => 'cut', event => 'Whole', context => { consent => { ('x' . 'Щ' x 40) => \1 } } },
	{ type => 'track', userId => 'cut', event => 'Whole', messageId => 'cut-1' }] })->{status}, 200, 'hostile calls beside a good one';
ok soon(sub { @{ events(external_id => 'cut', 'Whole') } == 1 }, 'cut'), 'the good one arrives';
is(($x->sql("select count(*) from dead_letter where code = 'set_aside'"))[0][0], 0, 'and no record is unreadable');
is(($x->sql("select count(*) from dead_letter where payload like '%cut%' and code in ('type', 'consent')"))[0][0], 5, 'the others are shown');

for (1 .. 3) { $x->v1(track => { userId => 'd1', event => 'Paid', messageId => 'd-1' }) }
for (1 .. 2) { $x->v1(track => { userId => 'd1', event => 'Paid', messageId => 'd-2', timestamp => '2026-11-01T10:00:00Z' }) }
$x->v1(track => { userId => 'd1', event => 'Paid', messageId => 'd-3', timestamp => '2026-11-01T10:00:00Z' });
ok soon(sub { @{ events(external_id => 'd1', 'Paid') } >= 3 }, 'd1'), 'another messageId at the same instant is no repeat';
is scalar @{ events(external_id => 'd1', 'Paid') }, 3, 'a repeated messageId is one event, with and without a timestamp';

for (1 .. 2) { is $x->v1(track => { userId => 'd2', event => 'Paid', messageId => 42 })->{status}, 200, 'a numeric messageId is taken' }
ok soon(sub { @{ events(external_id => 'd2', 'Paid') } }, 'd2'), 'and is its digits';
$x->v1(track => { userId => 'd2', event => 'Paid', messageId => '42' });
$x->v1(batch => { batch => [
	{ type => 'track', userId => 'd2', event => 'Tomorrow', messageId => 'd2-1', timestamp => '2100-01-01T00:00:00Z' },
	{ type => 'track', userId => 'd2', event => 'Now', messageId => 'd2-2' } ] });
ok soon(sub { @{ events(external_id => 'd2', 'Now') } }, 'd2'), 'events of a clock that is ahead, and of one that is not';
my @d2 = @{ events(external_id => 'd2') };
is scalar(grep { $_->{name} eq 'Paid' } @d2), 1, 'once';
is_deeply [map { $_->{at} } @d2], [sort { $b cmp $a } map { $_->{at} } @d2], 'newest first, by the corrected time';

$x->v1(identify => { userId => 4711, traits => { nick => 'x', city => 'Минск' }, messageId => 'n-1' });
ok soon(sub { profile(external_id => '4711') }, '4711'), 'a numeric userId is its digits';
$x->v1(identify => { userId => '4711', traits => { nick => undef }, messageId => 'n-2' });
ok soon(sub { !exists profile(external_id => '4711')->{fields}{nick} }, 'nick'), 'an explicit null clears a field';
is profile(external_id => '4711')->{fields}{city}, 'Минск', 'and absence keeps it';

# --- who is who ---

$x->v1(page => { anonymousId => 'dev1', messageId => 'w-1', properties => { url => 'https://a.example/1' } });
$x->v1(track => { anonymousId => 'dev1', event => 'Looked', messageId => 'w-2', timestamp => '2026-11-20T10:00:00Z' });
ok soon(sub { @{ events(anonymous_id => 'dev1') } >= 2 }, 'dev1'), 'an anonymous visitor has a history';
$x->v1(identify => { userId => 'w1', traits => { email => 'w1@shop.example' }, messageId => 'w-3' });
ok soon(sub { profile(external_id => 'w1') }, 'w1'), 'and a known person elsewhere';
$x->v1(identify => { userId => 'w1', anonymousId => 'dev1', messageId => 'w-4' });
ok soon(sub { my $a = profile(anonymous_id => 'dev1'); $a && ($a->{external_id} // '') eq 'w1' }, 'the join'), 'identified on the device, both are one';
is scalar @{ events(external_id => 'w1', 'Looked') }, 1, 'the anonymous history has joined';
my $old = profile(external_id => 'w1')->{merged}[0];
is $x->api(GET => "profiles/$old")->{json}{data}{external_id}, 'w1', 'the old id goes on answering';
$x->v1(track => { anonymousId => 'dev1', event => 'Looked', messageId => 'w-2', timestamp => '2026-11-20T10:00:00Z' });
$x->v1(page => { anonymousId => 'dev1', messageId => 'w-1', properties => { url => 'https://a.example/1' } });
$x->v1(track => { anonymousId => 'dev1', event => 'After', messageId => 'w-5' });
ok soon(sub { @{ events(external_id => 'w1', 'After') } }, 'After'), 'the device goes on under the person';
is scalar @{ events(external_id => 'w1', 'Looked') }, 1, 'a repeat across the merge is still one event';
is scalar @{ events(external_id => 'w1', 'page') }, 1, 'also one without a timestamp';

$x->v1(identify => { userId => 'w2', traits => { email => 'w2@shop.example' }, messageId => 'v-1' });
$x->v1(identify => { userId => 'w2', anonymousId => 'dev1', messageId => 'v-2' });
ok soon(sub { @{ events(external_id => 'w2', 'identify') } == 2 }, 'w2'), 'a second person on the same device';
isnt profile(external_id => 'w2')->{id}, profile(external_id => 'w1')->{id}, 'two known persons are never joined by it';

$x->v1(alias => { userId => 'w1', previousId => 'old-9', messageId => 'a-1' });
$x->v1(track => { anonymousId => 'old-9', event => 'Aliased', messageId => 'a-2' });
ok soon(sub { @{ events(external_id => 'w1', 'Aliased') } }, 'alias'), 'an alias leads to the person';

# --- time ---

$x->v1(track => { userId => 't1', event => 'Skewed', messageId => 't-1', originalTimestamp => '2020-01-01T00:00:00Z', sentAt => '2020-01-01T00:00:10Z' });
$x->v1(track => { userId => 't1', event => 'Ahead', messageId => 't-2', timestamp => '2199-01-01T00:00:00Z' });
ok soon(sub { @{ events(external_id => 't1') } >= 2 }, 't1'), 'events of clocks that are wrong arrive';
my %at = map { $_->{type} => $_ } @{ events(external_id => 't1') };
like $at{Skewed}{at}, qr/^${\substr $at{Skewed}{received_at}, 0, 10}/, 'a skewed clock is corrected by when it sent';
is $at{Ahead}{at}, $at{Ahead}{received_at}, 'a time far ahead is clipped to now';

# --- the pixel ---

for my $path ("/p.gif?writeKey=$key&anonymousId=px1&event=Seen&properties.subject=Hello",
	'/v1/pixel/track?data=' . encode_base64url(qq({"writeKey":"$key","userId":"px2","event":"Opened"}))) {
	my $got = $x->http(GET => $path);
	is "$got->{status} $got->{headers}{'content-type'}", '200 image/gif', 'the pixel answers with its GIF';
}
for my $path ('/v1/pixel/track?data=%%%', "/p.gif?writeKey=$key&userId=%FF%00", '/v1/pixel/nothing') {
	my $got = $x->http(GET => $path);
	is "$got->{status} $got->{headers}{'content-type'}", '200 image/gif', "even to rubbish: $path";
}
ok soon(sub { @{ events(anonymous_id => 'px1', 'Seen') } && @{ events(external_id => 'px2') } }, 'px'), 'and what it saw is stored';
is events(anonymous_id => 'px1', 'Seen')->[0]{properties}{subject}, 'Hello', 'with its properties';

# --- what is refused, clearly ---

my %many = map { ("k$_" => 1) } 1 .. 2501;
for my $case (
	['broken JSON', '{"event":', 400, qr/JSON/],
	['bad UTF-8', qq({"userId":"u","event":"\xff\xfe"}), 400, qr/JSON|UTF-8/],
	['half a surrogate', '{"userId":"u","event":"\ud800"}', 400, qr/JSON/],
	['a NUL', '{"userId":"u","event":"a\u0000b"}', 400, qr/JSON/],
	['a key twice', '{"userId":"u","userId":"v","event":"e"}', 400, qr/duplicate/],
	['1000 levels', '{"userId":"u","event":"e","properties":' . '{"a":' x 1000 . '1' . '}' x 1000 . '}', 400, qr/nested/],
	['no one', '{"event":"e"}', 400, qr/userId/],
	['a person called null', '{"userId":"null","event":"e"}', 400, qr/userId/],
	['33 KB', '{"userId":"u","event":"e","properties":{"a":"' . 'x' x 33000 . '"}}', 400, qr/larger/],
	['a list', '[1]', 400, qr/object/],
	['nothing', '', 400, qr/empty/],
	['a bad time', '{"userId":"u","event":"e","timestamp":"yesterday"}', 400, qr/time/]) {
	my ($what, $body, $status, $why) = @$case;
	my $got = $x->v1('track', undef, raw => $body);
	is $got->{status}, $status, "$what is refused with $status";
	like $got->{json}{message}, $why, "and the answer says why: " . ($got->{json}{message} // '');
}
is $x->v1(batch => { batch => [ map { { type => 'track', userId => 'q', event => 'e' } } 1 .. 2501 ] })->{status}, 400, '2501 calls in a batch are too many';
is $x->v1(batch => { batch => [] })->{status}, 400, 'an empty batch is none';
is $x->v1('batch', undef, raw => ' ' x (500 * 1024 + 1))->{status}, 400, '500 KB and a byte are too large';
$r = $x->v1('batch', undef, raw => 'x' x (10 * 1024 * 1024));
is $r->{status}, 413, '10 MB do not come past nginx';
like $r->{json}{code} // '', qr/too_large/, 'which says so in JSON';
my $bomb = Compress::Zlib::memGzip(' ' x (40 * 1024 * 1024));
is $x->v1('batch', undef, raw => $bomb, headers => { 'content-encoding' => 'gzip' })->{status}, 400, 'a gzip bomb is refused';
for my $why ('2501 calls', 'inflates') {
	ok soon(sub { ($x->sql("select count(*) from dead_letter where reason like '%$why%'"))[0][0] }, $why), "and its source sees it: $why";
}
is $x->v1('track', undef, raw => 'nonsense', headers => { 'content-encoding' => 'gzip' })->{status}, 400, 'and what is no gzip';
is $x->v1(track => { userId => 'u', event => 'e' }, key => 'x' x 32)->{status}, 401, 'a wrong key is 401';
is $x->http(POST => '/v1/track', body => '{"userId":"u","event":"e"}')->{status}, 401, 'and none at all';
is $x->v1(nothing => {})->{status}, 404, 'an unknown call is 404';
is $x->v1(track => { userId => 'alive', event => 'Still Here' })->{status}, 200, 'after all that the door answers';
ok soon(sub { @{ events(external_id => 'alive') } }, 'alive'), 'and nothing beside it was lost';
is scalar $x->sql('select 1 from event e join event_type t using (company_id, type_id) where t.name = "e"'), 0, 'nothing refused became an event';

done_testing;
