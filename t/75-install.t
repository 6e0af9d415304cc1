#!/usr/bin/env perl
# What `make install` puts down works from there: hardened programs, manual pages that say what is so, units that systemd takes and finds
# safe, a site with TLS that nginx takes, doors that answer at a socket they are handed, users of one group beside each other.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use File::Path qw(make_path);
use IO::Socket::UNIX;
use POSIX qw(dup2 WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up;
my $dir = $x->dir;
my $dest = "$dir/dest";
my @doors = qw(collect api ui);
my @roles = qw(apply columns send jobs);
my @programs = ('cxdp', map({ "cxdp-$_" } @doors), 'cxdp-engine');

sub slurp ($path) { local (@ARGV, $/) = $path; return <> }
sub spew ($path, $text, $mode = 0644) {
	open my $f, '>', $path or die "$path: $!";
	print $f $text;
	close $f;
	chmod $mode, $path;
}
sub here ($program) { return grep { -x "$_/$program" } split /:/, $ENV{PATH} }

my ($status, $said) = Cxdp::run('make', '-C', $Cxdp::build, '-s', 'install', "DESTDIR=$dest");
is $status, 0, 'make install' or BAIL_OUT($said);

subtest 'what is there' => sub {
	my @files = (map({ "usr/bin/$_" } @programs), map({ "usr/share/man/man8/cxdp-$_.8" } @doors, 'engine'),
		qw(usr/share/man/man1/cxdp.1 usr/share/man/man5/cxdp.conf.5 etc/cxdp/cxdp.conf usr/share/cxdp/nginx/cxdp.conf
		usr/share/cxdp/assets/manifest.json usr/share/cxdp/assets/cxdp.js usr/share/cxdp/lua/segment/rule.lua
		usr/share/cxdp/sql/schema/001-tenant.sql usr/share/cxdp/templates/letter/unsubscribe.html
		usr/lib/sysusers.d/cxdp.conf usr/lib/tmpfiles.d/cxdp.conf usr/lib/systemd/system/cxdp.target
		usr/lib/systemd/system/cxdp-.service.d/hardening.conf),
		map({ "usr/lib/systemd/system/cxdp-$_.service" } @doors, @roles), map { "usr/lib/systemd/system/cxdp-$_.socket" } @doors);
	ok -s "$dest/$_", $_ for @files;
	my ($bad, $list) = Cxdp::run('find', $dest, '-type', 'f', '-perm', '/022');
	is $list, '', 'nothing is writable by others';
	my ($none, $left) = Cxdp::run('grep', '-rnE', '[@][A-Za-z]+[@]', "$dest/usr/lib", "$dest/usr/share/man", "$dest/etc");
	is $left, '', 'everything is rendered';
};

# In readelf's words. What is not hardened is told apart: /bin/sh need not be, a program of ours without the flags must fail.
sub weaknesses ($file) {
	my (undef, $elf) = Cxdp::run('readelf', '-WhldS', '--dyn-syms', $file);
	return ((map { "no $_->[0]" } grep { $elf !~ $_->[1] } ['PIE', qr/Type:\s+DYN/], ['RELRO', qr/GNU_RELRO/],
			['BIND_NOW', qr/FLAGS_1.*\bNOW\b/], ['stack that cannot run', qr/GNU_STACK\s.*\sRW\s/],
			['canary', qr/__stack_chk_fail/], ['fortified calls', qr/__\w+_chk\b(?<!__stack_chk)/]),
		map { "has $_" } grep { $elf =~ /\(\Q$_\E\)/ } qw(RPATH RUNPATH TEXTREL));
}
subtest 'hardened programs' => sub {
	is join(', ', weaknesses("$dest/usr/bin/$_")), '', $_ for @programs;
	spew("$dir/soft.c", "#include <stdio.h>\nint main(int n, char **v) { char s[9]; return sprintf(s, \"%s\", v[0]) + n; }\n");
	system('gcc', '-O2', '-no-pie', '-z', 'norelro', '-z', 'lazy', '-fno-stack-protector', '-U_FORTIFY_SOURCE', '-z', 'execstack',
		'-Wl,-rpath,/tmp', '-o', "$dir/soft", "$dir/soft.c") == 0 or die "gcc failed\n";
	my @soft = weaknesses("$dir/soft");
	is scalar(@soft), 7, 'a soft program is seen to be one' or diag "@soft";
};

subtest 'manual pages' => sub {
	my (undef, $usage) = Cxdp::run("$dest/usr/bin/cxdp");
	my $page = slurp("$dest/usr/share/man/man1/cxdp.1") =~ s/\\-/-/gr;
	my @commands = $usage =~ /^  ([a-z-]+(?: [a-z]+)?)/mg;
	cmp_ok scalar @commands, '>', 7, 'the command tells its commands';
	like $page, qr/^\.BI? "?\Q$_\E\b/m, "cxdp.1 has $_" for @commands;
	my @settings = slurp("$Cxdp::src/src/base/settings.c") =~ /SET_(?:TEXT|YES|WHOLE)\((\w+), *\n?\s*"/g;
	my $conf = slurp("$dest/usr/share/man/man5/cxdp.conf.5");
	cmp_ok scalar @settings, '>', 30, 'settings are read';
	is join(' ', grep { $conf !~ /^\.B \Q$_\E$/m } @settings), '', 'cxdp.conf.5 has every setting';
	SKIP: {
		skip 'groff is not here', 1 if !here('groff');
		my (undef, $complaints) = Cxdp::run('groff', '-man', '-Tutf8', '-ww', '-z', glob "$dest/usr/share/man/man*/*");
		is $complaints, '', 'they render without a warning';
	}
};

subtest 'units' => sub {
	plan skip_all => 'systemd-analyze is not here' if !here('systemd-analyze');
	my $units = "$dest/usr/lib/systemd/system";
	for my $name (@doors, @roles) {
		my ($over, $review) = Cxdp::run('systemd-analyze', 'security', '--no-pager', '--offline=true', '--threshold=20',
			"--root=$dest", "cxdp-$name.service");
		my ($level) = $review =~ /exposure level for \S+: ([\d.]+)/;
		ok $over == 0 && $level < 2, "cxdp-$name.service: " . ($level // 'none') . ', less than 2.0' or diag $review;
	}
	# the same files as they would be met on a machine, with programs that are there
	make_path("$dir/units/cxdp-.service.d");
	for my $file (glob "$units/* $units/cxdp-.service.d/*") {
		next if -d $file;
		spew("$dir/units/" . substr($file, length "$units/"), slurp($file) =~ s{=/usr/bin/}{=$dest/usr/bin/}r);
	}
	local $ENV{SYSTEMD_UNIT_PATH} = "$dir/units:";
	my ($bad, $complaints) = Cxdp::run('systemd-analyze', 'verify', '--man=no', glob "$dir/units/*.{target,service,socket}");
	is $bad, 0, 'systemd-analyze verify' or diag $complaints;
	unlike $complaints, qr{\Q$dir\E/units}, 'and has nothing to say' or diag $complaints;
	my $send = slurp("$units/cxdp-send.service");
	unlike slurp("$units/cxdp-.service.d/hardening.conf"), qr/^IPAddress/m, 'the relay can be reached: a drop-in would win';
};

my $secrets = "$dir/secrets";
make_path($secrets);
spew("$secrets/secret", 'x' x 32, 0440);
my $conf = slurp("$dest/etc/cxdp/cxdp.conf") =~ s{/usr/share}{$dest/usr/share}gr =~ s{^store_socket = .*}{"store_socket = " . $x->env('DB_SOCKET')}emr
	=~ s{^journal_dir = .*}{journal_dir = $dir/own/journal}mr =~ s{^run_dir = .*}{run_dir = $dir/own/run}mr;
make_path("$dir/own/run", "$dir/own/journal");
spew("$dir/own/cxdp.conf", $conf);
my @with = ('--config', "$dir/own/cxdp.conf");

subtest 'the operator' => sub {
	my ($fails, $why) = Cxdp::run("$dest/usr/bin/cxdp", @with, 'check');
	isnt $fails, 0, 'without a secret it does not start';
	like $why, qr{\Q$dir\E/own/secret}, 'and looked for it beside the settings';
	local $ENV{CREDENTIALS_DIRECTORY} = $secrets;
	($fails, $why) = Cxdp::run("$dest/usr/bin/cxdp", @with, 'check');
	is $fails, 0, 'cxdp check, with a credential' or diag $why;
	SKIP: {
		skip 'only root can become others', 2 if $> != 0;
		my ($gid) = (getgrnam 'nogroup')[2];
		chmod 0711, $dir, "$dir/run", "$dir/own", $secrets;
		chown 0, $gid, "$dir/own/run";
		chmod 02770, "$dir/own/run";
		unlink glob "$dir/own/run/*";
		chown 0, $gid, "$secrets/secret";
		my @worked = map { my $uid = $_; as($uid, $gid, "$dest/usr/bin/cxdp", @with, 'check') } 61001, 61002;
		is "@worked", '0 0', 'two users of one group, one after the other';
		is join(' ', map { s{.*/}{}r } glob "$dir/own/run/*"), 'id-000.lock', 'take turns with one process number';
	}
};

# as(UID, GID, COMMAND): its exit status, with a umask that gives nothing away
sub as ($uid, $gid, @command) {
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		umask 077;
		open STDOUT, '>>', "$dir/as.log";
		open STDERR, '>&', \*STDOUT;
		($(, $)) = ($gid, "$gid $gid");
		POSIX::setuid($uid);
		exec @command or POSIX::_exit(1);
	}
	waitpid $pid, 0;
	diag slurp("$dir/as.log") if $?;
	return $?;
}

# start(NAME, SOCKET): the installed door, handed the socket as systemd does
sub start ($name, $socket) {
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	open STDERR, '>>', "$dir/$name.log";
	open STDOUT, '>&', \*STDERR;
	dup2(fileno $socket, 3);
	@ENV{qw(LISTEN_PID LISTEN_FDS CREDENTIALS_DIRECTORY)} = ($$, 1, $secrets);
	exec "$dest/usr/bin/cxdp-$name", @with or POSIX::_exit(1);
}
# ends(PID): seconds until it ended with 0, or undef
sub ends ($pid) {
	my $begun = time;
	kill 'TERM', $pid;
	while (time - $begun < 15) {
		return $? == 0 ? time - $begun : undef if waitpid($pid, WNOHANG) == $pid;
		sleep 0.02;
	}
	kill 'KILL', $pid;
	waitpid $pid, 0;
	return undef;
}

subtest 'TLS, and sockets that are handed over' => sub {
	plan skip_all => 'openssl is not here' if !here('openssl');
	Cxdp::run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', 2, '-subj', '/CN=localhost',
		'-keyout', "$dir/privkey.pem", '-out', "$dir/fullchain.pem");
	my $web = "$dir/own";
	my $free = sub { my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die $!; return $s->sockport };
	my ($tls, $plain) = ($free->(), $free->());
	my $site = slurp("$dest/usr/share/cxdp/nginx/cxdp.conf") =~ s{/etc/ssl/cxdp}{$dir}gr =~ s{/run/cxdp-web}{$web}gr
		=~ s{/var/log/nginx}{$dir}gr =~ s{/usr/share/cxdp}{$dest/usr/share/cxdp}gr =~ s{listen \[::\][^\n]*\n\s*}{}gr
		=~ s{listen 443}{listen 127.0.0.1:$tls}r =~ s{listen 80}{listen 127.0.0.1:$plain}r;
	make_path("$dir/web");
	spew("$dir/web/cxdp.conf", $site);
	my $main = slurp("$Cxdp::src/nginx/dev.conf.in") =~ s/\@STATE\@/$dir\/web/gr;
	my $user = getpwuid $>;
	my $group = getgrgid $) + 0;
	spew("$dir/web/nginx.conf", $main =~ s/\@USER\@/$user $group/r);
	my @nginx = ('nginx', '-p', "$dir/web/", '-c', "$dir/web/nginx.conf", '-e', "$dir/web/error.log");
	my ($bad, $complaints) = Cxdp::run(@nginx, '-t');
	is $bad, 0, 'nginx takes the site' or diag $complaints;
	is join('', grep { !/ssl_stapling|syntax is ok|test is successful/ } $complaints =~ /[^\n]+/g), '', 'and warns of nothing';

	my %sockets = map { $_ => IO::Socket::UNIX->new(Listen => 64, Local => "$web/$_.sock") // die "$_: $!" } @doors;
	my %pids = map { $_ => start($_, $sockets{$_}) } @doors;
	my $nginx = fork // die "fork: $!";
	if ($nginx == 0) {
		open STDERR, '>', '/dev/null';
		exec @nginx, '-g', 'daemon off;' or POSIX::_exit(1);
	}
	my $ask = sub (@what) { (Cxdp::run('curl', '-skiS', '--max-time', 20, @what))[1] };
	my $health = $x->wait_for(sub { my $r = $ask->("https://127.0.0.1:$tls/api/v1/health"); $r =~ m{^HTTP/2 200} ? $r : undef }, 15, 'the API');
	like $health // '', qr/"store"/, 'the API answers over TLS at its socket';
	like $health // '', qr/^strict-transport-security: max-age=\d{8}/m, 'and says: only TLS from now on';
	like $ask->("https://127.0.0.1:$tls/login"), qr{^HTTP/2 200.*<form}s, 'the pages do too';
	like $ask->("https://127.0.0.1:$tls/p.gif?writeKey=x"), qr{^HTTP/2 200}, 'and the pixel';
	like $ask->("https://127.0.0.1:$tls/cxdp.js"), qr{^HTTP/2 200}, 'the tag comes from the installed assets';
	like $ask->("http://127.0.0.1:$plain/x?y"), qr{^HTTP/1.1 301.*^Location: https://}ms, 'without TLS one is sent to it';
	unlike $ask->('--tls-max', '1.1', "https://127.0.0.1:$tls/"), qr{^HTTP}, 'TLS 1.1 is not spoken';
	ok !-e "$web/run/api.sock", 'no socket of its own was made';

	my $took = ends($pids{api});
	ok defined $took && $took < 3, sprintf 'a door at a socket that is not its own ends (%.2f s)', $took // -1;
	open my $waiting, '-|', 'curl', '-skS', '--max-time', 20, "https://127.0.0.1:$tls/api/v1/health" or die "curl: $!";
	sleep 0.5;
	$pids{api} = start(api => $sockets{api});
	like join('', <$waiting>), qr/"store"/, 'who came while it was away waited';
	ok defined ends($pids{$_}), "cxdp-$_ ends" or diag slurp("$dir/$_.log") for @doors;
	kill 'TERM', $nginx;
	waitpid $nginx, 0;
};

($status, $said) = Cxdp::run('make', '-C', $Cxdp::build, '-s', 'uninstall', "DESTDIR=$dest");
my (undef, $left) = Cxdp::run('find', $dest, '-type', 'f');
is $left, '', 'make uninstall leaves nothing';
done_testing;
