#!/usr/bin/env perl
# Getting in: wrong tries wait, also of addresses nobody has; a letter with a link for a new password; the second factor; sessions; proving
# oneself again; limits of API keys; the log and its chain.
use v5.36;
use utf8;
use Digest::SHA 'hmac_sha1';
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up;
my $link = $x->login_path;
my ($email, $password) = ($x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my ($mine) = map { $_->[0] } $x->sql("select company_id from company where slug = 'dev'");
my $try = sub ($mail, $word) { Browser->new($x)->post($link, { email => $mail, password => $word }, csrf => undef) };
my $admin = Browser->new($x)->login($link, $email, $password);

# --- throttling ---

for my $who ('masha@dev.example', 'nobody@dev.example') {
	$admin->post('/company/users/new', { email => $who, name => 'Маша', role => 'manager', password => 'long enough 2' }) if $who =~ /^masha/;
	my @got = map { $try->($who, "wrong $_") } 1 .. 8;
	is join(' ', map { $_->{status} } @got[0 .. 4]), '422 422 422 422 422', "$who: five tries are free";
	my ($held) = grep { $_->{status} == 429 } @got[5 .. 7];
	ok $held, 'then one waits';
	like $held->{headers}{'retry-after'}, qr/^\d+$/, 'and is told so';
}
my ($until) = map { $_->[0] } $x->sql("select max(until_us) from throttle where company_id = $mine");
cmp_ok $until / 1e6 - time, '<', 10, 'not for long';
$x->sql("update throttle set until_us = (unix_timestamp() + 60) * 1000000 where company_id = $mine");
is $try->('masha@dev.example', 'long enough 2')->{status}, 429, 'the right password has to wait too';
my $told = sub ($who) { $try->($who, 'wrong')->{text} =~ s/value="[^"]*"//gr };
is $told->('masha@dev.example'), $told->('nobody@dev.example'), 'what is said does not depend on whether the account is there';
my $known = Browser->new($x)->login($link, $email, $password);
my @guesses = map { $try->($email, "guess $_") } 1 .. 8;
ok((grep { $_->{status} == 429 } @guesses), 'a stranger guesses at the administrator\'s');
is $known->post($link, { email => $email, password => $password }, csrf => undef)->{status}, 303, 'who comes in where he was in before does not wait for that';
my $borrowed = Browser->new($x);
$borrowed->{cookies} = { device => $known->cookie('device') };
is $borrowed->post($link, { email => 'masha@dev.example', password => 'long enough 2' }, csrf => undef)->{status}, 429, 'the cookie is nobody else\'s';
$x->sql('update throttle set until_us = 0');
is $try->('masha@dev.example', 'long enough 2')->{status}, 303, 'and then it is good';
is_deeply [$x->sql("select count(*) from throttle where company_id = $mine and failures > 0")], [[2]], 'what was tried with success is forgotten';
my @pids = map { my $pid = fork // die; if (!$pid) { $try->('parallel@dev.example', 'x' x 12); require POSIX; POSIX::_exit(0) } $pid } 1 .. 12;
waitpid $_, 0 for @pids;
my ($most) = map { $_->[0] } $x->sql("select max(failures) from throttle where company_id = $mine and until_us > 0");
cmp_ok $most, '<=', 8, 'twelve at once do not slip through: counted before they are looked at';

my %took = (known => [], unknown => []);
for my $n (1 .. 12) {
	$x->sql('delete from throttle');
	for my $kind ('known', 'unknown') {
		my $at = time;
		$try->($kind eq 'known' ? 'masha@dev.example' : 'nobody@dev.example', 'wrong again');
		push @{ $took{$kind} }, time - $at;
	}
}
my $least = sub ($k) { (sort { $a <=> $b } @{ $took{$k} })[0] }; # of twelve: what else the machine does is not in it
cmp_ok $least->('unknown'), '>', $least->('known') / 2, 'an unknown address is hashed for too';
cmp_ok $least->('known'), '>', $least->('unknown') / 2, 'and takes as long, as far as a busy machine tells';

# --- passwords ---

for my $weak ('short', '123456789012', 'qwertyuiop[]', 'Password12345', 'P@ssw0rd2026!', 'aaaaaaaaaaaaaa', 'abcabcabcabcabc', 'йцукенгшщзхъ', 'weak@dev.example', 'пароль-пароль-1', 'q' x 1025) {
	is $admin->post('/company/users/new', { email => 'weak@dev.example', name => '', role => 'manager', password => $weak })->{status}, 422, 'refused: ' . substr $weak, 0, 20;
}
my ($hash) = map { $_->[0] } $x->sql("select password from user where email = 'masha\@dev.example'");
like $hash, qr/^\$argon2id\$v=19\$m=65536,t=2,p=1\$/, 'Argon2id of 64 MiB';

# --- a new password by a letter ---

my $forgot = sub ($mail) { Browser->new($x)->post("$link/forgot", { email => $mail }, csrf => undef) };
my $body = sub ($r) { $r->{text} =~ s/[\w.-]+\@dev\.example//gr };
my $asked = $forgot->('masha@dev.example');
is $asked->{status}, 200, 'a link is asked for';
is $body->($asked), $body->($forgot->('stranger@dev.example')), 'a stranger is told the same';
my $letter = $x->wait_for(sub { ($x->mails(to => 'masha@dev.example'))[0] }, 15, 'the letter');
is scalar(my @none = $x->mails(to => 'stranger@dev.example')), 0, 'but gets no letter';
is $letter->{headers}{subject}, 'Новый пароль', 'in the language of the user';
is_deeply [map { $_->{type} } @{ $letter->{parts} }], ['text/plain', 'text/html'], 'as text and HTML';
my ($token) = $letter->{parts}[0]{text} =~ m{/pass\?k=([\w.]+)};
like $letter->{parts}[1]{text}, qr/\Q$token\E/, 'with the link in both';
my ($stored) = map { $_->[0] } $x->sql('select token_hash from pass');
my ($open) = $token =~ /(\w+)$/;
unlike $stored, qr/$open/, 'the store keeps a hash of it';
my $masha = Browser->new($x)->login($link, 'masha@dev.example', 'long enough 2');
my $fresh = Browser->new($x);
is $fresh->get("/pass?k=$token")->{status}, 200, 'the link opens a page';
is $fresh->post('/pass', { k => $token, password => 'short' }, csrf => undef)->{status}, 422, 'a short password is not taken';
is $fresh->post('/pass', { k => $token, password => 'вольный ветер 7' }, csrf => undef)->{status}, 303, 'a good one is';
is $fresh->post('/pass', { k => $token, password => 'вольный ветер 8' }, csrf => undef)->{status}, 410, 'the link works once';
is $masha->get('/clients')->{status}, 303, 'all sessions have ended';
is $try->('masha@dev.example', 'long enough 2')->{status}, 422, 'the old password is no good';
$masha = Browser->new($x)->login($link, 'masha@dev.example', 'вольный ветер 7');
$x->sql("insert into pass select company_id, '" . 'a' x 64 . "', user_id, 1 from user where email = 'masha\@dev.example'");
is $fresh->get('/pass?k=1.' . 'x' x 43)->{status}, 410, 'no other link is good';
$forgot->('masha@dev.example') for 1 .. 9;
sleep 1.5;
cmp_ok scalar(my @letters = $x->mails(to => 'masha@dev.example')), '<=', 6, 'letters are not sent without end';

is $admin->post('/company/users/new', { email => 'new@dev.example', name => 'Новый', role => 'manager', password => '' })->{status}, 303, 'a user without a password is invited';
is $try->('new@dev.example', '!')->{status}, 422, 'and cannot log in yet';
$letter = $x->wait_for(sub { ($x->mails(to => 'new@dev.example'))[0] }, 15, 'the invitation');
($token) = $letter->{parts}[0]{text} =~ m{/pass\?k=([\w.]+)};
is $fresh->post('/pass', { k => $token, password => 'вольный ветер 9' }, csrf => undef)->{status}, 303, 'until a password is chosen';
is $try->('new@dev.example', 'вольный ветер 9')->{status}, 303, 'then he is in';

# --- the second factor ---

sub code ($secret, $step = int(time / 30)) {
	my $bits = join '', map { sprintf '%05b', index 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', $_ } grep { /\S/ } split //, $secret;
	my $h = hmac_sha1(pack('NN', 0, $step), pack 'B160', $bits);
	return sprintf '%06d', (unpack('N', substr $h, ord(substr $h, -1) & 15, 4) & 0x7fffffff) % 1_000_000;
}
my $page = $masha->get('/me/second')->{text};
my ($secret) = $page =~ m{<code>([A-Z2-7 ]+)</code>};
my ($sealed) = $page =~ m{name="sealed" value="([^"]+)"};
like $page, qr{<svg class="qr"}, 'a picture for the telephone';
is $masha->post('/me/second', { sealed => $sealed, code => '000000' })->{status}, 422, 'a wrong code turns nothing on';
is $admin->post('/me/second', { sealed => $sealed, code => code($secret) })->{status}, 422, 'nor does what was sealed for another';
my $before = $masha->cookie;
my $on = $masha->post('/me/second', { sealed => $sealed, code => code($secret) });
is $on->{status}, 200, 'the right one does';
isnt $masha->cookie, $before, 'and the session is a new one';
my @codes = $on->{text} =~ /\b([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})\b/g;
is scalar @codes, 10, 'ten recovery codes are shown';
unlike $masha->get('/me')->{text}, qr/$codes[0]/, 'once';
my $row = join ' ', map { @$_ } $x->sql('select secret from second_factor'), $x->sql('select code_hash from recovery_code');
unlike $row, qr/$secret|$codes[0]/, 'what is stored is sealed and hashed';

my $half = Browser->new($x);
my $r = $half->post($link, { email => 'masha@dev.example', password => 'вольный ветер 7' }, csrf => undef);
like $r->{headers}{location}, qr{^/login/code}, 'the password alone leads to the code';
is $half->get('/clients')->{status}, 303, 'and to nothing else';
my ($csrf) = $half->get('/login/code')->{text} =~ /name="csrf" value="([^"]+)"/;
is $half->post('/login/code', { code => code($secret) }, csrf => $csrf)->{status}, 422, 'a code that was used is not good again';
is $half->post('/login/code', { code => code($secret, int(time / 30) + 1) }, csrf => 'x' x 32)->{status}, 403, 'nor a form without its token';
my $cookie = $half->cookie;
is $half->post('/login/code', { code => code($secret, int(time / 30) + 1) }, csrf => $csrf)->{status}, 303, 'the next one is';
isnt $half->cookie, $cookie, 'a new session again';
is $half->get('/clients')->{status}, 200, 'now she is in';
my $again = Browser->new($x);
$again->post($link, { email => 'masha@dev.example', password => 'вольный ветер 7' }, csrf => undef);
($csrf) = $again->get('/login/code')->{text} =~ /name="csrf" value="([^"]+)"/;
is $again->post('/login/code', { code => uc $codes[0] =~ tr/-/ /r }, csrf => $csrf)->{status}, 303, 'a recovery code does too, however it is typed';
is_deeply [$x->sql('select count(*) from recovery_code')], [[9]], 'once';

# --- sessions ---

my ($other) = $again->get('/me')->{text} =~ m{name="session" value="([0-9a-f]{64})"};
is $admin->post('/me/sessions', { session => $other })->{status}, 404, 'nobody ends a session of another';
is $again->post('/me/sessions', { session => $other })->{status}, 303, 'one of one\'s own ends';
is $again->post('/me/sessions')->{status}, 303, 'and all others';
is $masha->get('/clients')->{status}, 303, 'they are gone';
is $again->get('/clients')->{status}, 200, 'this one stays';
my ($masha_id) = map { $_->[0] } $x->sql("select user_id from user where email = 'masha\@dev.example'");
like $admin->get("/company/users/$masha_id")->{text}, qr/127\.0\.0\.1/, 'the administrator sees the sessions of a user';
is $admin->post("/company/users/$masha_id", { do => 'end' })->{status}, 303, 'and ends them';
is $again->get('/clients')->{status}, 303, 'at once';
is $admin->post("/company/users/$masha_id", { do => 'second_off' })->{status}, 303, 'resets a second factor';
$masha = Browser->new($x)->login($link, 'masha@dev.example', 'вольный ветер 7');
is $masha->get('/clients')->{status}, 200, 'and the password does';
$before = $masha->cookie;
my $second = Browser->new($x)->login($link, 'masha@dev.example', 'вольный ветер 7');
is $masha->post('/me/password', { old => 'wrong', password => 'синий вечер 12' })->{status}, 422, 'a password is changed with the old one only';
is $masha->post('/me/password', { old => 'вольный ветер 7', password => 'синий вечер 12' })->{status}, 303, 'and then is';
isnt $masha->cookie, $before, 'in a new session';
is $masha->get('/clients')->{status}, 200, 'that works';
is $second->get('/clients')->{status}, 303, 'while all others have ended';

my $old = Browser->new($x);
$old->{cookies} = { %{ $masha->{cookies} } };
delete $masha->{csrf};
my $left = $masha->post('/logout');
is $masha->cookie, undef, 'logging out takes the cookie';
is $old->get('/clients')->{status}, 303, 'and the session';
$left = $old->post('/logout', {}, csrf => 'x');
is $old->cookie, undef, 'also when the session is over already';
like join(' ', ref $left->{headers}{'set-cookie'} ? @{ $left->{headers}{'set-cookie'} } : $left->{headers}{'set-cookie'}), qr/Max-Age=0; Expires=Thu, 01 Jan 1970/, 'in both ways there are';

my $victim = Browser->new($x);
$victim->{cookies} = { cxdp => "$mine." . 'A' x 43 };
$victim->post($link, { email => 'new@dev.example', password => 'вольный ветер 9' }, csrf => undef);
isnt $victim->cookie, "$mine." . 'A' x 43, 'a session that was put under somebody is not taken';
$x->sql('update session set seen_at_us = seen_at_us - 31 * 60 * 1000000 where user_id = (select user_id from user where email = "new@dev.example")');
is $victim->get('/clients')->{status}, 303, 'half an hour of idleness ends a session';
$victim = Browser->new($x)->login($link, 'new@dev.example', 'вольный ветер 9');
$x->sql('update session set created_at_us = created_at_us - 12 * 3600 * 1000000 - 1000000 where user_id = (select user_id from user where email = "new@dev.example")');
is $victim->get('/clients')->{status}, 303, 'and so do twelve hours of work';

# --- proving oneself again ---

$x->sql('update session set proved_at_us = proved_at_us - 16 * 60 * 1000000');
my %key = (name => 'Отчёты', 'scope[]' => ['profiles:read', 'events:read'], days => 30, networks => "127.0.0.0/8\n2001:db8::/32");
$r = $admin->post('/company/keys/new', \%key);
is $r->{status}, 403, 'after a quarter of an hour a key is not made just so';
like $r->{text}, qr{name="scope\[\]" value="events:read".*name="proof_password"}s, 'the form that asks keeps what was typed';
is_deeply [$x->sql('select count(*) from api_key')], [[1]], 'nothing is made';
is $admin->post('/company/keys/new', { %key, proof_password => 'wrong' })->{status}, 422, 'a wrong password does not help';
$r = $admin->post('/company/keys/new', { %key, proof_password => $password });
is $r->{status}, 200, 'the right one does';
my ($key) = $r->{text} =~ /(cxdp_\w{12}_\w{43})/;
is $admin->post('/company/keys/new', \%key)->{status}, 200, 'and stands for the next quarter';

# --- limits of keys ---

is $x->api(GET => 'profiles', undef, key => $key)->{status}, 200, 'a key works within its scopes';
$r = $x->api(POST => 'fields', {}, key => $key);
is $r->{status}, 403, 'not beyond';
like $r->{json}{error}{message}, qr/profiles:write/, 'and the missing one is named';
my ($id) = $key =~ /cxdp_(\w{12})/;
is_deeply [map { @$_ } $x->sql("select used_ip, used_at_us > 0 from api_key_use where key_id = '$id'")], ['127.0.0.1', 1], 'its use is noted';
my ($noted) = $x->sql("select used_at_us from api_key_use where key_id = '$id'");
$x->api(GET => 'profiles', undef, key => $key);
is_deeply [$x->sql("select used_at_us from api_key_use where key_id = '$id'")], [$noted], 'once a minute';
$x->sql("update api_key_use set networks = '10.0.0.0/8 ::1' where key_id = '$id'");
is $x->api(GET => 'profiles', undef, key => $key)->{status}, 403, 'from elsewhere it is refused';
$x->sql("update api_key_use set networks = '', expires_at_us = 1 where key_id = '$id'");
is $x->api(GET => 'profiles', undef, key => $key)->{status}, 401, 'after its time it is nobody\'s';
is $admin->post('/company/keys/new', { %key, networks => 'office' })->{status}, 422, 'a network that is none is refused';
like $admin->get('/company/keys')->{text}, qr/Срок вышел|Expired/, 'the page says so';

# --- a company that asks for it ---

is $admin->post('/company/policy', { second_factor => 'admins' })->{status}, 303, 'a company asks its administrators for a second factor';
is $admin->get('/clients')->{headers}{location}, '/me/second', 'who has none turns it on first';
is $admin->get('/')->{headers}{location}, '/me/second', 'instead of the overview too';
is $admin->get('/me/second')->{status}, 200, 'there';
$x->sql("delete from policy");
is $admin->get('/clients')->{status}, 200, 'else all is as it was';

# --- the log ---

my ($status, $said) = $x->operator('audit', 'verify');
is $status, 0, 'the log\'s chain is whole' or diag $said;
like $said, qr/"rows":[1-9]\d+/, 'and long';
my $log = $admin->get('/company/audit')->{text};
like $log, qr/Пароль изменён/, 'it says what was done';
unlike $log, qr/вольный|$secret|$codes[1]|\Q$password\E/, 'and no secret';
like $admin->get('/company/audit?action=policy.second')->{text}, qr/<td class="md">Правило/, 'by action';
unlike $admin->get('/company/audit?action=policy.second')->{text}, qr/<td class="md">Вход/, 'only';
unlike $admin->get("/company/audit?user=$masha_id")->{text}, qr/<td class="md">Ключ API/, 'by user';
like $admin->get('/company/audit?before=3')->{text}, qr/<td class="md">/, 'page by page';
for my $harm (['update audit_log set detail = "x" where audit_no = 5', 'a changed row'], ['delete from audit_log where audit_no = 7', 'a row taken away'],
	['update audit_log set hash = "" where audit_no = 9', 'a row without its hash']) {
	$x->sql('create table kept as select * from audit_log');
	$x->sql("$harm->[0] and company_id = $mine");
	($status, $said) = $x->operator('audit', 'verify');
	is $status, 1, "$harm->[1] is found";
	$x->sql('delete from audit_log');
	$x->sql('insert into audit_log select * from kept');
	$x->sql('drop table kept');
}
$x->sql("delete from audit_log where company_id = $mine order by audit_no desc limit 1");
($status, $said) = $x->operator('audit', 'verify');
is $status, 1, 'and so is the last one that is missing';

# --- cookies of a real house ---

$x->{opt}{conf} = { secure_cookies => 'yes' };
$x->again;
$r = $x->http(POST => $link, headers => { 'content-type' => 'application/x-www-form-urlencoded' }, body => Browser::form({ email => $email, password => $password }));
my @set = ref $r->{headers}{'set-cookie'} ? @{ $r->{headers}{'set-cookie'} } : $r->{headers}{'set-cookie'};
my ($own) = grep { /^__Host-cxdp=/ } @set;
like $own, qr{; Path=/; HttpOnly; SameSite=Lax; Secure$}, 'over TLS the session\'s cookie is __Host- and secure';
is scalar(grep { !/; Secure/ } @set), 0, 'and so are all others';
done_testing;
