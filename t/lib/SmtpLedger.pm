# A mail relay for fault tests: notes the Message-ID of every letter it took in a file before it says so, and takes its
# time before that, so that senders die with letters on their way.
#
#   my $relay = SmtpLedger->new(file => PATH, slow_ms => 50);   $relay->url   $relay->stop
#   SmtpLedger::read_file(PATH)    { message id => how often }
package SmtpLedger;
use v5.36;
use IO::Socket::INET;
use POSIX ();
use Time::HiRes 'sleep';

sub new ($class, %opt) {
	my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64, ReuseAddr => 1)
		or die "listen: $!";
	my $self = bless { %opt, port => $listen->sockport }, $class;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		$SIG{TERM} = $SIG{INT} = $SIG{ALRM} = 'DEFAULT';
		$SIG{CHLD} = 'IGNORE';
		setpgrp;
		alarm 600;
		serve($self, $listen);
		POSIX::_exit(0);
	}
	$self->{pid} = $pid;
	close $listen;
	return $self;
}

sub url ($self) { return "smtp://127.0.0.1:$self->{port}" }

sub stop ($self) {
	kill 'KILL', -$self->{pid};
	kill 'KILL', $self->{pid};
	waitpid $self->{pid}, 0;
}

sub serve ($self, $listen) {
	while (my $peer = $listen->accept) {
		my $pid = fork // next;
		if ($pid == 0) {
			close $listen;
			eval { talk($self, $peer) };
			POSIX::_exit(0);
		}
		close $peer;
	}
}

sub talk ($self, $peer) {
	local $/ = "\r\n";
	$peer->autoflush(1);
	print $peer "220 ledger\r\n";
	while (defined(my $line = <$peer>)) {
		chomp $line;
		if ($line =~ /^DATA/i) {
			print $peer "354 go on\r\n";
			my $id = '';
			while (defined($line = <$peer>)) {
				chomp $line;
				last if $line eq '.';
				$id = $1 if $id eq '' && $line =~ /^Message-ID: <([^>]+)>/;
			}
			return unless defined $line;
			note_id($self, $id);
			sleep(($self->{slow_ms} // 0) / 1000);
			print $peer "250 taken\r\n";
		} elsif ($line =~ /^QUIT/i) {
			print $peer "221 bye\r\n";
			return;
		} else {
			print $peer "250 ok\r\n";
		}
	}
}

sub note_id ($self, $id) {
	open my $f, '>>', $self->{file} or die "$self->{file}: $!";
	syswrite $f, "$id\n";
}

sub read_file ($path) {
	my %times;
	open my $f, '<', $path or return \%times;
	while (<$f>) { chomp; $times{$_}++ }
	return \%times;
}

1;
