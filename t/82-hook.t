#!/usr/bin/env perl
# Sources of kind "system": what comes to their address is journaled, and their mapping makes events of it; what it cannot make waits and is
# applied once the mapping is mended.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Digest::SHA qw(hmac_sha256_hex hmac_sha256_base64);
use Encode qw(encode);
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Test::More;

my $x = Cxdp->up;
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my ($source) = $admin->post('/sources/new', { name => 'CRM', kind => 'system' })->{headers}{location} =~ m{(\d+)$};
my $address = sub { $admin->get("/sources/$source/hook")->{text} =~ m{>[^<]*?(/h/[0-9A-Za-z]{43})<} ? $1 : die 'no address' };
my $hook = $address->();

sub send_to ($path, $body, $type = 'application/json', %headers) {
	my $bytes = ref $body ? JSON::PP->new->canonical->utf8->encode($body) : $body;
	return $x->http($headers{method} // 'POST', $path, body => $bytes, headers => { 'content-type' => $type, %{ $headers{with} // {} } });
}
sub mapping ($script) { return $admin->post("/sources/$source/mapping", { script => $script }) }
sub profile ($kind, $value) {
	my $r = $x->api(GET => "profiles?$kind=$value");
	return $r->{status} == 200 ? $r->{json}{data} : undef;
}
sub events ($kind, $value, $type = '') {
	my $p = profile($kind, $value) or return [];
	return $x->api(GET => "profiles/$p->{id}/events?limit=200&type=$type")->{json}{data};
}
sub soon ($sub, $what) { return $x->wait_for($sub, 10, $what) }
sub letters ($state) { return scalar $x->sql("select 1 from dead_letter where source_id = $source and state = '$state'") }

# --- before there is a mapping nothing is lost ---

my $order = { id => 17, status => 'paid', total => 42.5, currency => 'BYN', customer => { id => 'c1', email => 'anna@shop.example', phone => '+375291234567', name => 'Анна' },
	items => [{ sku => 'a', name => 'Чай', price => 40, count => 1 }, { sku => 'b', name => 'Мёд', price => 2.5, count => 1 }] };
my $r = send_to($hook, $order);
is $r->{status}, 200, 'a system sends what it likes';
is_deeply $r->{json}, { success => JSON::PP::true }, 'and is told that it is taken';
ok soon(sub { letters('waiting') == 1 }, 'the letter'), 'without a mapping it waits';
like +($x->sql("select reason from dead_letter where source_id = $source"))[0][0], qr/no mapping yet/, 'and says why';
like $admin->get('/set-aside')->{text}, qr/У источника ещё нет сопоставления/, 'in words of the one who reads';

is mapping('return { event = ')->{status}, 422, 'what does not compile is not saved';
is mapping('return { event = body.nothing.at.all }')->{status}, 303, 'what compiles is';
send_to($hook, { other => 1 });
ok soon(sub { letters('waiting') == 2 }, 'another letter'), 'what a broken mapping is given waits, too';
like +($x->sql("select reason from dead_letter where source_id = $source order by letter_id desc limit 1"))[0][0], qr/line 1: .*nil/, 'with the line and what is wrong there';

my $script = <<'END';
if not body.id then return nil end
local products = {}
for i, item in ipairs(body.items or {}) do
  products[i] = { product_id = item.sku, price = item.price, quantity = item.count }
end
return {
  event = "Order Completed", externalId = body.customer.id, email = body.customer.email, phone = body.customer.phone,
  properties = { order_id = body.id, total = body.total, currency = body.currency, products = products, agent = headers["x-shop"] },
  traits = { first_name = body.customer.name }, timestamp = now,
}
END
is mapping($script)->{status}, 303, 'the mapping is mended';
$admin->post('/set-aside', { do => 'replay', source => $source });
ok soon(sub { letters('replayed') == 2 }, 'the replay'), 'and what waited is applied once more';
my $done = events(email => 'anna@shop.example', 'Order+Completed');
is scalar @$done, 1, 'the order is there';
is_deeply [@{ $done->[0]{properties} }{qw(order_id total currency)}, scalar @{ $done->[0]{properties}{products} }], [17, 42.5, 'BYN', 2], 'with what it says';
my $p = profile(external_id => 'c1');
is $p->{fields}{first_name}, 'Анна', 'the person has the traits beside it';
is $p->{id}, profile(phone => '%2B375291234567')->{id}, 'one person by id, e-mail and phone: the address is trusted like a server\'s key';

# --- a resend, and what is no event ---

send_to($hook, $order);
send_to($hook, { ping => 1 });
send_to($hook, { %$order, id => 18 });
ok soon(sub { @{ events(external_id => 'c1', 'Order+Completed') } == 2 }, 'the next order'), 'another order is another event';
is scalar @{ events(external_id => 'c1', 'Order+Completed') }, 2, 'the same body once more is none';
is letters('waiting'), 0, 'and nothing to do is no failure';
$x->kill9('engine-apply');
send_to($hook, { %$order, id => 19 });
ok soon(sub { @{ events(external_id => 'c1', 'Order+Completed') } == 3 }, 'after a kill'), 'what came while the engine was away is applied after it';

# --- forms, XML, queries ---

my $any = 'return { event = "Lead", email = body and (body.email or body.lead and body.lead.email["#text"]) or query.email, properties = { got = body or query } }';
mapping($any);
is send_to($hook, 'email=form%40shop.example&name=%D0%AF%D0%BD', 'application/x-www-form-urlencoded')->{status}, 200, 'a form';
is send_to($hook, encode('cp1251', '<?xml version="1.0" encoding="windows-1251"?><lead n="1"><email kind="w">xml@shop.example</email><tag>а</tag><tag>б</tag></lead>'), 'text/xml')->{status}, 200, 'XML of another encoding';
is $x->http(GET => "$hook?email=get%40shop.example&a=1")->{status}, 200, 'a query';
is send_to($hook, '{"email":"bare@shop.example"}', 'text/plain', method => 'PUT')->{status}, 200, 'JSON under another name, by PUT';
ok soon(sub { 4 == grep { @{ events(email => $_, 'Lead') } } map { "$_\@shop.example" } qw(form xml get bare) }, 'the leads'), 'all of them become events';
is events(email => 'form@shop.example', 'Lead')->[0]{properties}{got}{name}, 'Ян', 'a form has its fields';
is_deeply events(email => 'xml@shop.example', 'Lead')->[0]{properties}{got}, { lead => { '@n' => '1', email => { '@kind' => 'w', '#text' => 'xml@shop.example' }, tag => ['а', 'б'] } },
	'elements are maps, repeated ones lists, attributes have their sign';

# --- what is refused ---

my $refused = letters('refused');
for (['{"a":', 'application/json'], ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'text/xml'], ['<a><b></a>', 'application/xml'], ['[' x 40 . ']' x 40, 'application/json'], ['binary', 'image/png']) {
	is send_to($hook, @$_)->{status}, 400, "refused: $_->[0]";
}
is send_to($hook, 'x' x (1024 * 1024 + 1))->{status}, 413, 'over 1 MB';
is send_to($hook, '{"a":"' . ('"' x 0) . ('y' x 1_000_000) . '"}')->{status}, 200, 'but a large one is taken';
ok soon(sub { letters('refused') == $refused + 5 }, 'the refused'), 'the source is shown what was refused';
is send_to('/h/' . 'a' x 43, {})->{status}, 404, 'an address nobody has';
is send_to('/h/' . $x->env('WRITE_KEY'), {})->{status}, 404, 'a write key is no address';
is $x->v1(track => { userId => 'u', event => 'x', writeKey => substr($hook, 3) }, headers => { authorization => 'Basic ' . encode_base64(substr($hook, 3) . ':', '') })->{status}, 401, 'and an address no write key';

is $admin->post("/sources/$source/hook", { sign_how => 'hex', sign_header => 'X-Sign', sign_secret => 'short', headers => '', prefix => '' })->{status}, 422, 'a short secret';
is $admin->post("/sources/$source/hook", { sign_how => '', headers => 'authorization', prefix => '' })->{status}, 422, 'a mapping does not see the sender\'s secrets';
is $admin->post("/sources/$source/hook", { sign_how => 'hex', sign_header => 'X-Sign', sign_secret => 'our common secret', headers => 'X-Shop', prefix => '' })->{status}, 303, 'signatures are wanted';
mapping($script);
my $body = JSON::PP->new->utf8->encode({ %$order, id => 20 });
is send_to($hook, $body)->{status}, 401, 'without one';
is send_to($hook, $body, 'application/json', with => { 'x-sign' => hmac_sha256_hex($body, 'another') })->{status}, 401, 'with a wrong one';
is send_to($hook, $body, 'application/json', with => { 'x-sign' => 'sha256=' . hmac_sha256_hex($body, 'our common secret'), 'x-shop' => 'Минск' =~ s/.*/minsk/r })->{status}, 200, 'with the right one';
ok soon(sub { grep { ($_->{properties}{agent} // '') eq 'minsk' } @{ events(external_id => 'c1', 'Order+Completed') } }, 'the signed'), 'a named header is seen by the mapping';
is scalar $x->sql("select 1 from dead_letter where source_id = $source and code = 'signature'"), 2, 'the refused are shown';
$admin->post("/sources/$source/hook", { sign_how => 'base64', sign_header => 'X-Sign', headers => '', prefix => '' });
is send_to($hook, $body, 'application/json', with => { 'x-sign' => hmac_sha256_base64($body, 'our common secret') . '=' })->{status}, 200, 'base64 as well, the secret stays';

# --- limits of a mapping ---

$admin->post("/sources/$source/hook", { sign_how => '', headers => '', prefix => '' });
send_to($hook, { ping => $_ }) for 1 .. 8;
my $waiting = letters('waiting');
mapping('while true do end');
send_to($hook, { loop => 1 });
mapping('local t = {} for i = 1, 1001 do t[i] = { event = "x", email = "x@shop.example" } end return t');
ok soon(sub { letters('waiting') >= $waiting + 1 }, 'the loop'), 'one that never ends';
send_to($hook, { many => 1 });
ok soon(sub { letters('waiting') == $waiting + 2 }, 'too many'), 'one that makes too many';
mapping('return { { event = "Good", email = "good@shop.example" }, { type = "nonsense" } }');
send_to($hook, { half => 1 });
ok soon(sub { letters('waiting') == $waiting + 3 }, 'half'), 'one with a wrong event among good ones';
like +($x->sql("select reason from dead_letter where source_id = $source and state = 'waiting' order by letter_id desc limit 1"))[0][0], qr/event 2: type is/, 'says which';
ok !profile(email => 'good@shop.example'), 'and nothing of it is applied before it is mended';

# --- the console ---

my $try = sub (%form) { $admin->post("/sources/$source/mapping/try", { type => 'application/json', sample => '{}', query => '', script => '', %form }) };
my $before = ($x->sql('select count(*) from event'))[0][0];
like $try->(script => 'return { event = "Tried", email = body.email }', sample => '{"email":"t@shop.example"}')->{text}, qr/Tried/, 'a trial shows what would come of it';
like $try->(script => "\n\nreturn body.a.b")->{text}, qr/data-lint-line="3"/, 'what is wrong stands under its line';
like $try->(script => 'return { event = "x", identities = { card = 1, email = "a@shop.example" } }')->{text}, qr/external_id, email, phone/, 'a kind of identifiers nobody knows is said';
like $try->(script => 'return { event = "x", identities = { { kind = "phone", value = "+375291112233" } } }')->{text}, qr/messageId/, 'those that are known name somebody';
like $try->(start => 'payment')->{text}, qr/Payment Received/, 'there are texts to begin with';
like $try->(version => 1)->{text}, qr/body\.nothing\.at\.all/, 'an earlier version comes back';
my ($recent) = $admin->get("/sources/$source/mapping")->{text} =~ /name="use" value="(\d+)"/;
like $try->(use => $recent)->{text}, qr/half/, 'one of the last requests is taken as the sample';
is +($x->sql("select count(*) from hook_recent where source_id = $source"))[0][0], 20, 'twenty are kept';
is +($x->sql('select count(*) from event'))[0][0], $before, 'trying stores nothing';
is scalar @{[ $admin->get("/sources/$source/mapping")->{text} =~ /name="start"/g ]}, 4, 'four to choose from';
for my $start (qw(order lead call payment)) {
	my ($script) = $try->(start => $start)->{text} =~ m{<textarea id="script"[^>]*>(.*?)</textarea>}s;
	$script =~ s/&#(\d+);/chr $1/ge;
	$script =~ s/&quot;/"/g;
	$script =~ s/&gt;/>/g;
	$script =~ s/&lt;/</g;
	$script =~ s/&amp;/&/g;
	my %sample = (order => $order, lead => { email => 'a@shop.example', agree => 'on', name => 'Ян' }, call => { call_id => 'c', from => '+375291112233', result => 'answered' },
		payment => { payment_id => 5, status => 'succeeded', amount => 4200, email => 'a@shop.example' });
	my $said = $try->(script => $script, sample => JSON::PP->new->utf8(0)->encode($sample{$start}))->{text};
	like $said, qr/messageId/, "the one of $start works" or diag $said =~ m{id="tried">(.*?)</section>}s;
}

my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/hook.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'), $source);
is $status, 0, 'the console in a browser' or diag $said;
note $said;

# --- a person is erased; another address ---

mapping($script);
send_to($hook, { %$order, id => 21 });
ok soon(sub { @{ events(external_id => 'c1') } }, 'one more'), 'a person whose requests are among the last';
$x->api(DELETE => 'profiles/' . profile(external_id => 'c1')->{id});
ok soon(sub { !$x->sql("select 1 from hook_recent where instr(request, 'anna\@shop.example') > 0") }, 'the erasing'), 'is erased there, too';

is $admin->post("/sources/$source/hook", { do => 'renew' })->{status}, 303, 'the address is made anew';
is send_to($hook, {})->{status}, 404, 'the old one is nobody\'s';
$hook = $address->();
is send_to($hook, {})->{status}, 200, 'the new one works';
unlike join('', map { $_->[0] } $x->sql('select hook_key from hook')), qr/\Q${\ substr $hook, 3}\E/, 'it is sealed in the store';
$admin->post("/sources/$source/state", { state => 'disabled' });
is send_to($hook, {})->{status}, 404, 'a source that is off takes nothing';

done_testing;
