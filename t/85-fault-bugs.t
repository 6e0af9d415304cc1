#!/usr/bin/env perl
# The harness is tested: mistakes our code does not make are planted by the shim, and the checker must see each; the same faults
# without the mistake are survived. CXDP_FAULT_RUNS repeats it.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 100 + 30 * ($ENV{CXDP_FAULT_RUNS} // 1) }
use Cxdp;
use Fault;
use Test::More;

plan skip_all => Fault::cannot() if Fault::cannot();
my $x = Cxdp->up;
my $f = Fault->new($x, seed => 1);
$f->take('collect', 'engine-apply');

# [mistake, the code's own behaviour under the same fault, rules with the mistake, environment that makes it]
# apply stands still meanwhile: what it read from the cache would be safe in the store
my @bugs = (
	['an answer before the sync', 'collect', 'jwrite:4:LOSE', 'jsync:1+:LIE;jwrite:4:LOSE'],
	['a sync error that is ignored', 'collect', 'jsync:2:EIOLOSE', 'jsync:2:LIELOSE'],
	['no CRC', 'collect', 'jsync:2:FLIP', 'jsync:2:FLIP', { FAULT_BUG => 'no_crc' }],
	['a position outside of the transaction', 'engine-apply', 'dbcommit:1:KILL', 'dbcommit:1:KILL', { FAULT_BUG => 'position' }],
);
my $n = 0;
sub run_once ($process, $rules, $env) {
	$f->forget('Run ' . ++$n);
	for my $p ('collect', 'engine-apply') {
		$f->{of}{$p}{env} = $env;
		$f->stop($p);
		$f->rules($p, '');
		$f->start($p);
	}
	$f->rules($process, $rules);
	kill 'STOP', $f->pid('engine-apply');
	$f->send_batches(4);
	kill 'CONT', $f->pid('engine-apply');
	$f->settle(2);
	$f->tend;
	return ($f->{of}{$process}{status}, $f->check);
}
for my $run (1 .. $ENV{CXDP_FAULT_RUNS} // 1) {
	for my $bug (@bugs) {
		my ($what, $process, $fault, $mistake, $env) = @$bug;
		my ($status, @broken) = run_once($process, $fault, {});
		is "@broken", '', "$fault is survived";
		($status, @broken) = run_once($process, $mistake, $env // {});
		ok scalar @broken, "$what is caught" or diag 'nothing was seen';
		note "$what: $_" for @broken;
	}
}
done_testing;
