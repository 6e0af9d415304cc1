#!/usr/bin/env perl
# TRACKING section 11 as a test: published SDKs of Segment, RudderStack and Jitsu, in node and in a browser, unmodified; what python's
# sends, by hand; and what becomes of the twenty cases.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Compress::Zlib ();
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
sub soon ($sub, $what) { return $x->wait_for($sub, 15, $what) }

my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/sdk-all.mjs", $x->url, $key);
is $status, 0, 'the SDKs are content' or diag $said;
for (['rudder-node', 'rudder@shop.example', 25], ['jitsu-node', 'jitsu@shop.example', 1], ['ajs-user', 'ajs@shop.example', 1],
	['rudder-web', 'rudderweb@shop.example', 1], ['jitsu-web', 'jitsuweb@shop.example', 1]) {
	my ($id, $mail, $n) = @$_;
	ok soon(sub { @{ events(external_id => $id, 'Order+Completed') } == $n }, $id), "$id: its orders are there, once each";
	is((profile(external_id => $id) // {})->{email}, $mail, 'with the person');
}
is events(external_id => 'ajs-user', 'Order+Completed')->[0]{properties}{device}, 'bot', 'a browser without a head is told from a person'
	if @{ events(external_id => 'ajs-user') };

# the twenty, in their order
my $basic = sub ($value, %h) { $x->v1(track => $value, headers => \%h) };
is $x->http(POST => '/v1/track', body => qq({"userId":"py","event":"One","messageId":"1","writeKey":"$key"}))->{status}, 200, '1 python, the key in the body';
is $x->http(POST => '/v1/batch', headers => { 'content-encoding' => 'gzip' }, body => Compress::Zlib::memGzip(qq({"writeKey":"$key","sentAt":"2026-11-25T00:00:00Z","batch":[{"type":"track","userId":"py","event":"Two","messageId":"2"}]})))->{status},
	200, '2 python, gzip';
is $x->v1(batch => { batch => [{ type => 'track', userId => 'n', event => 'Three', messageId => '3' }] })->{status}, 200, '3 node, Basic';
my $o = $x->http(OPTIONS => '/v1/t', headers => { origin => 'https://a.example', 'access-control-request-headers' => 'authorization' });
like $o->{headers}{'access-control-allow-headers'}, qr/authorization.*, \*/, '4 the preflight of all three';
is $x->http(POST => '/v1/t', headers => { 'content-type' => 'text/plain' }, body => qq({"userId":"n","event":"Five","messageId":"5","writeKey":"$key"}))->{status}, 200, '4, 5 text/plain to one letter';
is $x->v1(batch => { batch => [{ type => 'track', userId => 'n', event => 'Six', messageId => '6' }, { type => 'track' }] })->{status}, 200, '6 one bad of two';
is $x->v1(batch => { batch => [map { { type => 'track', userId => 'n', event => 'E' } } 1 .. 2501] })->{status}, 400, '7 2501 calls';
is $basic->({ userId => 'n', event => 'E', properties => { a => 'x' x 33000 } })->{status}, 400, '8 33 KB';
is $x->v1('batch', undef, raw => ' ' x (500 * 1024 + 1))->{status}, 400, '9 500 KB and a byte';
$basic->({ userId => 'n', event => 'Ten', messageId => '10' }) for 1, 2;
$basic->({ userId => 11, event => 'Eleven', messageId => '11' });
$x->v1(identify => { userId => 'n', traits => { nick => 'a' }, messageId => '12a' });
$x->v1(identify => { userId => 'n', traits => { nick => undef }, messageId => '12b' });
$x->v1(alias => { userId => 'n', previousId => 'before', messageId => '13a' });
$basic->({ anonymousId => 'before', event => 'Thirteen', messageId => '13' });
$basic->({ userId => 'n', event => 'Fourteen', messageId => '14', timestamp => '2026-11-01T10:00:00Z', sentAt => '2026-11-01T10:00:05Z' });
is $x->http(GET => '/v1/pixel/track?data=%%%')->{headers}{'content-type'}, 'image/gif', '15 the pixel';
is $x->v1('batch', undef, raw => Compress::Zlib::memGzip(' ' x (40 * 1024 * 1024)), headers => { 'content-encoding' => 'gzip' })->{status}, 400, '17 a bomb of gzip';
is $x->v1('track', undef, raw => '{"userId":"n","event":"e","properties":' . '{"a":' x 300 . '1' . '}' x 300 . '}')->{status}, 400, '18 300 levels';
is $x->v1('track', undef, raw => qq({"userId":"n","event":"$_"}))->{status}, 400, sprintf '19 what is no text: %vd', $_ for "\xff", '\u0000', '\ud800';
$x->v1(batch => { context => { page => { url => 'https://a.example/' } }, batch => [{ type => 'page', userId => 'n', messageId => '20' }] });
$basic->({ userId => 'n', event => 'Last', messageId => '21' });
ok soon(sub { @{ events(external_id => 'n', 'Last') } }, 'the last'), 'all that was taken is applied';
is scalar @{ events(external_id => $_->[0], $_->[1]) }, 1, "once: $_->[1]" for ['py', 'One'], ['py', 'Two'], ['n', 'Three'], ['n', 'Five'], ['n', 'Six'], ['n', 'Ten'], ['11', 'Eleven'], ['n', 'Thirteen'];
ok !exists profile(external_id => 'n')->{fields}{nick}, '12 a null clears';
isnt substr(events(external_id => 'n', 'Fourteen')->[0]{at}, 0, 10), '2026-11-01', '14 a clock that is late is corrected';
is events(external_id => 'n', 'page')->[0]{properties}{url}, 'https://a.example/', "20 the batch's context";

# 16: a door that cannot write says 503, and the same again is counted once
$x->kill9('mysql');
my $call = { userId => 'away', event => 'Sixteen', messageId => '16' };
my $first = $basic->($call)->{status};
ok $first == 200 || $first == 503, "16 with the store away the answer is yes or later: $first";
ok soon(sub { $basic->($call)->{status} == 200 }, 'the store'), 'and yes in the end';
ok $x->wait_for(sub { eval { @{ events(external_id => 'away', 'Sixteen') } == 1 } }, 30, 'sixteen'), 'once';
done_testing;
