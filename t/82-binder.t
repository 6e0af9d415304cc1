#!/usr/bin/env perl
# Events bound by pointing at a client's site: by hand, and in the overlay in a real Chromium (t/lib/binder.mjs); what arrives, who may.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use JSON::PP ();
use Test::More;

my $x = Cxdp->up;
my $key = $x->env('WRITE_KEY');
my ($source) = map { $_->[0] } $x->sql("select source_id from source where write_key = '$key'");
my ($company) = map { $_->[0] } $x->sql("select company_id from source where write_key = '$key'");
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));

# --- in a browser ---

my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/binder.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'), $key, $source);
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
	elsif (!/^1\.\.\d+$/) { note $_ }
}
is $status, 0, 'the browser is content' or diag $said;

sub buyer { my $r = $x->api(GET => 'profiles?external_id=buyer-1'); return $r->{status} == 200 ? $r->{json}{data} : undef }
sub events ($type) { my $p = buyer() or return []; return $x->api(GET => "profiles/$p->{id}/events?limit=200&type=$type")->{json}{data} }
ok $x->wait_for(sub { @{ events('%D0%9D%D0%B0%D0%B6%D0%B0%D0%BB+%D0%9A%D1%83%D0%BF%D0%B8%D1%82%D1%8C') } }, 10, 'the event'), 'what a visitor pressed arrived, at their profile';
my $pressed = events('%D0%9D%D0%B0%D0%B6%D0%B0%D0%BB+%D0%9A%D1%83%D0%BF%D0%B8%D1%82%D1%8C')->[0]{properties};
is_deeply [@$pressed{qw(price list path_2)}], [80, 'Туфли', '7'], 'with its properties: the price of that one, the data layer, the address';
my $sent = events('%D0%9F%D1%80%D0%BE%D1%81%D0%B8%D1%82+%D0%BF%D0%BE%D0%B7%D0%B2%D0%BE%D0%BD%D0%B8%D1%82%D1%8C')->[0]{properties};
is $sent->{city}, 'Минск', 'of a form the field that was chosen';
is scalar(grep { /mail|pass/ } keys %$sent), 0, 'but never an e-mail or a password, chosen or not';
unlike JSON::PP::encode_json($x->api(GET => 'profiles/' . buyer()->{id} . '/events?limit=200')->{json}), qr/hunter2|secret\@shop/, 'in none of the events';
ok $x->wait_for(sub { ($x->sql('select sum(fired), sum(seen) from binding_count'))[0][0] >= 2 }, 5, 'the counts'), 'counted';
cmp_ok +($x->sql('select sum(seen) from binding_count'))[0][0], '>=', 1, 'with the views of its pages';
like $admin->get("/sources/$source/bindings")->{text}, qr/Нажал Купить/, 'the card has them';
is_deeply [sort map { $_->[0] } $x->sql("select distinct action from audit_log where action like 'binding.%'")], ['binding.create', 'binding.link'], 'all of it is in the log of actions';
is scalar $x->sql("select 1 from audit_log where action = 'binding.create' and user_id <> 0"), 2, 'under the one who did it';

# --- by hand ---

my $r = $admin->post("/sources/$source/bindings/new", { event => 'Был', kind => 'page', selector => '', where => '/sale/*', properties => "kind: const sale\nn number: path 2", do => 'publish' });
is $r->{status}, 303, 'one is made by hand' or diag $r->{text};
my ($id) = map { $_->[0] } $x->sql("select binding_id from binding where event = 'Был'");
my $told = sub { my ($b) = grep { $_->{id} eq $id } @{ $x->http(GET => "/v1/projects/$key/settings")->{json}{cxdp}{bindings} // [] }; $b };
ok $x->wait_for($told, 8, 'the settings'), 'the tag is told';
is_deeply $told->()->{properties}, [{ name => 'kind', from => 'const', arg => 'sale', type => 'text' }, { name => 'n', from => 'path', arg => '2', type => 'number' }], 'as it was written';
like $admin->get("/sources/$source/bindings/$id")->{text}, qr/n number: path 2/, 'and it reads back so';
for (['' => qr/Назовите событие/, event => ''], ['a kind' => qr/click, submit/, kind => 'hover'], ['no selector' => qr/о каком элементе/, kind => 'click', selector => ''],
	['a where' => qr/нужен путь/, where => 'cart'], ['a line' => qr/двоеточие/, properties => 'price'], ['from' => qr/Откуда взять/, properties => 'price: eval x']) {
	my ($what, $like, %wrong) = @$_;
	my $bad = $admin->post("/sources/$source/bindings/new", { event => 'x', kind => 'page', where => '/x', properties => '', selector => '', %wrong });
	is $bad->{status}, 422, "refused: $what";
	like $bad->{text}, $like, 'with a sentence';
}
is $admin->post("/sources/$source/bindings/new", { event => '<script>alert(1)</script>', kind => 'click', selector => '"><img src=x>', where => '', properties => '' })->{status}, 303, 'hostile texts are texts';
unlike $admin->get("/sources/$source/bindings")->{content}, qr/<script>alert|<img src=x>/, 'and escaped on the card';

# --- a selector that fell silent ---

my $hour = int(time / 3600);
$x->sql("delete from binding_count where binding_id = $id");
$x->sql("insert into binding_count values ($company, $id, @{[$hour - 30]}, 5, 9), ($company, $id, $hour, 0, 3)");
like $admin->get("/sources/$source/bindings")->{text}, qr/Сутки ни разу/, 'one that used to fire and does not, though its pages are seen, is warned about';
$x->sql("update binding_count set fired = 1 where binding_id = $id and hour = $hour");
unlike $admin->get("/sources/$source/bindings")->{text}, qr/Сутки ни разу/, 'one that fires is not';

# --- pausing, deleting ---

is $admin->post("/sources/$source/bindings/$id", { do => 'pause' })->{status}, 303, 'paused';
ok $x->wait_for(sub { !$told->() }, 8, 'the pause'), 'the tag is told no more';

# --- the token ---

sub binder ($token, %more) { return $x->http(POST => '/v1/binder', headers => { 'content-type' => 'text/plain', origin => 'https://shop.example' }, body => JSON::PP::encode_json({ token => $token, key => $key, do => 'list', %more })) }
$r = $admin->post("/sources/$source/bindings/link", { page => 'https://shop.example/a' });
my ($token) = $r->{text} =~ /#cxdp-bind=([\w.-]+)/;
is binder($token)->{status}, 200, 'a link opens';
is $r = binder($token)->{headers}{'access-control-allow-origin'}, '*', 'for any origin, without cookies';
is binder($token, do => 'delete', id => $id)->{status}, 200, 'it deletes';
ok !$told->(), 'and that is so';
is binder($token, do => 'delete', id => $id)->{status}, 404, 'once';
is binder($token, key => 'x')->{status}, 403, 'on a page of another source it opens nothing';
is binder($token, do => 'open')->{json}{language}, 'ru', 'opened, it says in which language';
my $met = sub { $admin->get("/sources/$source/bindings/link")->{text} };
like $met->(), qr/Сайт открыт/, 'the card hears that the page answered';
$x->sql("update binding_source set met_at_us = null where source_id = $source");
like $met->(), qr/Ждём/, 'waits while it has not';
$x->sql("update binding_source set link_at_us = link_at_us - 30000000 where source_id = $source");
like $met->(), qr/не отозвалась.*connect-src/s, 'and says what may be wrong after half a minute';
is binder($token, do => 'launch')->{status}, 400, 'it can do nothing else';
is binder($token, do => 'save', binding => { event => 'x', kind => 'click' })->{status}, 400, 'what is wrong is refused';
is binder($token, do => 'save', binding => 'x')->{status}, 400, 'and what is no binding';
for (["$token." => 'longer'], [substr($token, 0, -1) => 'shorter'], [$token =~ s/\.(\d+)\./'.' . ($1 + 1) . '.'/er => 'of another source'], ['' => 'empty'], ['1.1.1.9999999999999999.x' => 'invented']) {
	is binder($_->[0])->{status}, 401, "a token that is $_->[1] opens nothing";
}
is $x->http(GET => '/api/v1/profiles', headers => { authorization => "Bearer $token" })->{status}, 401, 'it is no key of the API';
my ($theirs) = map { $_->[0] } $x->sql("select source_id from source where company_id = $company and source_id <> $source limit 1");
if (!$theirs) {
	my $made = $admin->post('/sources/new', { name => 'Другой', kind => 'site' });
	($theirs) = $made->{headers}{location} =~ /(\d+)$/;
}
$admin->post("/sources/$theirs/bindings/new", { event => 'Их', kind => 'page', where => '/x', selector => '', properties => '', do => 'publish' });
my ($other) = map { $_->[0] } $x->sql("select binding_id from binding where event = 'Их'");
is binder($token, do => 'delete', id => "$other")->{status}, 404, 'a binding of another source is not there for it';
is binder($token, do => 'save', binding => { id => "$other", event => 'x', kind => 'page', where => '/' })->{status}, 404, 'nor to be changed';
is $admin->get("/sources/$source/bindings/$other")->{status}, 404, 'nor on the page of this one';
$x->sql("update source set state = 'disabled' where source_id = $source");
is binder($token)->{status}, 403, 'of a source that is off: refused';
$x->sql("update source set state = 'active' where source_id = $source");
$x->sql("update user set state = 'disabled'");
is binder($token)->{status}, 403, 'of a user that is disabled: refused';
like binder($token)->{json}{message}, qr/user of this link/, 'with a sentence';
$x->sql("update user set state = 'active'");
is binder($token)->{status}, 200, 'and else still good';

done_testing;
