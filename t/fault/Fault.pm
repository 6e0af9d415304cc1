# Processes of an instance under the preload shim (t/fault/shim.c), what clients remember of what they sent, and the checker that
# holds both against the store.
#
#   my $f = Fault->new($x, seed => N);
#   $f->take('collect', 'engine-apply')         from the supervisor, under the shim, restarted when they die
#   $f->rules('collect', 'jsync:2:EIO')         from now on; '' none
#   $f->send_batches(3)                         answered 200, sent again until then with the same ids
#   $f->settle                                  all is applied
#   $f->check                                   a list of what is broken
package Fault;
use v5.36;
use utf8;
use Digest::MD5 qw(md5_hex);
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;
my @sites = qw(jopen jwrite jsync jrename jdirsync junlink jread jnote falloc dbsend dbrecv dbcommit webread webwrite);

sub new ($class, $x, %opt) {
	my $self = bless { x => $x, seed => $opt{seed} // 1, of => {}, ids => {}, n => 0, positions => {}, slowest => 0, deaths => 0,
		event => $opt{event} // 'Ledger Event', key => $opt{key} // $x->env('WRITE_KEY'), answers => {} }, $class;
	$self->{file} = $x->dir . "/ledger.$self->{seed}";
	open $self->{ledger}, '>>', $self->{file} or die "ledger: $!";
	$self->{ledger}->autoflush(1);
	$self->{http} = HTTP::Tiny->new(timeout => 5);
	return $self;
}

sub shim { my $so = "$Cxdp::build/t/fault-shim.so"; return -e $so ? $so : undef }

# can: a reason why the shim cannot be used, or ''.
sub cannot {
	return 'the shim is not built' unless shim();
	return 'sanitizers want to be loaded first' if ($ENV{CXDP_CONFIGURE} // '') =~ /sanitize/;
	return '';
}

# journal: the directory, as the processes name it
sub journal ($self) {
	open my $conf, '<', $self->{x}->dir . '/cxdp.conf' or die "cxdp.conf: $!";
	my ($dir) = map { /^journal_dir = (.*)/ } <$conf>;
	return $dir;
}

# --- processes ---

my %command = (collect => 'cxdp-collect', api => 'cxdp-api', ui => 'cxdp-ui');

# take(SERVICE..., env => {}): ours from now on.
sub take ($self, @services) {
	my %env = ref $services[-1] ? %{ pop @services } : ();
	for my $s (@services) {
		Cxdp::run('sv', '-w', 15, 'force-stop', $self->{x}->dir . "/service/$s");
		$self->control($s);
		$self->{of}{$s}{env} = \%env;
		$self->spawn($s);
	}
}

sub control ($self, $s) {
	my $control = $self->{x}->dir . "/control.$s";
	open my $c, '+>', $control or die "$control: $!";
	binmode $c;
	syswrite $c, "\0" x 4096;
	$self->{of}{$s} = { control => $c, path => $control, generation => 0, env => {} };
}

sub spawn ($self, $s) {
	my ($of, $dir) = ($self->{of}{$s}, $self->{x}->dir);
	my @command = $s =~ /^engine-(.*)/ ? ("$Cxdp::build/cxdp-engine", '--config', "$dir/cxdp.conf", '--role', $1)
		: ("$Cxdp::build/$command{$s}", '--config', "$dir/cxdp.conf");
	local @SIG{qw(TERM INT)} = ('DEFAULT') x 2; # a child that is ended before it is another program is no test that ends
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', "$dir/log/fault-$s.log";
		open STDERR, '>&', \*STDOUT;
		%ENV = (%ENV, %{ $of->{env} }, LD_PRELOAD => shim(), FAULT_CONTROL => $of->{path}, FAULT_DIR => $self->journal);
		exec @command or POSIX::_exit(127);
	}
	$of->{pid} = $pid;
	$of->{since} = time;
	return $pid;
}

# preload(SERVICE...): under the shim as well, but left with the supervisor.
sub preload ($self, @services) {
	for my $s (@services) {
		my $dir = $self->{x}->dir;
		$self->control($s);
		open my $f, '<', "$dir/service/$s/run" or die "$s: $!";
		my @run = <$f>;
		$run[-1] =~ s{^exec }{exec env LD_PRELOAD=@{[shim()]} FAULT_CONTROL=$self->{of}{$s}{path} FAULT_DIR=@{[$self->journal]} };
		open $f, '>', "$dir/service/$s/run" or die "$s: $!";
		print $f @run;
		close $f;
		Cxdp::run('sv', '-w', 15, 'force-restart', "$dir/service/$s");
	}
}

# tend: those that died are started again; how many.
sub tend ($self) {
	my $died = 0;
	for my $s (sort keys %{ $self->{of} }) {
		my $of = $self->{of}{$s};
		next if $of->{stopped} || !$of->{pid} || waitpid($of->{pid}, POSIX::WNOHANG()) != $of->{pid};
		$of->{status} = $?;
		$died++;
		$self->{deaths}++;
		# a rule that kills did its work; the next process is a healthy one
		$self->rules($s, '') unless $of->{keep};
		$self->spawn($s);
	}
	return $died;
}

sub stop ($self, $s, $signal = 'TERM') {
	my $of = $self->{of}{$s};
	$of->{stopped} = 1;
	kill $signal, $of->{pid};
	waitpid $of->{pid}, 0;
	$of->{status} = $?;
	delete $of->{pid};
}

sub start ($self, $s) {
	$self->{of}{$s}{stopped} = 0;
	$self->spawn($s);
}

sub pid ($self, $s) { return $self->{of}{$s}{pid} }

sub DESTROY ($self) {
	local ($?, $@);
	for my $of (values %{ $self->{of} }) {
		next unless $of->{pid};
		kill 'CONT', $of->{pid};
		kill 'KILL', $of->{pid};
		waitpid $of->{pid}, 0;
	}
}

# --- the shim ---

sub put ($self, $s, $at, $bytes) {
	my $c = $self->{of}{$s}{control};
	sysseek $c, $at, 0;
	syswrite $c, $bytes;
}

sub rules ($self, $s, $rules) {
	my $of = $self->{of}{$s};
	my $at = 20 + 4 * @sites;
	$self->put($s, $at, pack 'Z512', '');
	$self->put($s, 8, pack 'L', ++$of->{generation});
	$self->put($s, 16, pack 'L', 0);
	$self->put($s, $at, pack 'Z512', $rules);
}

sub full ($self, $s, $full) { $self->put($s, 12, pack 'L', $full ? 1 : 0) }
sub clock ($self, $s, $us) { $self->put($s, 0, pack 'q', $us) }

sub fired ($self, $s) {
	my $c = $self->{of}{$s}{control};
	sysseek $c, 16, 0;
	sysread $c, my $bytes, 4;
	return unpack 'L', $bytes;
}

# counts(SERVICE): { site => calls since the rules were set }
sub counts ($self, $s) {
	my $c = $self->{of}{$s}{control};
	sysseek $c, 20, 0;
	sysread $c, my $bytes, 4 * @sites;
	my %n;
	@n{@sites} = unpack 'L*', $bytes;
	return \%n;
}

# --- clients ---

sub call ($self, $id) {
	my ($n) = $id =~ /-(\d+)$/;
	my $person = $n * 7 % 23;
	my %who = $n % 3 ? (anonymousId => "$self->{seed}-dev-$person") : (userId => "$self->{seed}-user-$person", anonymousId => "$self->{seed}-dev-$person");
	my %when = $n % 2 ? (timestamp => sprintf '2026-10-%02dT10:%02d:%02dZ', 1 + $n % 20, $n % 60, $n * 13 % 60) : ();
	return { type => 'track', event => $self->{event}, messageId => $id, %who, %when, properties => { id => $id, n => $n, sum => md5_hex("$self->{seed}/$id") } };
}

# Every tenth call comes with what the person is.
sub traits ($self, $id) {
	my ($n) = $id =~ /-(\d+)$/;
	my $call = $self->call($id);
	return () if $n % 10;
	return { type => 'identify', messageId => "$id-who", traits => { score => $n, city => $n % 20 ? 'Минск' : 'Брест', firstName => $self->{event} },
		map { $_ => $call->{$_} } grep { exists $call->{$_} } qw(userId anonymousId timestamp) };
}

# read_ledger: what another process of this seed sent.
sub read_ledger ($self) {
	open my $f, '<', $self->{file} or return;
	while (my $line = <$f>) {
		my ($word, @ids) = split ' ', $line;
		$self->{ids}{$_} = $word eq 'ok' ? 'ok' : $self->{ids}{$_} // 'unknown' for @ids;
	}
}

# send_batches(N, size => 3, api => BOOL, once => BOOL): one after the other; gives up after a minute. An answer that is no 200 is tried
# again, as SDKs do.
sub send_batches ($self, $n, %opt) {
	my ($path, $list, $auth) = $opt{api} ? ('/api/v1/events/bulk', 'events', 'Bearer ' . $self->{x}->env('API_KEY'))
		: ('/v1/batch', 'batch', 'Basic ' . encode_base64("$self->{key}:", ''));
	my %headers = (authorization => $auth, 'content-type' => 'application/json');
	for (1 .. $n) {
		my @ids = map { "$self->{seed}-" . ++$self->{n} } 1 .. $opt{size} // 3;
		say { $self->{ledger} } "invoke @ids";
		$self->{ledger}->sync;
		$self->{ids}{$_} = 'unknown' for @ids;
		my $body = $json->encode({ $list => [map { ($self->call($_), $opt{api} ? () : $self->traits($_)) } @ids] });
		my $from = time;
		while (1) {
			my $r = $self->{http}->post($self->{x}->url . $path, { headers => \%headers, content => $body });
			$self->{answers}{ $r->{status} }++;
			push @{ $self->{broken} }, "answered $r->{status}: $r->{content}" if $r->{status} !~ /^(200|429|503|599)$/;
			push @{ $self->{broken} }, "$r->{status} without Retry-After" if $r->{status} =~ /^(429|503)$/ && !$r->{headers}{'retry-after'};
			last if $r->{status} == 200;
			return 0 if $opt{once} || time - $from > 60;
			$self->tend;
			sleep $opt{patience} // 0.02;
		}
		$self->{slowest} = time - $from if time - $from > $self->{slowest};
		$self->{ids}{$_} = 'ok' for @ids;
		say { $self->{ledger} } "ok @ids";
		$self->{ledger}->sync;
	}
	return 1;
}

# forget: what was sent so far; what comes has another event's name.
sub forget ($self, $event) {
	$self->{ids} = {};
	$self->{event} = $event;
	truncate $self->{ledger}, 0;
}

# --- the checker ---

sub acked ($self) { return scalar grep { $_ eq 'ok' } values %{ $self->{ids} } }

# what the store has: { id => [sums] }, of events and of dead letters
sub stored ($self) {
	my (%events, %dead);
	push @{ $events{ $_->[0] } }, $_->[1]
		for $self->{x}->sql("select json_value(props, '\$.id'), json_value(props, '\$.sum') from event e join event_type t using (company_id, type_id) where t.name = '$self->{event}'");
	for my $row ($self->{x}->sql(q{select payload from dead_letter where state != 'refused'})) {
		my $record = eval { $json->decode(Encode::encode('UTF-8', $row->[0])) } or next;
		$dead{ $_->{properties}{id} }++ for grep { $_->{properties}{id} } @{ $record->{items} // [] };
	}
	return (\%events, \%dead);
}

# settle(SECONDS): until everything acknowledged is applied or a dead letter; the seconds it took, or undef.
sub settle ($self, $seconds = 20) {
	my $from = time;
	while (time - $from < $seconds) {
		$self->tend;
		my ($events, $dead) = eval { $self->stored };
		return time - $from if $events && !grep { $self->{ids}{$_} eq 'ok' && !$events->{$_} && !$dead->{$_} } keys %{ $self->{ids} };
		sleep 0.02;
	}
	return undef;
}

# check: what is broken of I1 to I4 and I6, in words.
sub check ($self) {
	my @acked = grep { $self->{ids}{$_} eq 'ok' } keys %{ $self->{ids} };
	my ($events, $dead) = $self->stored;
	$self->read_ledger; # what was sent meanwhile is no ghost
	my @broken = @{ delete $self->{broken} // [] };
	my ($lost, $twice, $ghost, $wrong) = (0, 0, 0, 0);
	$lost = grep { !$events->{$_} && !$dead->{$_} } @acked;
	for my $id (keys %$events) {
		$twice++ if @{ $events->{$id} } > 1;
		$ghost++ unless $self->{ids}{$id};
		$wrong++ if grep { ($_ // '') ne md5_hex("$self->{seed}/$id") } @{ $events->{$id} };
	}
	push @broken, "I1: $lost of " . @acked . ' acknowledged are lost' if $lost;
	push @broken, "I2: $ghost are there that nobody sent" if $ghost;
	push @broken, "I2: $wrong are not what was sent" if $wrong;
	push @broken, "I3: $twice are there twice" if $twice;
	my ($feed) = $self->{x}->sql('select count(*) from (select f.company_id from feed f left join event e using (company_id) group by f.company_id, f.last_seq
		having f.last_seq != coalesce(max(e.seq), 0) or f.last_seq != count(e.seq)) wrong');
	push @broken, 'I3: the feed does not count its events' if $feed->[0];
	for ($self->{x}->sql('select journal, position from journal_position')) {
		my ($journal, $position) = @$_;
		push @broken, "I4: $journal went back from $self->{positions}{$journal} to $position" if ($self->{positions}{$journal} // 0) > $position;
		$self->{positions}{$journal} = $position;
	}
	return @broken;
}

1;
