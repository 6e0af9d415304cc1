#!/usr/bin/env perl
# Floods, slow and silent clients, at each door: what one does, others do not wait for without bound; who asks too much is told so and
# when to come again, in the door's own words.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP;
use MIME::Base64 'encode_base64';
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up(conf => { api_rate => 10, collect_rate => 200, collect_threads => 8, api_threads => 8 });
my ($dir, $host) = ($x->dir, $x->url =~ m{//(.*)$});
my ($status, $made) = $x->operator(qw(company create --name Other --slug other --country BY --currency BYN --timezone Europe/Minsk
	--language en --admin-email a@other.example --admin-password), 'long enough 1');
my $other = decode_json($made =~ s/\A.*?(?=\{)//sr);
my $ui = Browser->new($x)->login('/l/other', 'a@other.example', 'long enough 1');
my ($run) = map { /^run_dir = (.*)/ } do { open my $c, '<', "$dir/cxdp.conf" or die; <$c> };

# --- the sockets: libfcgi is safe from strangers only because they cannot reach it ---
is sprintf('%o', (stat "$run/$_.sock")[2] & 0777), '660', "$_.sock: its owner's and group's alone" for qw(collect api ui);
is +(stat $run)[2] & 07, 0, 'in a directory that is closed to others';
is((Cxdp::run('sh', '-c', "ss -ltn 2>/dev/null | grep -c ':9000' || true"))[1] =~ /^[1-9]/ ? 1 : 0, 0, 'no door listens at a port');

# --- one at a time: what a quiet house answers in ---
my %ask = (
	collect => sub { $x->v1('track', { userId => 'q', event => 'Quiet' }, key => $other->{write_key})->{status} },
	api => sub { $x->api(GET => 'fields', undef, key => $other->{api_key})->{status} },
	ui => sub { $ui->get('/sources')->{status} },
);
# p95 of some requests at each door, of another company than the flood's; and what was answered
sub others ($seconds) {
	my (%took, %said);
	my $until = time + $seconds;
	while (time < $until) {
		for my $door (sort keys %ask) {
			my $from = time;
			$said{"$door " . $ask{$door}->()}++;
			push @{ $took{$door} }, time - $from;
			sleep 0.02;
		}
	}
	return (\%said, { map { my @t = sort { $a <=> $b } @{ $took{$_} }; $_ => $t[0.95 * $#t] } keys %took });
}
my (undef, $quiet) = others(1);
note 'quiet, p95: ', join ', ', map { sprintf '%s %.0f ms', $_, 1000 * $quiet->{$_} } sort keys %$quiet;

# flood(N, SECONDS, SUB): N processes that ask as fast as they can; { status => times }, the last refusal of each.
sub flood ($n, $seconds, $ask) {
	my @pipes = map {
		pipe my $in, my $out;
		my $pid = fork // die;
		if ($pid == 0) {
			my (%said, %last);
			my $until = time + $seconds;
			while (time < $until) {
				my $r = $ask->();
				$said{ $r->{status} }++;
				$last{ $r->{status} } = { headers => $r->{headers}, content => $r->{content} };
			}
			print $out JSON::PP->new->encode([\%said, \%last]);
			close $out;
			POSIX::_exit(0);
		}
		close $out;
		$in;
	} 1 .. $n;
	return sub {
		my (%said, %last);
		for (@pipes) {
			my ($s, $l) = @{ decode_json(do { local $/; <$_> }) };
			$said{$_} += $s->{$_} for keys %$s;
			%last = (%last, %$l);
		}
		1 while wait > 0;
		return (\%said, \%last);
	};
}
sub bounded ($what, $end, $refusal) {
	my ($said, $p95) = others(1.8);
	my ($flood, $last) = $end->();
	note "$what: the flood ", join(' ', map { "$_: $flood->{$_}" } sort keys %$flood), '; others p95: ', join ', ', map { sprintf '%s %.0f ms', $_, 1000 * $p95->{$_} } sort keys %$p95;
	is_deeply [sort keys %$said], ['api 200', 'collect 200', 'ui 200'], "$what: another company is served at every door" or diag explain $said;
	cmp_ok $p95->{$_}, '<', 1, "$what: at $_ within a second" for sort keys %$p95;
	ok $flood->{429}, "$what: it is told 429" or diag explain $flood;
	like $last->{429}{headers}{'retry-after'}, qr/^[1-9]\d*$/, 'and when to come again';
	like $last->{429}{headers}{ratelimit} // '', qr/^"key";r=\d+;t=\d+$/, 'and what is left';
	my $j = eval { decode_json($last->{429}{content}) } // {};
	is $refusal->($j), 'limit', 'in the words of the door';
	return $flood;
}

# --- one key's flood at the trackers' door, and at the API ---
my $n = 0;
my $flood = bounded('a flood of events', flood(6, 2.3, sub { $n++; $x->v1('batch', { batch => [map { { type => 'track', userId => "f$$-$_", event => 'Flood', messageId => "$$-$n-$_" } } 1 .. 20] }) }), sub ($j) { $j->{code} });
cmp_ok 20 * $flood->{200}, '<', 200 * 10 + 200 * 4 + 6 * 20, 'and gets no more than its rate and its bucket';
bounded('a flood of questions', flood(6, 2.3, sub { $x->api(GET => 'fields') }), sub ($j) { $j->{error}{code} });
is $x->http(GET => '/p.gif?writeKey=' . $x->env('WRITE_KEY') . '&event=E&userId=u')->{status}, 200, 'a pixel over the limit is an image';

# --- one company's slow questions: they leave others threads. The engine that answers them stands still meanwhile ---
sleep 3;
my $columns = $x->pid('engine-columns');
kill 'STOP', $columns;
my $question = JSON::PP->new->encode({ rule => 'return event.page_view:count():at_least(1)' });
my @slow = map {
	my $s = IO::Socket::INET->new(PeerAddr => $host) // die "connect: $!";
	printf $s "POST /api/v1/segments/preview HTTP/1.1\r\nHost: $host\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", $x->env('API_KEY'), length $question, $question;
	$s;
} 1 .. 12;
sleep 0.3;
my ($said, $p95) = others(1.5);
is_deeply [sort keys %$said], ['api 200', 'collect 200', 'ui 200'], 'twelve questions that hang leave others threads' or diag explain $said;
cmp_ok $p95->{api}, '<', 1, sprintf 'which answer at once: p95 %.0f ms', 1000 * $p95->{api};
my %told;
for my $s (@slow) {
	my $answer = '';
	$s->blocking(0);
	sysread $s, $answer, 4096;
	$told{ ($answer // '') =~ m{^HTTP/1.1 (\d+).*^(Retry-After: 1\r)?$}ms ? $1 : 'nothing yet' }++;
}
note 'told: ', join ', ', map { "$_: $told{$_}" } sort keys %told;
is_deeply \%told, { 429 => 6, 'nothing yet' => 6 }, 'six of eight threads are theirs, the other six are told to come again';
kill 'CONT', $columns;
close $_ for @slow;

# --- slow clients: a header or a body that comes by the byte stalls nginx, and there not for long ---
@slow = map { IO::Socket::INET->new(PeerAddr => $host) // die "connect: $!" } 1 .. 120;
my $began = time;
for my $i (0 .. $#slow) {
	my $s = $slow[$i];
	$s->autoflush(1);
	print $s $i % 2 ? "POST /v1/track HTTP/1.1\r\nHost: $host\r\nContent-Length: 1000\r\n\r\n{" : "GET /api/v1/health HTTP/1.1\r\nX-A: ";
}
($said, $p95) = others(1.5);
is_deeply [sort keys %$said], ['api 200', 'collect 200', 'ui 200'], '120 slow clients: others are served' or diag explain $said;
cmp_ok $p95->{collect}, '<', 1, sprintf 'at once: p95 %.0f ms', 1000 * $p95->{collect};

# --- silent ones at a door's own socket, who got past its permissions ---
my @silent = map { IO::Socket::UNIX->new(Peer => "$run/collect.sock") // die "connect: $!" } 1 .. 8;
my $from = time;
is $ask{collect}->(), 200, 'as many silent connections as there are threads: served all the same';
cmp_ok time - $from, '<', 8, sprintf 'once the door has had enough of them: %.1f s', time - $from;
close $_ for @silent;

# --- a request of 300 parameters, and one of 100 KB, by FastCGI ---
sub fastcgi ($socket, %params) {
	my $s = IO::Socket::UNIX->new(Peer => $socket) or die "connect: $!";
	my $record = sub ($type, $body) { pack('CCnnCC', 1, $type, 1, length $body, 0, 0) . $body };
	my $body = join '', map { my ($k, $v) = ($_, $params{$_}); pack(length $v > 127 ? 'CN' : 'CC', length $k, length($v) > 127 ? length($v) | 0x80000000 : length $v) . $k . $v } sort keys %params;
	my $bytes = $record->(1, pack 'nCx5', 1, 0);
	$bytes .= $record->(4, substr $body, 0, 30000, '') while length $body;
	print $s $bytes . $record->(4, '') . $record->(5, '');
	my $answer = '';
	while (sysread $s, my $some, 65536) { $answer .= $some }
	return $answer =~ /Status: (\d+)/ ? $1 : "nothing: $answer";
}
my %plain = (REQUEST_METHOD => 'GET', REQUEST_URI => '/api/v1/health', QUERY_STRING => '', CONTENT_LENGTH => '');
is fastcgi("$run/api.sock", %plain), 200, 'a plain request by FastCGI';
is fastcgi("$run/api.sock", %plain, map { ("HTTP_X_$_" => 'x') } 1 .. 300), 413, '300 parameters are refused';
is fastcgi("$run/api.sock", %plain, HTTP_X => 'x' x 100_000), 413, '100 KB of them too';
is fastcgi("$run/collect.sock", %plain, REQUEST_URI => '/v1/track', map { ("HTTP_X_$_" => 'x') } 1 .. 300), 400, 'at the trackers\' door as well';

# --- a door that is full: its queue is bounded, who comes after that is told at once ---
my $pid = $x->pid('collect');
kill 'STOP', $pid;
my @queue = map { my $s = IO::Socket::INET->new(PeerAddr => $host) // die "connect: $!"; print $s "GET /p.gif HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n"; $s } 1 .. 200;
my $select = IO::Select->new(@queue);
my ($refused, $shape, $until) = (0, '', time + 5);
while (time < $until && $refused < 20) {
	for my $s ($select->can_read(0.2)) {
		sysread $s, my $answer, 4096;
		$refused++ if $answer =~ m{^HTTP/1.1 503 } && $answer =~ /^Retry-After: [1-9]\d*\r$/mi && $answer =~ /"code":/;
		$select->remove($s);
	}
}
cmp_ok $refused, '>=', 20, 'a door that hangs: beyond its queue, 503 at once with Retry-After';
kill 'CONT', $pid;
close $_ for @queue;
ok $x->wait_for(sub { $ask{collect}->() == 200 }, 10, 'collect'), 'it goes on when it can';

# --- doors that are away ---
Cxdp::run('sv', '-w', 10, 'force-stop', map { "$dir/service/$_" } qw(collect api));
my $r = $x->v1('track', { userId => 'u', event => 'E' });
is $r->{status}, 503, 'the trackers\' door is away: SDKs try again';
like $r->{headers}{'retry-after'}, qr/^\d+$/, 'and know when';
ok $r->{json}{code} && $r->{json}{message}, 'in the shape they read';
is $r->{headers}{'access-control-allow-origin'}, '*', 'also in a browser';
$r = $x->api(GET => 'fields');
is $r->{status}, 503, 'the API is away';
like $r->{headers}{'retry-after'}, qr/^\d+$/, 'callers know when to come again';
ok $r->{json}{error}{code}, 'in its own shape';
is $ui->get('/sources')->{status}, 200, 'the pages are not touched';
Cxdp::run('sv', '-w', 10, 'up', map { "$dir/service/$_" } qw(collect api));
$x->wait_for(sub { $ask{api}->() == 200 && $ask{collect}->() == 200 }, 10, 'doors');

# --- nginx's own limits ---
my $conf = do { open my $c, '<', "$dir/nginx/cxdp.conf" or die; local $/; <$c> };
open my $c, '>', "$dir/nginx/cxdp.conf" or die;
print $c $conf =~ s/rate=100000r/rate=20r/r =~ s/burst=100000/burst=20/r;
close $c;
kill 'HUP', $x->pid('nginx');
ok $x->wait_for(sub { grep { $x->api(GET => 'health')->{status} == 429 } 1 .. 60 }, 10, '429'), 'more requests of one address than it may: 429';
$r = (grep { $_->{status} == 429 } map { $x->api(GET => 'health') } 1 .. 60)[0];
like $r->{headers}{'retry-after'}, qr/^\d+$/, 'the API says when';
ok $r->{json}{error}{code}, 'in its shape';
$r = (grep { $_->{status} == 429 } map { $x->v1('track', { userId => 'u', event => 'E' }) } 1 .. 60)[0];
like $r->{headers}{'retry-after'}, qr/^\d+$/, 'the trackers\' door says when';
ok $r->{json}{code}, 'in its shape';

# the slow clients of the beginning are gone by now
sleep $began + 12 - time if time < $began + 12;
my $gone = grep { my $s = $_; $s->blocking(0); my $got = sysread $s, my $some, 4096; defined $got } @slow;
cmp_ok $gone, '>=', 115, 'and who was slow for ten seconds has lost his connection';
done_testing;
