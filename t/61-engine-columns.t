#!/usr/bin/env perl
# The columns as the engine keeps them: begun from a snapshot, from the store where there is none or a bad one; held by one engine at
# a time; let go and brought back; asked about the past; and one event, or a tick of the clock, is never a walk over a base.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use JSON::PP;
use POSIX 'strftime';
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up(conf => { columns_snapshot_s => 1, lease_s => 3, columns_hot_days => 31 });
my $company = ($x->sql('select company_id from company'))[0][0];

sub lines ($conf = $x->dir . '/cxdp.conf') {
	my ($status, $out) = Cxdp::run("$Cxdp::build/cxdp", '--config', $conf, 'columns');
	return $status ? [] : [map { decode_json($_) } grep { /^\{/ } split /\n/, $out];
}
sub line ($id = $company, @conf) { return (grep { $_->{company} eq $id } @{ lines(@conf) })[0] // {} }
sub ready ($seconds = 20) {
	return $x->wait_for(sub { my $l = line(); ($l->{state} // '') eq 'ready' && $l->{position} == $l->{last} && $l }, $seconds, 'columns ready');
}
sub preview ($rule, %more) { return $x->api(POST => 'segments/preview', { rule => $rule, %more }) }
sub count ($rule, %more) { return preview($rule, %more)->{json}{data}{count} }
sub ago ($days) { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time - $days * 86400)) }
sub log_of ($service) { open my $f, '<', $x->dir . "/log/$service/current" or return ''; local $/; return <$f> }

# a base of some size
for my $part (0 .. 3) {
	my @batch = map { my $n = $part * 100 + $_;
		({ type => 'identify', userId => "u$n", messageId => "i$n", traits => { city => $n % 2 ? 'Минск' : 'Brest', bonus => $n, note => "$n " . 'long ' x 240 } },
		 { type => 'track', userId => "u$n", messageId => "t$n", event => 'Order Completed', timestamp => ago(2), properties => { total => $n } }) } 1 .. 100;
	is $x->v1(batch => { batch => \@batch })->{status}, 200, "part $part";
}
ok $x->wait_for(sub { (count('return event.purchase') // 0) == 400 }, 20, 'all are there'), '400 people who bought';
my @segments;
for my $s (['Minsk', 'return field.city:is "Минск"'], ['Soon over', 'return event.visit:within "3s"'],
	['Rich', 'return event.purchase:sum("total"):at_least(300)'], ['Old', 'return field.bonus:less(10) & ~event.visit']) {
	my $r = $x->api(POST => 'segments', { name => $s->[0], rule => $s->[1] });
	push @segments, $r->{json}{data}{id};
}
$x->wait_for(sub { !grep { $x->api(GET => "segments/$_")->{json}{data}{state} ne 'ready' } @segments }, 15, 'segments');

# one event, one tick
my $before = ready()->{rows_evaluated};
$x->v1(track => { userId => 'u7', event => 'visit' });
$x->wait_for(sub { @{ $x->api(GET => "segments/$segments[1]/members")->{json}{data} } }, 5, 'in');
my $one = ready()->{rows_evaluated} - $before;
cmp_ok $one, '<=', 12, "one event looks at $one rows, not at 400";
$before = ready()->{rows_evaluated};
ok $x->wait_for(sub { !@{ $x->api(GET => "segments/$segments[1]/members")->{json}{data} } }, 8, 'out'), 'time passes and lets out';
my $tick = ready()->{rows_evaluated} - $before;
ok $tick > 0 && $tick <= 12, "a tick of the clock looks at $tick rows";

# a start from the snapshot
my $whole = ready();
ok $x->wait_for(sub { my $l = line(); $l->{snapshot} == $l->{last} }, 10, 'a snapshot'), 'a snapshot is written while the engine works';
$x->api(PATCH => 'profiles/' . $x->api(GET => 'profiles?external_id=u8')->{json}{data}{id}, { fields => { city => 'Гродно' } });
$x->kill9('engine-columns');
ok ready(), 'after a kill the columns are back';
like log_of('engine-columns'), qr/begins with its snapshot at \d+/, 'from the snapshot';
is count('return field.city:is "Гродно"'), 1, 'and the feed behind it';
is line()->{events}, ($x->sql("select count(*) from event where company_id = $company"))[0][0], 'with all events';
is count('return event.purchase:sum("total"):at_least(300)'), 101, 'and what they carry';

# an older snapshot: who left since is not told to leave again, who came not to come again
$x->v1(track => { userId => 'u11', event => 'visit' });
$x->wait_for(sub { @{ $x->api(GET => "segments/$segments[1]/members")->{json}{data} } }, 5, 'in');
my $in = line()->{position};
ok $x->wait_for(sub { line()->{snapshot} >= $in }, 3, 'a snapshot with a member'), 'a snapshot is taken while somebody is in';
my ($older) = glob $x->dir . '/columns/*.columns';
Cxdp::run('cp', $older, "$older.older");
$x->wait_for(sub { !@{ $x->api(GET => "segments/$segments[1]/members")->{json}{data} } }, 8, 'out');
$x->v1(track => { userId => 'u12', event => 'visit' });
$x->wait_for(sub { @{ $x->api(GET => "segments/$segments[1]/members")->{json}{data} } }, 5, 'in');
kill 'STOP', $x->pid('engine-columns');
rename "$older.older", $older;
$x->kill9('engine-columns');
ready();
$x->wait_for(sub { !@{ $x->api(GET => "segments/$segments[1]/members")->{json}{data} } }, 8, 'out');
sleep 0.5;
my $told = sub ($who) {
	my $id = $x->api(GET => "profiles?external_id=$who")->{json}{data}{id};
	return map { scalar @{ $x->api(GET => "profiles/$id/events?type=$_")->{json}{data} } } qw(segment_entered segment_exited);
};
is_deeply [$told->('u11'), $told->('u12')], [1, 1, 1, 1], 'each entry and exit is told once';

# a damaged one is not believed
$x->wait_for(sub { my $l = line(); $l->{snapshot} == $l->{last} }, 10, 'a snapshot');
kill 'STOP', $x->pid('engine-columns');
my ($file) = glob $x->dir . '/columns/*.columns';
open my $f, '+<', $file or die;
seek $f, int((-s $file) / 2), 0;
print $f 'x' x 4096;
close $f;
$x->kill9('engine-columns');
ok ready(), 'a damaged snapshot: the columns are back all the same';
like log_of('engine-columns'), qr/its snapshot is not used: .*damaged/, 'built from the store, and said';
is count('return field.city:is "Гродно"'), 1, 'everything is there';

# one engine at a time
my $conf = $x->dir . '/other.conf';
mkdir $x->dir . '/other';
open my $old, '<', $x->dir . '/cxdp.conf' or die;
open my $out, '>', $conf or die;
print $out s{^run_dir = .*}{'run_dir = ' . $x->dir . '/other'}er while <$old>;
print $out "machine = 3\ncolumns_dir = " . $x->dir . "/other\n";
close $out;
my $pid = fork // die;
if (!$pid) {
	open STDERR, '>', $x->dir . '/other/log';
	exec "$Cxdp::build/cxdp-engine", '--config', $conf, '--role', 'columns';
}
ok $x->wait_for(sub { (line($company, $conf)->{why} // '') =~ /another engine/ }, 10, 'the second'), 'a second engine does not take the company';
my $fence = ready()->{fence};
my $first = $x->pid('engine-columns');
kill 'STOP', $first;
ok $x->wait_for(sub { (line($company, $conf)->{state} // '') eq 'ready' }, 20, 'the second takes it'), 'until the first one is gone for as long as its lease';
is line($company, $conf)->{fence}, $fence + 1, 'with the next fence';
$x->v1(track => { userId => 'u9', event => 'visit' });
$x->wait_for(sub { $x->sql("select 1 from membership where segment_id = $segments[1]") }, 10, 'a move');
kill 'CONT', $first;
ok $x->wait_for(sub { (line()->{state} // '') ne 'ready' }, 10, 'the first gives up'), 'and the first one, awake, gives up';
my $u9 = $x->api(GET => 'profiles?external_id=u9')->{json}{data}{id};
is scalar(@{ $x->api(GET => "profiles/$u9/events?type=segment_entered")->{json}{data} }), 1, 'what happened meanwhile is told once';
kill 'TERM', $pid;
waitpid $pid, 0;
ok ready(), 'the second ends, the first takes the company back';

# about the past
my $u20 = $x->api(GET => 'profiles?external_id=u20')->{json}{data}{id};
sleep 1.1;
my $then = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
sleep 1.1;
$x->api(PATCH => "profiles/$u20", { fields => { city => 'Гомель', bonus => 5000 } });
$x->v1(track => { userId => 'u20', event => 'wish' });
$x->wait_for(sub { count('return event.wish') }, 5, 'the wish');
is_deeply [count('return field.city:is "Гомель"'), count('return field.bonus:more(4000)'), count('return event.wish')], [1, 1, 1], 'now';
is_deeply [count('return field.city:is "Гомель"', as_of => $then), count('return field.bonus:more(4000)', as_of => $then), count('return event.wish', as_of => $then)],
	[0, 0, 0], 'and as it was';
is count('return field.city:is "Brest" & field.bonus:is(20)', as_of => $then), 1, 'old values are remembered';
is preview('return segment "Minsk"', as_of => $then)->{status}, 422, 'a word whose past is not kept is refused';
is preview('return everyone()', as_of => 'yesterday')->{status}, 422, 'so is a time that is none';

# beyond the hot window: sums
is $x->v1(batch => { batch => [map { { type => 'track', userId => 'u30', messageId => "old$_", event => 'Order Completed', timestamp => ago(60 + $_),
	properties => { total => 10 } } } 1 .. 5] })->{status}, 200, 'old orders come late';
ok $x->wait_for(sub { count('return event.purchase:count():at_least(6)') }, 10, 'old ones'), 'a count counts them';
is count('return event.purchase:sum("total"):is(80) & event.purchase:first():before "' . substr(ago(40), 0, 10) . '"'), 1, 'so do sums and the first';
my $warned = preview('return event.purchase:within "90d":count():at_least(6)')->{json}{data};
like join(' ', map { $_->{text} } @{ $warned->{warnings} }), qr/only how many/, 'a rule that needs more says so';
$x->wait_for(sub { my $l = line(); $l->{snapshot} == $l->{last} }, 10, 'a snapshot');
$x->kill9('engine-columns');
ok ready() && count('return event.purchase:count():at_least(6)'), 'also after a start from a snapshot';
is line()->{folded}, 5, 'as totals';

# memory: several companies, room for fewer
my @others = map { my ($s, $o) = $x->operator('company', 'create', '--name', "N$_", '--slug', "shop$_", '--country', 'BY', '--currency', 'BYN', '--timezone', 'Europe/Minsk',
	'--language', 'ru', '--admin-email', "n$_\@x.example", '--admin-password', 'a long password'); decode_json($o) } 1 .. 3;
$x->{opt}{conf}{columns_memory_mb} = 2;
$x->again;

ok $x->wait_for(sub { grep { ($_->{state} // '') eq 'cold' } @{ lines() } }, 20, 'a cold one'), 'what does not fit is let go';
for my $o (@others, { company => $company, api_key => $x->env('API_KEY') }) {
	my $r = $x->wait_for(sub { my $r = $x->api(POST => 'segments/preview', { rule => 'return everyone()' }, key => $o->{api_key}); $r->{status} == 200 && $r }, 10, 'an answer');
	ok $r, "and comes back when it is asked: $o->{company}";
}
$x->api(POST => 'segments', { name => "S$_->{company}", rule => 'return everyone()' }, key => $_->{api_key}) for @others;
my $built = sub { grep { $_->{state} eq 'ready' } map { @{ $x->api(GET => 'segments', undef, key => $_->{api_key})->{json}{data} } } @others };
ok $x->wait_for(sub { $built->() == 3 }, 20, 'segments of the cold'), 'their segments are built';

# one that fits in no way
$x->down;
unlink glob $x->dir . '/columns/*';
$x->{opt}{conf}{columns_memory_mb} = 1;
$x->again;
my $no = $x->wait_for(sub { my $r = preview('return everyone()'); $r->{status} == 503 && $r->{content} =~ /columns_memory_mb/ && $r }, 20, 'a refusal');
diag preview("return everyone()")->{content}, encode_json(lines()) if !$no;
ok $no, 'a company beyond the ceiling is refused with the reason';
is $x->api(GET => 'profiles?external_id=u20')->{status}, 200, 'and answers by key go on';
done_testing;
