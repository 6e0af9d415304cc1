#!/usr/bin/env perl
# A source's rules at the door, set on its pages: origins, own addresses, masks, guarded fields, signed identities, the tracking plan with
# its quarantine; and what is put beside events: places, browsers, where from, visits, interests.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use JSON::PP ();
use Test::More;

my $x = Cxdp->up;
my $key = $x->env('WRITE_KEY');
my ($source) = map { $_->[0] } $x->sql("select source_id from source where write_key = '$key'");
my $chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
my $phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
my $robot = 'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)';

my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));

# rules(CHANGE): what the form of the rules says, changed.
sub rules (%change) {
	my %form = (consent => 'full', ip => 'full', identity => 'open', mask => 'token email phone password', mask_values => 1,
		origins => '', exclude => '', protected => '', %change);
	delete $form{$_} for grep { !defined $form{$_} } keys %form;
	my $r = $admin->post("/sources/$source/rules", \%form);
	sleep 6 if $r->{status} == 303; # the door asks again after five seconds
	return $r;
}

sub send_call ($call, $value, %headers) {
	return $x->v1($call => $value, headers => { origin => 'https://shop.example', 'user-agent' => $chrome, %headers });
}
sub profile ($kind, $value) {
	my $r = $x->api(GET => "profiles?$kind=$value");
	return $r->{status} == 200 ? $r->{json}{data} : undef;
}
sub events ($kind, $value, $type = '') {
	my $p = profile($kind, $value) or return [];
	return $x->api(GET => "profiles/$p->{id}/events?limit=200&type=$type")->{json}{data};
}
sub soon ($sub, $what) { return $x->wait_for($sub, 10, $what) }

# --- what stands beside events ---

my $page = { url => 'https://shop.example/shoes/red?utm_source=ya&utm_medium=cpc&token=zz&email=anna@shop.by', path => '/shoes/red',
	title => 'Туфли для anna@shop.by, карта 4111 1111 1111 1111', referrer => 'https://yandex.by/search?text=x' };
send_call(batch => { batch => [
	{ type => 'track', anonymousId => 'v1', event => 'Session Started', messageId => 'e-1', context => { page => $page, locale => 'ru-BY',
		timezone => 'Europe/Minsk', screen => { width => 1920, height => 1080 }, campaign => { source => 'ya', medium => 'cpc', name => 'sale' }, session => { id => 's1', number => 3, start => \1 } } },
	{ type => 'page', anonymousId => 'v1', messageId => 'e-2', context => { page => $page, userAgent => $phone, session => { id => 's1', number => 3 } } } ] });
ok soon(sub { @{ events(anonymous_id => 'v1', 'page') } }, 'v1'), 'a visit arrives';
my $view = events(anonymous_id => 'v1', 'page')->[0]{properties};
is_deeply [@$view{qw(device browser os referrer_class session_id session_number)}], ['mobile', 'Mobile Safari', 'iOS', 'search', 's1', 3],
	'a view says by what, from where and in which visit';
is $view->{url}, 'https://shop.example/shoes/red?utm_source=ya&utm_medium=cpc&token=*&email=*', 'parameters that tell are masked';
is $view->{title}, 'Туфли для *, карта *', 'and what looks like an e-mail or a card';
my $start = events(anonymous_id => 'v1', 'Session+Started')->[0]{properties};
is_deeply [@$start{qw(device browser os referrer_class utm_source session_start language timezone screen)}],
	['desktop', 'Chrome', 'Windows', 'ad', 'ya', JSON::PP::true, 'ru', 'Europe/Minsk', '1920x1080'],
	'the beginning of a visit says it, too';
my $f = profile(anonymous_id => 'v1')->{fields};
is_deeply [@$f{qw(first_touch_source last_touch_campaign first_touch_class language timezone)}], [qw(ya sale ad ru Europe/Minsk)], 'the profile knows the first and the last touch, language and zone';
send_call(track => { anonymousId => 'v1', event => 'Session Started', messageId => 'e-3', context => { page => { url => 'https://shop.example/', referrer => '' }, session => { id => 's2', number => 4, start => \1 } } });
send_call(track => { anonymousId => 'v1', event => 'Session Started', messageId => 'e-4', timestamp => '2026-01-01T00:00:00Z',
	context => { page => { url => 'https://shop.example/', referrer => 'https://vk.com/' }, session => { id => 's0', number => 1, start => \1 } } });
ok soon(sub { @{ events(anonymous_id => 'v1', 'Session+Started') } == 3 }, 'more visits'), 'a direct visit, and an older one that comes late';
$f = profile(anonymous_id => 'v1')->{fields};
is_deeply [@$f{qw(first_touch_class last_touch_class last_touch_source)}], [qw(social ad ya)], 'the earliest is the first, and a direct one does not hide the last';
ok !exists $f->{first_touch_source}, 'what the first does not say is not taken from another';

$x->api(PATCH => 'profiles/' . profile(anonymous_id => 'v1')->{id}, { fields => { language => 'be' } });
send_call(track => { anonymousId => 'v1', event => 'Session Started', messageId => 'e-5', context => { locale => 'en-US', session => { id => 's5', number => 5, start => \1 } } });
ok soon(sub { @{ events(anonymous_id => 'v1', 'Session+Started') } == 4 }, 'one more'), 'another visit';
is profile(anonymous_id => 'v1')->{fields}{language}, 'be', 'what somebody said is better known than what a device says';

ok soon(sub { (profile(anonymous_id => 'v1')->{fields}{interests}[0] // '') eq 'shoes' }, 'interests'), 'what is looked at becomes an interest, and a field';
send_call(track => { anonymousId => 'v1', event => 'Product Viewed', messageId => 'e-6', properties => { category => 'Сумки' } });
ok soon(sub { @{ profile(anonymous_id => 'v1')->{fields}{interests} // [] } == 2 }, 'interests'), 'a category of goods as well';
is_deeply [map { $_->{topic} } @{ $x->api(GET => 'profiles/' . profile(anonymous_id => 'v1')->{id})->{json}{data}{interests} }], ['сумки', 'shoes'], 'the API tells them, heaviest first';
is scalar $x->sql("select 1 from interest where topic = 'shoes' and weight > 1"), 1, 'a repeat adds nothing' if send_call(page => { anonymousId => 'v1', messageId => 'e-2', context => { page => $page } });

send_call(page => { anonymousId => 'bot1', messageId => 'b-1', context => { page => $page } }, 'user-agent' => $robot);
ok soon(sub { @{ events(anonymous_id => 'bot1') } }, 'bot1'), 'a robot is kept';
is events(anonymous_id => 'bot1', 'page')->[0]{properties}{bot}, JSON::PP::true, 'and marked';
ok !defined profile(anonymous_id => 'bot1')->{last_seen_at}, 'nobody was seen';

# a server: neither its address nor its program are a visitor's
$x->v1(track => { userId => 'srv1', event => 'Paid', messageId => 'srv-1' }, headers => { 'user-agent' => 'node' });
ok soon(sub { @{ events(external_id => 'srv1') } }, 'srv1'), 'a call of a server arrives';
is_deeply events(external_id => 'srv1', 'Paid')->[0]{properties}, {}, 'with nothing beside it';

# --- the door ---

my $r = rules(origins => 'shop.example');
is $r->{status}, 422, 'an origin without its scheme is refused on the page';
like $r->{text}, qr/Сайт пишется как/, 'with a sentence in its language';
like rules(exclude => 'office')->{text}, qr/«office» — не адрес и не сеть/, 'an own address that is none, too';
is rules(origins => "https://shop.example\nhttps://*.shop.by", exclude => '203.0.113.0/24', protected => 'phone loyalty_card')->{status}, 303, 'rules are saved';
is send_call(track => { anonymousId => 'o1', event => 'Here' })->{status}, 200, 'a page of the list may send';
is send_call(track => { anonymousId => 'o1', event => 'Here' }, origin => 'https://m.shop.by')->{status}, 200, 'also one below a star';
for my $origin ('https://evil.example', 'https://shop.by', 'https://evilshop.by', 'http://shop.example', 'null') {
	my $r = send_call(track => { anonymousId => 'o2', event => 'There' }, origin => $origin);
	is $r->{status}, 403, "one of $origin may not";
	like $r->{json}{message}, qr/takes nothing from/, 'and is told so';
}
is $x->v1(track => { userId => 'srv1', event => 'Paid' })->{status}, 200, 'a server has no origin';
ok soon(sub { ($x->sql("select count(*) from dead_letter where code = 'origin'"))[0][0] == 5 }, 'refusals'), 'the refused are shown';
send_call(identify => { userId => 'p1', messageId => 'p-1', traits => { firstName => 'Ян', Phone => '+375291234567', loyalty_card => 7 } });
ok soon(sub { profile(external_id => 'p1') }, 'p1'), 'a person named under the write key';
is_deeply [@{ profile(external_id => 'p1')->{fields} }{qw(first_name phone loyalty_card)}], ['Ян', undef, undef], 'without the fields that are protected';

is rules(exclude => '127.0.0.0/8')->{status}, 303, 'the office is left out';
is send_call(track => { anonymousId => 'office', event => 'Internal' })->{status}, 200, 'its calls are answered as always';
ok soon(sub { ($x->sql("select sum(excluded) from source_count where source_id = $source"))[0][0] }, 'the count'), 'counted';
ok !profile(anonymous_id => 'office'), 'and nobody comes of them';
rules(exclude => '127.0.0.1', exclude_flags => 1, ip => 'none');
send_call(track => { anonymousId => 'office', event => 'Internal', messageId => 'of-1' });
ok soon(sub { profile(anonymous_id => 'office') }, 'office'), 'or taken';
is events(anonymous_id => 'office', 'Internal')->[0]{properties}{internal}, JSON::PP::true, 'with a mark';

# --- where a visitor is from: the network only, and the whole address nowhere, neither on the disk nor in the store ---

rules(ip => 'truncated');
my $from = '127.0.0.77';
my $near = HTTP::Tiny->new(local_address => $from);
is $near->get($x->url($_))->{status}, 200, "a visitor asks for $_" for '/cxdp.js', "/p.gif?writeKey=$key&anonymousId=near&event=Image";
my $body = JSON::PP::encode_json({ writeKey => $key, batch => [{ type => 'page', anonymousId => 'near', messageId => 'near-1', context => { page => $page, locale => 'be' } }] });
is $near->post($x->url('/v1/batch'), { headers => { origin => 'https://shop.example', 'user-agent' => $chrome }, content => $body })->{status}, 200, 'and sends';
ok soon(sub { @{ events(anonymous_id => 'near', 'page') } && @{ events(anonymous_id => 'near', 'Image') } }, 'near'), 'what they send is there';
my $holds = sub ($text, $where) { scalar split /\n/, (Cxdp::run('grep', '-rlaF', $text, $x->dir . $where))[1] };
cmp_ok $holds->('"ip":"127.0.0.0"', '/journal'), '>', 0, 'the journal has the network';
cmp_ok $holds->('127.0.0.0 ', '/log/nginx'), '>', 0, 'and so has the log';
is $holds->($from, ''), 0, 'nothing has the address';

# --- who says who somebody is ---

is rules(identity => 'signed')->{status}, 422, 'signed identities want a secret';
my $made = $admin->post("/sources/$source/secret", { do => 'make' });
my ($secret) = $made->{text} =~ /id="snip-secret"[^>]*>([^<]+)</;
ok $secret, 'a secret is made and shown once';
unlike $admin->get("/sources/$source/rules")->{text}, qr/\Q$secret/, 'and not again';
is scalar(grep { $_->[0] =~ /\Q$secret/ } $x->sql('select secret from source_rules')), 0, 'it is stored sealed';
is rules(identity => 'signed')->{status}, 303, 'then they can be asked for';
my $sign = sub ($user) { hmac_sha256_hex($user, $secret) };
is send_call(identify => { userId => 'sig1', anonymousId => 'd1', messageId => 's-1', context => { identityToken => $sign->('sig1') }, traits => { email => 'sig1@shop.example', vip => \1 } })->{status}, 200, 'a signed one';
ok soon(sub { profile(external_id => 'sig1') }, 'sig1'), 'is that person';
is profile(external_id => 'sig1')->{email}, 'sig1@shop.example', 'with what is said';
my $victim = $x->api(POST => 'profiles', { email => 'victim@shop.example', fields => { city => 'Минск' } })->{json}{data}{id};
send_call(identify => { userId => 'sig1', anonymousId => 'd1', messageId => 's-1b', context => { identityToken => $sign->('sig1') }, traits => { email => 'victim@shop.example', wish => 'other' } });
send_call(alias => { userId => 'sig1', previousId => 'victim@shop.example', messageId => 's-1c', context => { identityToken => $sign->('sig1') } });
ok $x->wait_for(sub { ($x->api(GET => 'profiles?external_id=sig1')->{json}{data}{fields}{wish} // '') eq 'other' }, 10, 'the call'), 'who is signed may say more';
is $x->api(GET => "profiles/$victim")->{json}{data}{id}, $victim, 'but takes over nobody by naming their address';
is send_call(identify => { userId => 'sig1', messageId => 's-2', identityToken => $sign->('sig2'), traits => { email => 'thief@shop.example' } })->{status}, 400, 'a stranger without a device is nobody';
is send_call(identify => { userId => 'sig1', anonymousId => 'd2', messageId => 's-3', traits => { email => 'sig1@shop.example', Email => 'thief@shop.example', color => 'red' },
	context => { consent => [{ channel => 'email', granted => \1 }] }, signed => \1 })->{status}, 200, 'one with a device';
ok soon(sub { (profile(anonymous_id => 'd2') // { fields => {} })->{fields}{color} }, 'd2'), 'only says something of the device';
my $d2 = profile(anonymous_id => 'd2');
ok !$d2->{external_id} && !$d2->{email}, 'and is not that person, nor anybody';
is scalar $x->sql("select 1 from consent"), 0, 'nor agrees to anything';
is send_call(alias => { userId => 'sig1', previousId => 'd2' })->{status}, 400, 'an unsigned alias joins nobody';
is send_call(batch => { identityToken => $sign->('sig3'), batch => [{ type => 'identify', userId => 'sig3', anonymousId => 'd3', messageId => 's-5' }] })->{status}, 200, 'a batch may carry the token';
ok soon(sub { profile(external_id => 'sig3') }, 'sig3'), 'for its calls';
is scalar(grep { $_->[0] =~ /identityToken/ } $x->sql('select props from event')), 0, 'no token is kept';
rules();
send_call(identify => { userId => 'sig1', anonymousId => 'd9', messageId => 's-6', traits => { email => 'thief@shop.example' } });
send_call(identify => { userId => 'sig1', anonymousId => 'd9', messageId => 's-7', context => { identityToken => $sign->('sig1') }, traits => { color => 'blue' } });
ok soon(sub { (profile(external_id => 'sig1')->{fields}{color} // '') eq 'blue' }, 'blue'), 'where any userId is believed, a signed one is too';
is profile(external_id => 'sig1')->{email}, 'sig1@shop.example', 'but what only a page says does not change whom we know';
send_call(identify => { userId => 'sig1', anonymousId => 'd1', messageId => 's-8', context => { identityToken => $sign->('sig1') }, traits => { email => 'sig1new@shop.example' } });
ok soon(sub { (profile(external_id => 'sig1')->{email} // '') eq 'sig1new@shop.example' }, 'the new address'), 'a signed word does';

# --- the plan ---

sub planned (%form) {
	my $r = $admin->post("/sources/$source/plan", { on_event => 'quarantine', on_property => 'quarantine', on_type => 'refuse', %form });
	sleep 6 if $r->{status} == 303;
	return $r;
}
my $refused = planned(plan => 'Order Completed: total money');
is $refused->{status}, 422, 'a type nobody knows is refused on the page';
like $refused->{text}, qr/тип свойства — text, number/, 'in the language of the one who reads';
like planned(plan => 'Order Completed: total')->{text}, qr/у свойства есть имя и тип/, 'so is a property without one';
is planned(plan => "Order Completed: total number!, order_id text\nCalled")->{status}, 303, 'a plan is saved';
like $admin->get("/sources/$source/plan")->{text}, qr/Order Completed: total number!, order_id text/, 'and shown as it was written';
is send_call(track => { userId => 'q1', event => 'Order Completed', messageId => 'q-1', properties => { total => 5 } })->{status}, 200, 'what is expected is taken';
$r = send_call(track => { userId => 'q1', event => 'Order Completed', messageId => 'q-2', properties => { total => 'five' } });
is $r->{status}, 400, 'another type is refused, as the plan says';
like $r->{json}{message}, qr/another type.*total/, 'with the property';
is send_call(track => { userId => 'q1', event => 'Order Completed', messageId => 'q-3', properties => { order_id => 'N' } })->{status}, 400, 'and what must come and does not';
is send_call(track => { userId => 'q1', event => 'Order Completed', messageId => 'q-4', properties => { total => 1, color => 'red' } })->{status}, 200, 'a property nobody expects';
is send_call(track => { userId => 'q1', event => 'Surprise', messageId => 'q-5' })->{status}, 200, 'and an event';
is send_call(track => { userId => 'q1', event => 'Clicked', messageId => 'q-6', properties => { text => 'x' } })->{status}, 200, 'what the tag sends by itself needs no line';
ok soon(sub { ($x->sql("select count(*) from dead_letter where state = 'held'"))[0][0] == 2 }, 'two held'), 'are held in quarantine';
ok soon(sub { @{ events(external_id => 'q1', 'Clicked') } == 1 }, 'q1'), 'the others are taken';
is scalar @{ events(external_id => 'q1', 'Surprise') }, 0, 'what is held is not applied';
my $list = $admin->get("/sources/$source/quarantine")->{text};
like $list, qr/Surprise/, 'it is shown';
my $move = sub ($do) { $admin->post("/sources/$source/quarantine", { do => $do }) };
$move->('replay');
ok soon(sub { ($x->sql("select count(*) from dead_letter where state = 'held' and tries = 2"))[0][0] == 2 }, 'back'), 'applied again under the same plan it comes back';
is planned(plan => "Order Completed: total number!, order_id text\nSurprise")->{status}, 303, 'the plan learns the event';
$move->('replay');
ok soon(sub { @{ events(external_id => 'q1', 'Surprise') } == 1 }, 'the replayed'), 'then it is applied';
$move->('drop');
ok soon(sub { ($x->sql("select count(*) from dead_letter where state = 'held'"))[0][0] == 0 }, 'none held'), 'the rest is dropped';
my ($sum) = $x->sql("select sum(accepted), sum(bots), sum(excluded), sum(refused), sum(quarantined) from source_count where source_id = $source");
cmp_ok $sum->[0], '>', 15, 'what came is counted by the hour';
is_deeply [@$sum[1, 2]], [1, 1], 'robots and the office apart';
cmp_ok $sum->[3], '>=', 8, 'the refused';
is $sum->[4], 2, 'and the held';

my $config = $x->http(GET => "/v1/projects/$key/settings");
is $config->{json}{integrations}{'Segment.io'}{apiKey}, $key, "analytics.js' settings are there";
is_deeply [@{ $config->{json}{cxdp} }{qw(consent respect_dnt)}], ['full', JSON::PP::false], "and the tag's";
ok !exists $config->{json}{cxdp}{plan} && $config->{content} !~ /\Q$secret/, 'nothing that is nobody else\'s business';
done_testing;
