#!/usr/bin/env perl
# ./dev up and down as a person meets them: two instances side by side, what is killed comes
# back by itself, down leaves no process.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use IO::Socket::INET;
use Test::More;

my $one = Cxdp->up(name => 'one');
my $two = Cxdp->up(name => 'two');
my @services = qw(mysql smtp collect api ui engine-apply engine-columns engine-send engine-jobs nginx);

# up.env says where everything is.
for my $name (qw(URL LOGIN_URL ADMIN_EMAIL ADMIN_PASSWORD ROOT_EMAIL ROOT_PASSWORD WRITE_KEY
	API_KEY DB_SOCKET DB_NAME MAIL_DIR)) {
	like($one->env($name), qr/\S/, "up.env has CXDP_$name");
}
is((stat $one->dir . '/up.env')[2] & 0777, 0600, 'nobody else reads up.env');
ok(length $one->env('ADMIN_PASSWORD') >= 16, 'passwords are long');
isnt($one->env('ADMIN_PASSWORD'), $two->env('ADMIN_PASSWORD'), 'and each instance has its own');

# Two, and neither in the other's way.
isnt($one->url, $two->url, 'two instances have two addresses');
for my $x ($one, $two) {
	my $r = $x->http(GET => '/api/v1/health');
	is($r->{status}, 200, 'health answers') or diag($r->{content});
	ok($r->{json}{data}, 'with data');
	like($r->{headers}{'x-request-id'}, qr/^[0-9a-f]{32}$/, 'and a request id');
}
is_deeply([$one->sql('select 1')], [[1]], 'the database answers');
my ($country) = map { $_->[0] } $one->sql("select count(*) from information_schema.tables where table_schema = 'cxdp'");
cmp_ok($country, '>', 0, 'and has tables');

# status tells the truth.
my ($status, $out) = Cxdp::run("$Cxdp::src/dev", 'status', '--data', $one->dir);
is($status, 0, 'status is content') or diag($out);

# up again changes nothing.
my %before = map { $_ => $one->pid($_) } @services;
my %keys = map { $_ => $one->env($_) } qw(WRITE_KEY ADMIN_PASSWORD URL);
$one->again;
is_deeply({ map { $_ => $one->pid($_) } @services }, \%before, 'up again restarts nothing');
is_deeply({ map { $_ => $one->env($_) } keys %keys }, \%keys, 'and keeps keys and address');

# A second one on the same port is told so, by number.
my ($port) = $one->url =~ /:(\d+)$/;
($status, $out) = Cxdp::run("$Cxdp::src/dev", 'up', '--data', $two->dir, '--port', $port);
isnt($status, 0, 'a taken port is refused');
like($out, qr/port $port is taken/, 'and named');

# What is killed comes back by itself.
my %killed = map { $_ => $one->kill9($_) } @services;
for my $s (@services) {
	my $pid = $one->wait_for(sub { my $p = $one->pid($s); $p && $p != $killed{$s} && $p }, 15, $s);
	ok($pid, "$s comes back after kill -9");
}
ok($one->wait_for(sub { $one->http(GET => '/api/v1/health')->{status} == 200 }, 30, 'health'),
	'and all is well again');
my %back = map { $_ => $one->pid($_) } @services;
sleep 2;
is_deeply({ map { $_ => $one->pid($_) } @services }, \%back, 'and they stay');

# A door away is said in the door's own words.
Cxdp::run('sv', '-w', 10, 'down', $two->dir . "/service/$_") for qw(collect api ui);
my $r = $two->v1('track', { userId => 'u', event => 'E' });
is($r->{status}, 503, 'collect away: 503, so that SDKs come back');
is($r->{json}{code}, 'away', 'in JSON');
ok($r->{headers}{'retry-after'}, 'with Retry-After');
is($r->{headers}{'access-control-allow-origin'}, '*', 'and readable from other origins');
$r = $two->api(GET => 'profiles');
is("$r->{status} $r->{json}{error}{code}", '503 away', 'api away: its own error shape');
$r = $two->http(GET => '/');
is($r->{status}, 503, 'ui away: 503');
like($r->{headers}{'content-type'}, qr{^text/html}, 'and a page');
$r = $two->v1('batch', undef, raw => 'x' x 1_100_000);
is("$r->{status} $r->{json}{code}", '413 too_large', 'a body over 1 MB is refused in JSON');
$r = $two->http(POST => '/api/v1/profiles', body => 'x' x 4_300_000);
is("$r->{status} $r->{json}{error}{code}", '413 too_large', 'over 4 MB at the api, in its shape');

# down leaves no process, and its ports free.
for my $x ($one, $two) {
	my $session = $x->session;
	cmp_ok(scalar Cxdp::living($session), '>=', @services * 3, 'all live in one session');
	$x->down;
	is_deeply([Cxdp::living($session)], [], 'down leaves no process');
	my ($port) = $x->url =~ /:(\d+)$/;
	ok(!IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 1), 'and the port free');
	isnt((Cxdp::run("$Cxdp::src/dev", 'status', '--data', $x->dir))[0], 0, 'status says so');
}

# What is stored stays.
$one->again;
is($one->env('WRITE_KEY'), $keys{WRITE_KEY}, 'keys outlive down and up');
is($one->http(GET => '/api/v1/health')->{status}, 200, 'and it is healthy');
done_testing();
