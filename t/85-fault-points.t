#!/usr/bin/env perl
# The n-th write, sync, rename, send, receive, commit of each process fails, is cut short, kills, or loses what was not synced, for
# n = 1, 2, 3 ...: after each the ledger is held against the store. A sample drawn by the seed; CXDP_FAULT_POINTS=all takes all.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= ($ENV{CXDP_FAULT_POINTS} // '') eq 'all' ? 7200 : 170 }
use Cxdp;
use Fault;
use List::Util qw(shuffle max);
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => Fault::cannot() if Fault::cannot();
my $all = ($ENV{CXDP_FAULT_POINTS} // '') eq 'all';
my $seconds = $ENV{CXDP_FAULT_SECONDS} // 18;
my $seed = $ENV{CXDP_FAULT_SEED} // time =~ s/\..*//r;
srand $seed;
note "seed $seed";

# what can happen where
my @file = qw(EIO ENOSPC KILL KILLAFTER);
my @wire = qw(ECONNRESET EINTR SHORT CUT CUTAFTER KILL KILLAFTER);
my %faults = (
	collect => { jopen => \@file, jrename => [qw(EIO KILL KILLAFTER LOSE)], jdirsync => [qw(EIO KILL KILLAFTER LOSE)],
		jwrite => [@file, qw(EINTR SHORT TORN SLOW)], jsync => [qw(EIO ENOSPC EIOLOSE KILL KILLAFTER LOSE GARBLE FLIP SLOWLOSE)],
		webread => \@wire, webwrite => \@wire, dbsend => \@wire, dbrecv => \@wire, falloc => [qw(ENOSPC KILL)] },
	'engine-apply' => { jread => [qw(EIO EINTR SHORT KILL)], jnote => [@file, 'TORN'], junlink => [qw(EIO KILL KILLAFTER)],
		jdirsync => [qw(EIO KILL)], dbsend => \@wire, dbrecv => \@wire, dbcommit => [qw(CUT CUTAFTER KILL KILLAFTER ECONNRESET)] },
	api => { dbsend => \@wire, dbrecv => \@wire, dbcommit => [qw(CUT CUTAFTER KILL KILLAFTER ECONNRESET)] },
	'engine-columns' => { dbsend => [qw(CUT KILL)], dbrecv => [qw(CUT KILL)], dbcommit => [qw(CUT CUTAFTER KILL KILLAFTER)] },
);

my $x = Cxdp->up(conf => { journal_segment_s => 1 });
my $segment = $x->api(POST => 'segments', { name => 'Busy', rule => 'return event["Ledger Event"]:count():at_least(9)' })->{json}{data}{id};
ok $segment, 'a segment counts';
my $f = Fault->new($x, seed => $seed);
$f->take(sort keys %faults);
my $work = sub ($process) { $f->send_batches(3, api => $process eq 'api') };
$work->('collect');
$f->settle;

# act(PROCESS, FRESH, RULES): the same work each time, for a fresh process from its start on; seconds until it was applied, or undef
my $act = sub ($p, $fresh, $rules) {
	if ($fresh) {
		$f->stop($p);
		if ($p eq 'engine-apply') { # it finds work, and a segment that ended
			$work->($p);
			$f->stop('collect');
			$f->start('collect');
		}
		unlink $x->dir . '/journal/reserve' if $p eq 'collect';
		$f->rules($p, $rules);
		$f->start($p);
	} else {
		$f->rules($p, $rules);
	}
	# what a power failure takes must not have been applied from the cache already
	my $behind = $rules =~ /LOSE|GARBLE|FLIP/ && rand() < 0.7;
	kill 'STOP', $f->pid('engine-apply') if $behind;
	my $sent = $work->($p);
	kill 'CONT', $f->pid('engine-apply') if $behind;
	return $sent ? $f->settle(10) : undef;
};
# how often it comes to each of its places meanwhile
my %times;
for my $p (sort keys %faults) {
	for my $fresh (1, 0) {
		$act->($p, $fresh, '') // die 'nothing is applied';
		sleep 0.3;
		$times{$p}[$fresh] = $f->counts($p);
		note "$p, ", $fresh ? 'fresh: ' : 'running: ', join ' ', map { "$_ $times{$p}[$fresh]{$_}" } grep { $times{$p}[$fresh]{$_} } sort keys %{ $faults{$p} };
	}
}

# once each place and fault at a drawn n, then more of them as long as the time lasts
my (@once, @more);
for my $p (sort keys %faults) {
	for my $site (sort keys %{ $faults{$p} }) {
		my @places = map { my $fresh = $_; map { [$fresh, $_] } 1 .. $times{$p}[$fresh]{$site} } 1, 0;
		ok scalar @places, "$p comes to $site";
		for my $fault (@{ $faults{$p}{$site} }) {
			my $drawn = int rand @places;
			push @{ $_ == $drawn ? \@once : \@more }, [$p, @{ $places[$_] }, $site, $fault] for 0 .. $#places;
		}
	}
}
my @points = (shuffle(@once), shuffle(@more));
note scalar(@points) . ' points, ' . scalar(@once) . ' kinds';

my ($done, $fired, $until, %by, @broken, @recovery) = (0, 0, time + $seconds);
for my $point (@points) {
	last if !$all && time > $until && $done >= 40;
	my ($p, $fresh, $n, $site, $fault) = @$point;
	my $deaths = $f->{deaths};
	my $took = $act->($p, $fresh, "$site:$n:$fault");
	if ($f->fired($p) || $f->{deaths} > $deaths) {
		$fired++;
		$by{$fault}++;
		push @recovery, $took // 10;
	}
	push @broken, map { "$p" . ($fresh ? ', fresh,' : '') . " $site:$n:$fault: $_" } defined $took ? () : 'is not applied', $f->check;
	$f->rules($p, '');
	$done++;
	note sprintf '%d points, %d fired', $done, $fired if $done % 500 == 0;
	last if @broken > 5;
}
is "@broken", '', 'nothing is lost, doubled, invented, changed, at none of the points' or diag join "\n", @broken;
@recovery = sort { $a <=> $b } @recovery;
note sprintf '%d points, %d of them fired (%s); %d processes died; acknowledged %d; recovery p50 %.2f s, max %.2f s; longest wait for a 200 %.2f s',
	$done, $fired, join(', ', map { "$_ $by{$_}" } sort keys %by), $f->{deaths}, $f->acked, @recovery ? ($recovery[@recovery / 2], $recovery[-1]) : (0, 0), $f->{slowest};
cmp_ok $done, '>=', 40, 'enough points to mean something';
cmp_ok $fired, '>=', $done / 2, 'and most of them were met';

# what follows from the events: membership is what a recount says
ok $x->wait_for(sub {
	$f->tend;
	my ($rows) = $x->sql("select count(*) from membership where segment_id = $segment");
	my $count = $x->api(POST => 'segments/preview', { rule => 'return event["Ledger Event"]:count():at_least(9)' })->{json}{data}{count} // -1;
	return $rows->[0] == $count && $count > 0;
}, 20, 'the members'), 'the members of the segment are those a recount finds';
is(($x->sql("select count(*) from dead_letter where state != 'refused'"))[0][0], 0, 'no fault of ours made anything a dead letter');
done_testing;
