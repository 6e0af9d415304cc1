#!/usr/bin/env perl
# A full disk under the journal: nothing is answered 200 that is not on it, senders are told when to come again, the reserve is let go
# and made again, and taking begins again by itself within 10 s of free space. Once by the shim, once on a small tmpfs where we may
# mount one. Then the other ends of the journal: its quota, and files that nobody fills.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
use Cxdp;
use Fault;
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up(conf => { journal_reserve_mb => 4, journal_segment_mb => 1, journal_segment_s => 1, journal_quota_mb => 6 });
my $journal = $x->dir . '/journal';
my $f = Fault->new($x, seed => 1);
my $mounted = 0;
my $owner = $$;
END { local $?; system 'umount', '-l', $journal if $mounted && $$ == $owner }

ok $x->wait_for(sub { -s "$journal/reserve" }, 3, 'the reserve'), 'the reserve is there';
is -s "$journal/reserve", 4 << 20, 'as large as it is set';

# a segment that nobody fills ends by age and is removed
$f->send_batches(2);
$f->settle;
ok $x->wait_for(sub { !grep { -s } glob "$journal/*.j" }, 5, 'an empty journal'), 'a file that nobody fills ends, is applied and removed';

# at the brim, whoever says so
sub brim ($what, $fill, $free) {
	$fill->();
	my $refused = $x->wait_for(sub { $f->send_batches(1, once => 1); $f->{answers}{503} }, 10, '503');
	ok $refused, "$what: events are refused with 503";
	my $r = $x->v1('track', { userId => 'u', event => 'E' });
	is $r->{status}, 503, 'so is the next one';
	like $r->{headers}{'retry-after'}, qr/^\d+$/, 'which says when to come again';
	is $r->{json}{code}, 'unavailable', 'in the words of SDKs';
	ok !-e "$journal/reserve", 'the reserve is let go';
	is $x->http(GET => '/p.gif?writeKey=' . $x->env('WRITE_KEY') . '&userId=u&event=E')->{status}, 200, 'a pixel is an image all the same';
	is $x->api(GET => 'health')->{status}, 200, 'the API is not touched';
	$free->();
	my $from = time;
	ok $x->wait_for(sub { $f->send_batches(1, once => 1) }, 10, '200'), sprintf '%s: taking begins again %.2f s after there is room', $what, time - $from;
	ok $x->wait_for(sub { -s "$journal/reserve" }, 3, 'the reserve'), 'with the reserve made again';
	ok defined $f->settle, 'what was acknowledged is applied';
	is join(', ', $f->check), '', 'and nothing is lost, doubled or invented';
	delete $f->{answers}{503};
}
SKIP: {
	skip Fault::cannot(), 11 if Fault::cannot();
	$f->preload('collect');
	$f->send_batches(1);
	brim('a disk without room', sub { $f->full('collect', 1) }, sub { $f->full('collect', 0) });
}
SKIP: {
	Cxdp::run('sv', '-w', 15, 'force-stop', map { $x->dir . "/service/$_" } qw(collect engine-apply));
	$mounted = (Cxdp::run('mount', '-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', $journal))[0] == 0;
	Cxdp::run('sv', '-w', 15, 'up', map { $x->dir . "/service/$_" } qw(collect engine-apply));
	skip 'a tmpfs needs root', 11 unless $mounted;
	$x->wait_for(sub { $x->v1('track', { userId => 'u', event => 'E' })->{status} == 200 }, 10, 'collect');
	brim('a full tmpfs',
		sub { system 'sh', '-c', "head -c 20M /dev/zero >$journal/filler 2>/dev/null" },
		sub { unlink "$journal/filler" });
}

# a read that gives less than there is of an ended segment does not make the rest a torn end
SKIP: {
	skip Fault::cannot(), 2 if Fault::cannot();
	my $g = Fault->new($x, seed => 2, event => 'Read short');
	$g->take('engine-apply');
	$g->stop('engine-apply');
	$g->send_batches(1);
	Cxdp::run('sv', '-w', 15, 'force-restart', $x->dir . '/service/collect');
	$g->rules('engine-apply', 'jread:1:SHORT');
	$g->start('engine-apply');
	$g->settle(5);
	is $g->fired('engine-apply'), 1, 'an ended segment is read short';
	is join(', ', $g->check), '', 'and nothing of it is lost';
	$g->stop('engine-apply');
	Cxdp::run('sv', '-w', 15, 'up', $x->dir . '/service/engine-apply');
	$x->wait_for(sub { $x->v1('track', { userId => 'u', event => 'E' })->{status} == 200 }, 10, 'collect');
}

# the quota: with the engine away the journal grows to it and no further
my $pid = $x->pid('engine-apply');
kill 'STOP', $pid;
my %status;
for (1 .. 60) {
	my $r = $x->v1('batch', { batch => [map { { type => 'track', userId => 'u', event => 'Large', messageId => "q-$_", properties => { text => 'x' x 30000 } } } 1 .. 10] });
	$status{ $r->{status} }++;
	$f->{brim} = $r if $r->{status} == 503;
	sleep 0.05;
}
ok $status{503}, 'at its quota the journal takes nothing more' or diag explain \%status;
like $f->{brim}{headers}{'retry-after'}, qr/^\d+$/, 'and says when to come again';
my $bytes = 0;
$bytes += -s $_ for glob "$journal/*.j";
cmp_ok $bytes, '<', 12 << 20, sprintf 'it holds %.1f MB of 6, by what a second brings', $bytes / (1 << 20);
kill 'CONT', $pid;
ok $x->wait_for(sub { $f->send_batches(1, once => 1) }, 15, '200'), 'with the engine back it goes on';

# a power failure that takes what was applied from the cache already leaves a segment shorter than its position
ok $x->wait_for(sub { !grep { -s } glob "$journal/*.j" }, 10, 'an empty journal'), 'the journal is empty';
$x->sql("insert into journal_position values ('collect-1.j', 5000, 0)");
open my $short, '>', "$journal/collect-1.j" or die;
close $short;
ok $x->wait_for(sub { !-e "$journal/collect-1.j" && ($x->sql(q{select count(*) from journal_position where journal = 'collect-1.j'}))[0][0] == 0 }, 5, 'it'), 'a segment shorter than what was read of it holds nobody up';
done_testing;
