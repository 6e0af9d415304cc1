# A client's own memory of what it sent: an id of its own making is on disk before each request, the answer after it.
# What was answered 200 must be there exactly once; what was not answered is unknown, not failed: there at most once.
package Ledger;
use v5.36;
use utf8;
use IO::Handle;
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;

# send_events(file, url, key, seed, until => SUB): posts batches of events of few people as fast as it is answered, until SUB
# says stop. Every call has a messageId "SEED-N"; a request that was not answered 200 is sent again with the same ids, as SDKs do.
sub send_events ($file, $url, $key, $seed, $until) {
	open my $ledger, '>>', $file or die "$file: $!";
	$ledger->autoflush(1);
	my $http = HTTP::Tiny->new(timeout => 3);
	my $headers = { authorization => 'Basic ' . encode_base64("$key:", ''), 'content-type' => 'application/json' };
	my $n = 0;
	until ($until->()) {
		my @ids = map { "$seed-" . ++$n } 1 .. 5;
		say $ledger "invoke @ids";
		$ledger->sync;
		my $body = $json->encode({ batch => [ map { call($seed, $_) } @ids ] });
		my $answered = 0;
		for my $try (1 .. 200) {
			my $r = $http->post("$url/v1/batch", { headers => $headers, content => $body });
			$answered = $r->{status} == 200;
			last if $answered || $until->();
			die "refused: $r->{status} $r->{content}\n" if $r->{status} =~ /^4/;
			sleep 0.05;
		}
		say $ledger(($answered ? 'ok ' : 'unknown ') . "@ids");
		$ledger->sync;
	}
	close $ledger;
}

# Some calls identify, most track; some carry a timestamp: all by the id alone, so a repeat is the same call.
sub call ($seed, $id) {
	my ($n) = $id =~ /-(\d+)$/;
	my $person = $n * 7 % 23;
	my %who = $n % 3 ? (anonymousId => "$seed-dev-$person") : (userId => "$seed-user-$person", anonymousId => "$seed-dev-$person");
	my %when = $n % 2 ? (timestamp => sprintf '2026-11-%02dT10:%02d:%02dZ', 1 + $n % 20, $n % 60, $n * 13 % 60) : ();
	return { type => 'identify', messageId => $id, %who, %when, traits => { score => $n, city => $n % 20 ? 'Минск' : 'Брест' } }
		if $n % 10 == 0;
	return { type => 'track', event => 'Ledger Event', messageId => $id, %who, %when, properties => { id => $id, n => $n } };
}

# read_ledger(file): { id => "ok" | "unknown" } of all that was invoked.
sub read_ledger ($file) {
	my %said;
	open my $f, '<', $file or return {};
	while (my $line = <$f>) {
		my ($word, @ids) = split ' ', $line;
		for my $id (@ids) {
			$said{$id} = $word eq 'ok' ? 'ok' : $said{$id} // 'unknown';
		}
	}
	return \%said;
}

# is_track(id): whether the id is of an event whose properties carry it (an identify's do not).
sub is_track ($id) { my ($n) = $id =~ /-(\d+)$/; return $n % 10 != 0 }

1;
