#!/usr/bin/env perl
# The web floor through the interface's door: routes, sessions, proof that a change was meant, hostile requests.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use IO::Socket::UNIX;
use Test::More;

my $x = Cxdp->up;
my $link = $x->login_path;
my @admin = ($link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $nobody = Browser->new($x);

# --- routes ---
is $nobody->get('/nowhere')->{status}, 404, 'a path nobody knows is 404';
my $r = $nobody->ask(DELETE => '/login');
is $r->{status}, 405, 'a method nobody knows is 405';
is $r->{headers}{allow}, 'GET, POST', 'and the answer says which there are';
$r = $nobody->ask(HEAD => '/login');
is "$r->{status} " . length($r->{content} // ''), '200 0', 'HEAD answers as GET does, without a body';
is $nobody->get('/clients/1/2/3')->{status}, 404, 'a longer path is not the shorter one';
$r = $nobody->get('/clients?q=1');
is $r->{status}, 303, 'nobody is sent to log in';
is $r->{headers}{location}, '/login?next=%2Fclients%3Fq%3D1', 'and comes back to where they wanted to go';

# --- logging in ---
$r = $nobody->get($link);
like $r->{text}, qr{<h1>Лавка</h1>}, 'the link names the company';
like $r->{headers}{'content-security-policy'}, qr{default-src 'none'; script-src 'self'; style-src 'self';}, 'pages have a policy without inline code';
is $r->{headers}{'cache-control'}, 'no-store', 'and are not kept';
is $nobody->get('/l/no-such-company')->{status}, 404, 'a link of no company is 404';

my $wrong = $nobody->post($link, { email => $admin[1], password => 'wrong password' }, csrf => undef);
my $stranger = $nobody->post($link, { email => 'who@dev.example', password => 'wrong password' }, csrf => undef);
is "$wrong->{status} $stranger->{status}", '422 422', 'a wrong password and a stranger are refused';
is $wrong->{text} =~ s/\Q$admin[1]\E/X/r, $stranger->{text} =~ s/who\@dev\.example/X/r, 'in the same words';
unlike $wrong->{text}, qr/wrong password/, 'the password does not come back';

my $b = Browser->new($x);
$b->{cookies}{cxdp} = '1.planted';
$r = $b->post($link, { email => $admin[1], password => $admin[2], next => '//evil.example/' }, csrf => undef);
is $r->{headers}{location}, '/', 'after the login no other site is next';
my ($set) = grep { /^cxdp=/ } map { ref ? @$_ : $_ } $r->{headers}{'set-cookie'};
like $set, qr/; HttpOnly; SameSite=Lax/, 'the cookie is for the server alone';
isnt $b->cookie, '1.planted', 'a planted session is not taken over';
my $first = $b->cookie;
is $b->get('/clients')->{status}, 200, 'the session opens pages';
$b->post($link, { email => $admin[1], password => $admin[2] }, csrf => undef);
isnt $b->cookie, $first, 'a second login makes another session';
my $old = Browser->new($x);
$old->{cookies}{cxdp} = $first;
is $old->get('/clients')->{status}, 303, 'and the first of this browser has ended';

# --- changes are meant ---
my $sources = sub { ($x->sql('select count(*) from source'))[0][0] };
my $before = $sources->();
my %new = (name => 'Новый', kind => 'site');
delete $b->{csrf};
for my $case (
	['without a token', csrf => undef],
	['with a wrong token', csrf => 'x' x 32],
	['from another origin', headers => { origin => 'https://evil.example' }],
	['from another site', headers => { 'sec-fetch-site' => 'cross-site' }],
	['from a sandbox', headers => { origin => 'null' }],
) {
	my ($how, @how) = @$case;
	is $b->post('/sources/new', \%new, @how)->{status}, 403, "a form $how is refused";
}
is $sources->(), $before, 'and changed nothing';
is $b->post('/sources/new', \%new, headers => { origin => $x->url, 'sec-fetch-site' => 'same-origin' })->{status}, 303, 'our own form is taken';
is $sources->(), $before + 1, 'and makes a source';
is $b->ask(POST => '/sources/new', body => '{"name":"x","kind":"site"}', headers => { 'content-type' => 'application/json',
	'x-csrf-token' => $b->csrf })->{status}, 422, 'a body that is no form is an empty form';

# --- hostile requests ---
is $nobody->get('/login?next=%ff')->{status}, 400, 'a query that is not UTF-8 is 400';
is $nobody->get('/l/%ff%fe')->{status}, 400, 'nor a path';
is $nobody->get('/l/%00')->{status}, 400, 'nor a NUL';
is $nobody->get('/login?' . join('&', map { "a$_=1" } 1 .. 300))->{status}, 400, '300 arguments are 400';
is $nobody->post($link, { email => 'a' x 70_000 }, csrf => undef)->{status}, 413, 'a form larger than its route takes is 413';
like $nobody->get('/login?next=' . '%3Cscript%3Ealert(1)%3C/script%3E')->{content}, qr{name="next" value="/"}, 'next is a path of ours or nothing';
my $socket = $x->dir . '/run/ui.sock';
for my $junk ("\0" x 64, "\x01\x01\x00\x01\xff\xff\x00\x00" . 'x' x 200, "\x01\x04\x00\x01\x00\x0a\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff") {
	my $s = IO::Socket::UNIX->new(Peer => $socket) or die "$socket: $!";
	print $s $junk;
	close $s;
}
is((stat $socket)[2] & 0777, 0660, 'the socket is for the group of nginx');
ok $x->wait_for(sub { $nobody->get('/login')->{status} == 200 }, 10, 'the door'), 'after rubbish on its socket the door serves';

# --- the end ---
my $cookie = $b->cookie;
is $b->post('/logout')->{status}, 303, 'logging out';
is $b->cookie, undef, 'the cookie is gone';
$old->{cookies}{cxdp} = $cookie;
is $old->get('/clients')->{status}, 303, 'and worth nothing to who kept it';
my $pid = $x->pid('ui');
kill TERM => $pid;
ok $x->wait_for(sub { !kill 0, $pid }, 5, 'the end'), 'told to end, the door ends at once';
ok $x->wait_for(sub { $nobody->get('/login')->{status} == 200 }, 10, 'the door'), 'and comes back';
done_testing;
