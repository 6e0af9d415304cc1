#!/usr/bin/env perl
# kill -9 of doors, engine roles and the database while events come: nothing acknowledged is lost, nothing is there twice,
# and what is derived (memberships, sizes) is what a recount says. CXDP_FAULT_SECONDS makes it longer.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
use Cxdp;
use Ledger;
use Test::More;
use Time::HiRes qw(sleep time);

my $seconds = $ENV{CXDP_FAULT_SECONDS} // 20;
alarm $seconds + 160;
my $seed = $ENV{CXDP_FAULT_SEED} // time =~ s/\..*//r;
srand $seed;
note "seed $seed";
my $x = Cxdp->up;
my ($dir, $url, $key) = ($x->dir, $x->url, $x->env('WRITE_KEY'));

my $r = $x->api(POST => 'segments', { name => 'Минск', rule => 'return field.city:is "Минск" & known()' });
is $r->{status}, 201, 'a segment watches' or diag $r->{content};
my $busy = $x->api(POST => 'segments', { name => 'Busy', rule => 'return event["Ledger Event"]:count():at_least(20)' });
is $busy->{status}, 201, 'and another counts';

my @writers = map {
	my $n = $_;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		$SIG{TERM} = 'DEFAULT';
		eval { Ledger::send_events("$dir/ledger.$n", $url, $key, "s$n", sub { -e "$dir/enough" }); 1 } or print STDERR "# $@";
		require POSIX;
		POSIX::_exit(0);
	}
	$pid;
} 1 .. 3;

my @victims = qw(collect engine-apply engine-columns mysql collect engine-apply api);
my %killed;
my $until = time + $seconds;
while (time < $until) {
	sleep 0.4 + rand 1.2;
	my $victim = $victims[rand @victims];
	$killed{$victim}++ if eval { $x->kill9($victim) };
}
open my $enough, '>', "$dir/enough";
close $enough;
waitpid $_, 0 for @writers;
note join ', ', map { "$_ killed $killed{$_} times" } sort keys %killed;
cmp_ok scalar(keys %killed), '>=', 3, 'several kinds of processes were killed';

ok $x->wait_for(sub {
	my $h = $x->api(GET => 'health')->{json}{data} or return;
	return ($h->{columns} // '') eq 'ok' && ($h->{journal_lag_s} // 1) == 0 && ($h->{feed_lag_s} // 1) == 0;
}, 60, 'health'), 'everything came back by itself and caught up';

my %said = map { %{ Ledger::read_ledger("$dir/ledger.$_") } } 1 .. 3;
my @sent = grep { Ledger::is_track($_) } keys %said;
my @acked = grep { $said{$_} eq 'ok' } @sent;
my %stored;
$stored{ $_->[0] }++ for $x->sql(q{select json_value(props, '$.id') from event e join event_type t using (company_id, type_id) where t.name = 'Ledger Event'});
note scalar(@acked) . ' of ' . scalar(@sent) . ' acknowledged';
cmp_ok scalar(@acked), '>', 200, 'enough was sent to mean something';
is scalar(grep { !$stored{$_} } @acked), 0, 'nothing acknowledged is lost';
is scalar(grep { $stored{$_} > 1 } keys %stored), 0, 'nothing is there twice';
is scalar(grep { !exists $said{$_} } keys %stored), 0, 'nothing is there that nobody sent';

# what follows from the events
my ($last) = $x->sql('select last_seq from feed');
my ($top) = $x->sql('select max(seq) from event');
is $last->[0], $top->[0], 'the feed ends with its last event';
for my $segment (@{ $x->api(GET => 'segments')->{json}{data} }) {
	my $rule = $segment->{rule};
	my $recount = sub { $x->api(POST => 'segments/preview', { rule => $rule })->{json}{data}{count} };
	ok $x->wait_for(sub {
		my ($rows) = $x->sql("select count(*) from membership where segment_id = $segment->{id}");
		my $size = $x->api(GET => "segments/$segment->{id}")->{json}{data}{size};
		return $rows->[0] == $recount->() && $size == $rows->[0];
	}, 10, "$segment->{name}"), "members of $segment->{name} are what a recount says: " . $recount->();
}
my @wrong = $x->sql(q{select m.person_id from membership m left join person p on p.company_id = m.company_id and p.person_id = m.person_id where p.person_id is null});
is scalar(@wrong), 0, 'every member is a person';
my @twice = $x->sql(q{select kind, value, count(*) from ident group by company_id, kind, value having count(*) > 1});
is scalar(@twice), 0, 'every identifier is one person\'s';
my @entered = $x->sql(q{select json_value(e.props, '$.segment') s, e.node_id, sum(if(t.name = 'segment_entered', 1, -1)) n
	from event e join event_type t using (company_id, type_id) where t.name in ('segment_entered', 'segment_exited') group by s, e.node_id having n not in (0, 1)});
is scalar(@entered), 0, 'entries and exits of each person take turns';

# connections that died while they were kept
$x->kill9('mysql');
$x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' }, 30, 'health');
my %status;
$status{ $x->api(GET => 'fields')->{status} }++ for 1 .. 60;
is_deeply \%status, { 200 => 60 }, 'no request is refused for a connection that died meanwhile';

done_testing;
