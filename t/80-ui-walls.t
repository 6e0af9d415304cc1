#!/usr/bin/env perl
# Who may see what: every route of the interface for nobody, another company, a manager, the platform's administrator; and that
# looking changes nothing. The routes are read from the table itself.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use IO::Socket::INET;
use Laws 'slurp';
use Test::More;

my @routes;
my $table = slurp("$Cxdp::src/src/ui/door.c");
while ($table =~ /\{"(\w+)",\s*"([^"]+)",\s*\w+,\s*(\w+),\s*NULL,\s*\w+,\s*(?:NULL|"(\w+)"),\s*NULL\}/g) {
	push @routes, { method => $1, path => $2, right => $3, object => $4 // '' };
}
cmp_ok scalar @routes, '>', 40, 'the table of routes is read';

my $x = Cxdp->up;
my $link = $x->login_path;
my $admin = Browser->new($x)->login($link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $root = Browser->new($x)->login('/login', $x->env('ROOT_EMAIL'), $x->env('ROOT_PASSWORD'));

# a second company, made by the platform's administrator through its pages
my %company = (name => 'Соседи', slug => 'neighbours', country => 'BY', currency => 'BYN', timezone => 'Europe/Minsk',
	language => 'en', email => 'boss@neighbours.example', password => 'long enough 1');
my $r = $root->post('/platform/new', { %company, password => 'short' });
is $r->{status}, 422, 'a company whose administrator has a short password is refused';
like $r->{text}, qr{value="Соседи"}, 'what was typed is kept';
unlike $r->{text}, qr/long enough|value="short"/, 'but for the password';
is $root->get('/l/neighbours')->{status}, 404, 'and no half of it was made';
is $root->post('/platform/new', \%company)->{status}, 303, 'a whole one is made';
like $root->post('/platform/new', \%company)->{text}, qr/занят|taken/, 'its address is taken then';
my $other = Browser->new($x)->login('/l/neighbours', 'boss@neighbours.example', 'long enough 1');

# things of the first company
$admin->post('/company/users/new', { email => 'masha@dev.example', name => 'Маша', role => 'manager', password => 'long enough 2' });
my $manager = Browser->new($x)->login($link, 'masha@dev.example', 'long enough 2');
$x->v1('identify', { userId => 'u1', traits => { email => 'canary@dev.example', firstName => 'Канарейка' } });
my ($person) = $x->wait_for(sub { my $p = ($x->sql('select person_id from person where email = "canary@dev.example"'))[0]; $p && $p->[0] }, 10, 'a person');
my $id_of = sub ($r) { ($r->{headers}{location} // '') =~ m{/(\d+)$} ? $1 : die "not made: $r->{status}\n$r->{text}" };
$x->wait_for(sub { $admin->get('/clients')->{text} =~ /Канарейка/ }, 15, 'the columns');
my %id = (
	profile => $person,
	source => $id_of->($admin->post('/sources/new', { name => 'Канарейка-сайт', kind => 'site' })),
	template => $id_of->($admin->post('/templates/new', { name => 'Канарейка-письмо', subject => 'Тема', body => '<p>Канарейка</p>' })),
	segment => $id_of->($admin->post('/segments/new', { name => 'Канарейка-сегмент', rule => 'return known()' })),
	user => ($x->sql('select user_id from user where email = "masha@dev.example"'))[0][0],
	dead_letter => 4711,
	key => ($x->sql('select key_id from api_key limit 1'))[0][0],
);
$x->sql(qq{insert into dead_letter select company_id, 4711, 0, 'waiting', 1, 1, 1, 'set_aside', 'Канарейка-причина', '{"items":[{"event":"Канарейка-событие"}]}' from company where slug = 'dev'});
$id{campaign} = $id_of->($admin->post('/campaigns/new', { name => 'Канарейка-кампания', template_id => $id{template}, segment_id => $id{segment} }));
$id{scenario} = $id_of->($admin->post('/scenarios/new', { name => 'Канарейка-сценарий', do => 'save',
	script => 'return scenario { on = event.purchase, wait "1h", send "Канарейка-письмо" }' }));
like $admin->get('/company/audit')->{text}, qr{<td>(?!<)[^<]+</td><td class="md">Сценарий}, 'the log of changes says whose they are';

my $fill = sub ($route) { $route->{path} =~ s/\{(\w+)\}/$1 eq 'slug' ? 'dev' : $1 eq 'key' ? $id{key} : $id{ $route->{object} }/ger };
my @company_tables = grep { !/^(?:session|company|audit|lease|journal_position|user)$/ }
	map { $_->[0] } $x->sql('show tables');
my $sums = sub { join ' ', map { join ':', @$_ } $x->sql('checksum table ' . join ', ', @company_tables) };
my $quiet = sub { my $s = $sums->(); for (1 .. 30) { sleep 1; my $n = $sums->(); return $n if $n eq $s; $s = $n } $s };

# the owner sees all of it, and sees it without inline code
for my $route (grep { $_->{method} eq 'GET' && $_->{right} =~ /WORK|COMPANY/ } @routes) {
	my $path = $fill->($route);
	my $got = $admin->get($path);
	my @bad = ($got->{status} != 200 ? "status $got->{status}" : (),
		$got->{content} =~ /<[^>]*\sstyle\s*=/ ? 'a style attribute' : (),
		$got->{content} =~ /<[^>]*\son\w+\s*=/ ? 'a script attribute' : (),
		$got->{content} =~ m{<script(?![^>]*(?:src=|application/json))} ? 'an inline script' : (),
		length $got->{content} > 100_000 ? 'over 100 KB' : ());
	is "@bad", '', "GET $path";
}

my $before = $quiet->();
for my $route (@routes) {
	my ($path, $method) = ($fill->($route), $route->{method});
	my $ask = sub ($b) { $method eq 'GET' ? $b->get($path) : $b->post($path, { state => 'disabled', name => 'x' }) };
	next if $route->{right} eq 'RIGHT_NONE';
	my $n = $method eq 'GET' ? Browser->new($x)->get($path) : Browser->new($x)->post($path, {}, csrf => 'x' x 32);
	is $n->{status}, 303, "$method $path: nobody is sent to log in";
	if ($route->{right} eq 'RIGHT_PLATFORM') {
		is $ask->($admin)->{status}, 404, "$method $path: is not there for a company";
		next;
	}
	is $ask->($root)->{status}, 404, "$method $path: is not there for the platform's administrator";
	is $ask->($manager)->{status}, 403, "$method $path: a manager may not" if $route->{right} eq 'RIGHT_COMPANY';
	if ($route->{object}) {
		my $got = $ask->($other);
		is $got->{status}, 404, "$method $path: is not there for another company";
		unlike $got->{text}, qr/Канарейка/, 'and tells nothing';
	} elsif ($method eq 'GET') {
		unlike $other->get($path . '?q=' . '%D0%9A%D0%B0%D0%BD')->{text}, qr/Канарейка-|canary/, "GET $path: another company sees nothing of it";
	}
}
is $quiet->(), $before, 'none of this changed anything';

# a flood of guesses from one address is held at the door, at both pages of entry
for my $path ($link, '/login') {
	my ($host) = $x->url =~ m{//(.*)$};
	my @guesses = map { IO::Socket::INET->new(PeerAddr => $host) // die "connect: $!" } 1 .. 90;
	print $_ "POST $path HTTP/1.1\r\nHost: $host\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" for @guesses;
	my $many = grep { (readline($_) // '') =~ m{^HTTP/1.1 429 } } reverse @guesses;
	cmp_ok $many, '>', 20, "90 guesses at once at $path: most wait or are refused";
}
done_testing;
