# A whole cxdp for a test: real MariaDB, nginx, doors and engine in a folder of its own under
# var/t, on a free port, started by ./dev up and stopped by pid when the test ends, however it
# ends. A test that uses this module is bounded in time (180 s unless $ENV{CXDP_TEST_SECONDS}).
#
#   my $x = Cxdp->up;
#   $x->v1('track', { userId => 'u1', event => 'Signed Up' })->{status} == 200
#   $x->wait_for(sub { $x->api(GET => 'profiles?limit=1')->{json}{data}[0] }, 5, 'a profile')
#   $x->sql('select count(*) from person where company_id = 1')      rows of columns
#   $x->mails(to => 'anna@shop.example')                             letters in the sink
#   $x->kill9('api'); $x->down; $x->again;
package Cxdp;
use v5.36;
use Encode qw(decode encode);
use FindBin;
use File::Path qw(make_path remove_tree);
use HTTP::Tiny;
use IO::Socket::INET;
use IPC::Open3;
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64);
use MIME::QuotedPrint ();
use Test::More;
use Time::HiRes qw(sleep time);

our $src = $ENV{CXDP_SRC} // "$FindBin::Bin/..";
our $build = $ENV{CXDP_BUILD} // "$src/var/build";

my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my $owner = $$;
my @running;

$SIG{ALRM} = sub { die "the test took too long\n" };
$SIG{TERM} = $SIG{INT} = sub { exit 1 };
alarm($ENV{CXDP_TEST_SECONDS} // 180);

# up(name => TEXT, conf => { setting => value }, demo => BOOL): a new instance, ready.
sub up ($class, %opt) {
	my $name = $opt{name} // ($0 =~ m{([^/]+?)(?:\.t)?$})[0];
	state $n = 0;
	my $dir = sprintf '%s/var/t/%s-%d-%d', $src, $name, $$, ++$n;
	make_path($dir);
	my $self = bless { dir => $dir, opt => \%opt }, $class;
	push @running, $self;
	$self->again;
	return $self;
}

# again: the same instance up again, after down or to restart what changed.
sub again ($self) {
	my $conf = $self->{opt}{conf} // {};
	local $ENV{CXDP_EXTRA_CONF} = join "\n", map { "$_ = $conf->{$_}" } sort keys %$conf;
	local @ENV{qw(CXDP_NO_BUILD CXDP_BUILD CXDP_DB_MEMORY)} = (1, $build, $ENV{CXDP_DB_MEMORY} // '64M');
	my ($status, $out) = run("$src/dev", 'up', '--data', $self->{dir},
		$self->{env} ? () : ('--port', 0), $self->{opt}{demo} ? '--demo' : ());
	die "./dev up failed:\n$out" if $status;
	open my $f, '<', "$self->{dir}/up.env" or die "$self->{dir}/up.env: $!";
	/^CXDP_(\w+)=(.*)$/ and $self->{env}{$1} = $2 =~ s/\\(.)/$1/gr for <$f>;
	return $self;
}

sub dir ($self) { $self->{dir} }
sub env ($self, $name) { $self->{env}{$name} // die "up.env has no CXDP_$name" }
sub url ($self, $path = '') { $self->env('URL') . $path }
sub login_path ($self) { $self->env('LOGIN_URL') =~ s{^https?://[^/]+}{}r }

# down: nothing runs any more; what is stored stays.
sub down ($self) {
	my ($status, $out) = run("$src/dev", 'down', '--data', $self->{dir});
	die "./dev down failed:\n$out" if $status;
}

# run(COMMAND...): its exit status and all it said.
sub run (@command) {
	my $pid = open3(my $in, my $out, undef, @command);
	close $in;
	my $text = do { local $/; <$out> } // '';
	waitpid $pid, 0;
	return ($? >> 8 || $? & 127, $text);
}

# operator(ARGS): the operator's command of this instance: exit status, what it said.
sub operator ($self, @args) {
	return run("$build/cxdp", '--config', "$self->{dir}/cxdp.conf", @args);
}

# --- asking ---

# http(METHOD, URL OR PATH, headers => {}, body => BYTES): status, headers, content, and json
# where the answer is JSON.
sub http ($self, $method, $path, %opt) {
	my $url = $path =~ m{^http} ? $path : $self->url($path);
	my $r = HTTP::Tiny->new(timeout => 20, max_redirect => 0)->request($method, $url, {
		headers => $opt{headers} // {}, defined $opt{body} ? (content => $opt{body}) : () });
	$r->{json} = eval { $json->decode($r->{content}) }
		if ($r->{headers}{'content-type'} // '') =~ /json/;
	return $r;
}

# api(METHOD, PATH below /api/v1/, DATA?, key => KEY, headers => {})
sub api ($self, $method, $path, $value = undef, %opt) {
	return $self->http($method, "/api/v1/$path",
		headers => { authorization => 'Bearer ' . ($opt{key} // $self->env('API_KEY')),
			'content-type' => 'application/json', %{ $opt{headers} // {} } },
		defined $value ? (body => $json->encode($value)) : ());
}

# upload(NAME, BYTES, key => KEY): a file to POST /imports, as a form sends it.
sub upload ($self, $name, $bytes, %opt) {
	my $b = 'b0undary';
	return $self->http(POST => '/api/v1/imports', headers => { authorization => 'Bearer ' . ($opt{key} // $self->env('API_KEY')), 'content-type' => "multipart/form-data; boundary=$b" },
		body => encode('UTF-8', "--$b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--$b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"$name\"\r\n"
			. "Content-Type: text/csv\r\n\r\n") . $bytes . "\r\n--$b--\r\n");
}

# v1(PATH below /v1/, DATA, key => KEY, headers => {}, raw => BYTES instead of DATA)
sub v1 ($self, $path, $value = undef, %opt) {
	my $key = $opt{key} // $self->env('WRITE_KEY');
	return $self->http(POST => "/v1/$path",
		headers => { authorization => 'Basic ' . encode_base64("$key:", ''),
			'content-type' => 'application/json', %{ $opt{headers} // {} } },
		body => $opt{raw} // $json->encode($value));
}

# sql(TEXT): rows, each a list of columns as text, undef for NULL.
sub sql ($self, $text) {
	my %plain = (n => "\n", t => "\t", 0 => "\0", '\\' => '\\');
	my ($status, $out) = run('mariadb', '--no-defaults', '--socket', $self->env('DB_SOCKET'),
		'--user=root', '--batch', '--skip-column-names', '--default-character-set=utf8mb4',
		$self->env('DB_NAME'), '-e', encode('UTF-8', $text));
	die "$text\n$out" if $status;
	return map { [map { $_ eq 'NULL' ? undef : decode('UTF-8', s/\\(.)/$plain{$1} \/\/ $1/ger) }
		split /\t/, $_, -1] } split /\n/, $out;
}

# wait_for(SUB, SECONDS, WHAT): what SUB returns once it is true; undef and a note after that.
sub wait_for ($self, $sub, $seconds = 10, $what = 'it') {
	my $until = time + $seconds;
	do {
		my $got = $sub->();
		return $got if $got;
		sleep 0.05;
	} while (time < $until);
	diag("waited $seconds s in vain for $what");
	return undef;
}

# --- letters ---

# mails(to => ADDRESS): letters in the sink, oldest first: { file, from, to => [], raw,
# headers => { lower name => text }, parts => [{ type, text }] }.
sub mails ($self, %opt) {
	my $dir = $self->env('MAIL_DIR');
	my @mails = map { letter("$dir/$_") } sort grep { /^[^.].*\.eml$/ } names_in($dir);
	return grep { !$opt{to} || grep { lc eq lc $opt{to} } @{ $_->{to} } } @mails;
}

sub names_in ($dir) {
	opendir my $d, $dir or return ();
	return readdir $d;
}

sub letter ($path) {
	open my $f, '<:raw', $path or die "$path: $!";
	local $/;
	my $raw = <$f>;
	my @to = $raw =~ /^X-Envelope-To: (.*?)\r?$/mg;
	my ($from) = $raw =~ /^X-Envelope-From: (.*?)\r?$/m;
	$raw =~ s/\A(?:X-Envelope-[^\n]*\n)+//;
	my ($headers, $parts) = mime($raw);
	return { file => $path, from => $from, to => \@to, raw => $raw, headers => $headers,
		parts => $parts };
}

# mime(BYTES): headers with encoded words decoded, and the leaves of the tree of parts.
sub mime ($raw) {
	my ($head, $body) = split /\r?\n\r?\n/, $raw, 2;
	my %h;
	$head =~ s/\r?\n[ \t]+/ /g;
	/^([^:\s]+):\s*(.*)$/ and $h{ lc $1 } = decode('MIME-Header', $2) for split /\r?\n/, $head;
	my $type = $h{'content-type'} // 'text/plain';
	if ($type =~ m{^multipart/.*boundary="?([^";]+)"?}i) {
		my (undef, @parts) = split /(?:\A|\r?\n)--\Q$1\E(?:--)?[ \t]*\r?\n?/, $body // '';
		return \%h, [map { my (undef, $p) = mime($_); @$p } grep { /\S/ } @parts];
	}
	my $how = lc($h{'content-transfer-encoding'} // '');
	my $bytes = $how eq 'base64' ? decode_base64($body // '')
		: $how eq 'quoted-printable' ? MIME::QuotedPrint::decode($body // '') : $body // '';
	my $text = $type =~ m{^text/}i ? decode('UTF-8', $bytes) : $bytes;
	return \%h, [{ type => $type =~ s/;.*//sr, text => $text =~ s/\r\n/\n/gr }];
}

# --- processes ---

# pid(SERVICE): of collect, api, ui, engine-apply, mysql ...; 0 when it is down.
sub pid ($self, $service) {
	my ($status, $out) = run('sv', 'status', "$self->{dir}/service/$service");
	return $out =~ /^run: [^\n]*?: \(pid (\d+)\)/ ? $1 : 0;
}

# kill9(SERVICE): kill -9, and the pid it had.
sub kill9 ($self, $service) {
	my $pid = $self->pid($service) or die "$service does not run";
	kill 'KILL', $pid;
	return $pid;
}

# session: the pid that leads everything of this instance; living(PID): who lives of it.
sub session ($self) {
	open my $f, '<', "$self->{dir}/supervisor.pid" or return 0;
	return 0 + <$f>;
}

sub living ($session) {
	my ($status, $out) = run('ps', '-o', 'pid=,stat=,args=', '-s', $session);
	return grep { !/^\s*\d+\s+Z/ } split /\n/, $out;
}

# --- the end ---

END {
	my $status = $?;
	if ($$ == $owner) {
		alarm 0;
		for my $x (@running) {
			eval { $x->down } or -d "$x->{dir}/mysql" && $@ && diag($@);
			remove_tree($x->{dir}) if $status == 0 && Test::More->builder->is_passing;
		}
	}
	$? = $status;
}

1;
