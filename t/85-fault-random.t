#!/usr/bin/env perl
# Anything at any time while events of two companies come: kill -9 of processes and of the store, restarts, STOP and CONT, cut
# connections, a store that only reads or takes nobody, a full disk, jumps of the clock, faults of single calls. After each the
# ledgers are held against the store; at the end what follows from the events, the wall between the companies, and that nothing grew.
# One seed draws it all (CXDP_FAULT_SEED); CXDP_FAULT_SECONDS makes it longer.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 4 * ($ENV{CXDP_FAULT_SECONDS} // 15) + 160 }
use Cxdp;
use Fault;
use JSON::PP;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $seconds = $ENV{CXDP_FAULT_SECONDS} // 15;
my $long = $seconds > 60;
my $seed = $ENV{CXDP_FAULT_SEED} // time =~ s/\..*//r;
srand $seed;
note "seed $seed";
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);
my $x = Cxdp->up(conf => { journal_segment_s => 2 });
my ($dir, $url) = ($x->dir, $x->url);
my ($status, $made) = $x->operator(qw(company create --name Other --slug other --country BY --currency BYN --timezone Europe/Minsk
	--language en --admin-email a@other.example --admin-password), 'long enough 1');
my $other = decode_json($made =~ s/\A.*?(?=\{)//sr);
my $shim = !Fault::cannot();

my $r = $x->api(POST => 'segments', { name => 'Минск', rule => 'return field.city:is "Минск" & known()' });
is $r->{status}, 201, 'a segment watches' or diag $r->{content};
my $busy = $x->api(POST => 'segments', { name => 'Busy', rule => 'return event["Event one"]:count():at_least(20)' });
is $busy->{status}, 201, 'and another counts';

my @clients = map { Fault->new($x, %$_) } { seed => 101, event => 'Event one' }, { seed => 102, event => 'Event two' },
	{ seed => 203, event => 'Event of the neighbours', key => $other->{write_key} };
my @services = qw(collect api engine-apply engine-columns);
my $f = $clients[0];
$f->preload(@services) if $shim;
$x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' }, 20, 'health');

# what a process holds: kilobytes and descriptors
sub holds ($service) {
	my $pid = $x->pid($service) or return;
	my ($kb) = map { /^VmRSS:\s+(\d+)/ } do { open my $s, '<', "/proc/$pid/status" or return; <$s> };
	return { kb => $kb, fds => scalar(() = glob "/proc/$pid/fd/*") };
}
sub journal_bytes { my $sum = 0; $sum += -s $_ // 0 for glob "$dir/journal/*.j"; return $sum }
$_->send_batches(20) for @clients;
$_->settle for @clients;
my %before = map { $_ => holds($_) } @services;

my @writers = map {
	my $client = $_;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		$SIG{TERM} = 'DEFAULT';
		alarm 0;
		until (-e "$dir/enough") {
			$client->send_batches(1, size => 5, patience => 0.05) or last;
			sleep 0.003;
		}
		POSIX::_exit(@{ $client->{broken} // [] } ? do { print STDERR "# $_\n" for @{ $client->{broken} }; 1 } : 0);
	}
	$pid;
} @clients;

# --- what happens ---

my $some = sub ($from, $to) { sleep $from + rand($to - $from) };
my $set = sub ($variable) { eval { $x->sql("set global $variable"); 1 } };
my @rules = ('jsync:%d:EIO', 'jsync:%d:EIOLOSE', 'jwrite:%d:ENOSPC', 'jwrite:%d:SHORT', 'jwrite:%d:TORN', 'jsync:%d:LOSE', 'jsync:%d:SLOWLOSE', 'jsync:%d:GARBLE',
	'webwrite:%d:KILL', 'jopen:1:EIO', 'jsync:%d+:SLOW');
my @store_rules = ('dbsend:%d:CUT', 'dbrecv:%d:CUT', 'dbcommit:%d:KILL', 'dbcommit:%d:KILLAFTER', 'dbcommit:%d:CUT', 'dbcommit:%d:CUTAFTER', 'dbsend:%d:SHORT', 'dbrecv:%d:ECONNRESET');
my %nemesis = (
	'kill -9' => sub { my @all = (@services, @services, qw(nginx ui engine-jobs engine-send)); my $s = $all[rand @all]; $x->kill9($s); $s },
	'restart' => sub { my $s = $services[rand @services]; Cxdp::run('sv', 'term', "$dir/service/$s"); $s },
	'stop and go on' => sub {
		my $s = $services[rand @services];
		my $pid = $x->pid($s) or return;
		kill 'STOP', $pid;
		$some->(0.5, $long ? 15 : 2);
		kill 'CONT', $pid;
		$s;
	},
	'kill -9 of the store' => sub { $x->kill9('mysql') },
	'cut connections' => sub {
		eval { $x->sql("kill connection $_->[0]") } for eval { $x->sql(q{select id from information_schema.processlist where user = 'cxdp'}) };
		'all';
	},
	'read only' => sub { $set->('read_only = 1'); $some->(0.3, $long ? 5 : 1); $set->('read_only = 0'); 1 },
	'few connections' => sub {
		$set->('max_connections = 10');
		eval { $x->sql("kill connection $_->[0]") } for eval { $x->sql(q{select id from information_schema.processlist where user = 'cxdp'}) };
		$some->(0.3, $long ? 5 : 1);
		$set->('max_connections = 200');
	},
	$shim ? (
		'full disk' => sub { $f->full('collect', 1); unlink "$dir/journal/reserve"; $some->(0.5, $long ? 8 : 1.5); $f->full('collect', 0); 1 },
		'clock' => sub {
			my $us = (3600, -3600, 18 * 3600, -18 * 3600)[rand 4] * 1e6;
			my @who = rand() < 0.5 ? @services : $services[rand @services];
			$f->clock($_, $us) for @who;
			$some->(0.3, $long ? 5 : 1);
			$f->clock($_, 0) for @who;
			sprintf '%+d h at %s', $us / 3.6e9, join ' ', @who;
		},
		'a call of collect' => sub { my $rule = sprintf $rules[rand @rules], 1 + rand 20; $f->rules('collect', $rule); $some->(0.5, 1.2); $f->rules('collect', ''); $rule },
		'a call to the store' => sub {
			my ($s, $rule) = ($services[1 + rand 3], sprintf $store_rules[rand @store_rules], 1 + rand 30);
			$f->rules($s, $rule);
			$some->(0.3, 1);
			$f->rules($s, '');
			"$s $rule";
		},
	) : (),
);
my (%happened, @broken, @recovery);
my @names = sort keys %nemesis;
my @deck;
my $until = time + $seconds;
while (time < $until && @broken < 5) {
	sleep 0.2 + rand($long ? 2.8 : 0.6);
	@deck = sort { rand() <=> 0.5 } @names unless @deck;
	my $name = shift @deck;
	my $what = eval { $nemesis{$name}->() } or next;
	$happened{$name}++;
	my $from = time;
	# what was acknowledged by now is to be there, soon, once and unchanged
	for my $client (@clients) {
		$client->read_ledger;
		my $took = $client->settle(20);
		push @broken, "$name ($what): " . (defined $took ? '' : 'not applied in 20 s ') . join ', ', @$_ for grep { @$_ || !defined $took } [$client->check];
	}
	push @recovery, [time - $from, "$name ($what)"];
}
is "@broken", '', 'after each of it all acknowledged events are there, once, unchanged' or diag join "\n", @broken;
note join ', ', map { "$_ $happened{$_}" } sort keys %happened;
cmp_ok scalar(keys %happened), '>=', @names / 2, 'much happened';
@recovery = sort { $a->[0] <=> $b->[0] } @recovery;
note sprintf 'recovery, with the checks: p50 %.2f s, max %.2f s (%s)', $recovery[@recovery / 2][0], @{ $recovery[-1] };

# the engine falls behind and comes after, while events go on coming
$x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' }, 30, 'health');
my $applied = sub { ($x->sql('select sum(last_seq) from feed'))[0][0] };
my $pid = $x->pid('engine-apply');
my ($n0, $t0) = ($applied->(), time);
kill 'STOP', $pid;
sleep 2;
kill 'CONT', $pid;
my $resumed = time;
my $caught = $x->wait_for(sub { $_ = $x->api(GET => 'health')->{json}{data}{journal_lag_s}; defined && $_ == 0 }, 20, 'it');
my ($n1, $t1) = ($applied->(), time);
my $live = ($n1 - $n0) / ($t1 - $t0);
my $speed = ($n1 - $n0) / ($t1 - $resumed + 0.001);
cmp_ok $speed, '>=', 2 * $live, sprintf 'it catches up at %.0f rows/s when %.0f come in', $speed, $live;

open my $enough, '>', "$dir/enough";
close $enough;
my $children = 0;
for (@writers) { waitpid $_, 0; $children |= $? }
is $children, 0, 'no client got an answer it should not get';

ok $x->wait_for(sub {
	my $h = $x->api(GET => 'health')->{json}{data} or return;
	return ($h->{columns} // '') eq 'ok' && ($h->{journal_lag_s} // 1) == 0 && ($h->{feed_lag_s} // 1) == 0;
}, 60, 'health'), 'everything came back by itself and caught up';
for my $client (@clients) {
	$client->read_ledger;
	$client->settle(20);
	is join(', ', $client->check), '', "$client->{event}: " . $client->acked . ' acknowledged, all there, once, unchanged';
	cmp_ok $client->acked, '>', 100, 'enough to mean something';
}
is(($x->sql(q{select count(*) from dead_letter where state != 'refused'}))[0][0], 0, 'received = applied and repeated: nothing was set aside')
	or diag explain [$x->sql(q{select code, reason, payload from dead_letter where state != 'refused' limit 3})];

# what follows from the events
for my $segment (@{ $x->api(GET => 'segments')->{json}{data} }) {
	my $recount = sub { $x->api(POST => 'segments/preview', { rule => $segment->{rule} })->{json}{data}{count} };
	ok $x->wait_for(sub {
		my ($rows) = $x->sql("select count(*) from membership where segment_id = $segment->{id}");
		my $size = $x->api(GET => "segments/$segment->{id}")->{json}{data}{size};
		return $rows->[0] == $recount->() && $size == $rows->[0];
	}, 15, "$segment->{name}"), "members of $segment->{name} are what a recount says: " . $recount->();
}
my @wrong = $x->sql(q{select m.person_id from membership m left join person p on p.company_id = m.company_id and p.person_id = m.person_id where p.person_id is null});
is scalar(@wrong), 0, 'every member is a person';
my @twice = $x->sql(q{select kind, value, count(*) from ident group by company_id, kind, value having count(*) > 1});
is scalar(@twice), 0, 'every identifier is one person\'s';
my @entered = $x->sql(q{select json_value(e.props, '$.segment') s, e.node_id, sum(if(t.name = 'segment_entered', 1, -1)) n
	from event e join event_type t using (company_id, type_id) where t.name in ('segment_entered', 'segment_exited') group by s, e.node_id having n not in (0, 1)});
is scalar(@entered), 0, 'entries and exits of each person take turns';

# the wall: what one company sent stands in no row of the other, and in no log
my ($mine, $theirs) = map { $_->[0] } $x->sql(q{select company_id from company order by slug = 'other'});
my @leaks;
for my $table (map { $_->[0] } $x->sql(q{select table_name from information_schema.columns where table_schema = database() and column_name = 'company_id' group by 1})) {
	my @columns = map { $_->[0] } $x->sql("select column_name from information_schema.columns where table_schema = database() and table_name = '$table' and data_type like '%char' or table_schema = database() and table_name = '$table' and data_type like '%text'");
	next unless @columns;
	my $all = 'concat_ws(" ", ' . join(', ', map { "`$_`" } @columns) . ')';
	my ($n) = $x->sql("select count(*) from `$table` where (company_id != $theirs and ($all like '%neighbours%' or $all like '%203-user%' or $all like '%203-dev%')) or (company_id = $theirs and ($all like '%Event one%' or $all like '%101-user%' or $all like '%101-dev%'))");
	push @leaks, "$table: $n->[0]" if $n->[0];
}
is "@leaks", '', 'no row of a company holds what another sent';
my ($grep, $found) = Cxdp::run('grep', '-rlE', 'Event one|Event of the neighbours|101-user|203-user', map { "$dir/log/$_" } @services, 'ui', 'nginx', 'engine-jobs', 'engine-send');
is $found, '', 'and no log holds any of it';

# nothing grew
ok $x->wait_for(sub { ($x->sql('select count(*) from information_schema.innodb_trx'))[0][0] == 0 }, 10, 'transactions'), 'no transaction is left open';
ok $x->wait_for(sub { journal_bytes() < 64 * 1024 }, 15, 'the journal'), 'the journal is as small as at the beginning';
cmp_ok(($x->sql('select count(*) from journal_position'))[0][0], '<=', 3, 'and its positions are few');
for my $s (@services) {
	my ($was, $is) = ($before{$s}, holds($s));
	cmp_ok $is->{kb}, '<', $was->{kb} * 1.5 + 40_000, "$s: memory, $was->{kb} kB before, $is->{kb} kB now";
	cmp_ok $is->{fds}, '<', $was->{fds} + 40, "$s: descriptors, $was->{fds} before, $is->{fds} now";
}

# a process is ready again within 5 s
for my $s (@services) {
	my ($was, $from) = ($x->kill9($s), time);
	$x->wait_for(sub { my $pid = $x->pid($s); $pid && $pid != $was }, 10, "another $s");
	$s eq 'api' || $s eq 'engine-columns' ? $x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' }, 10, $s)
		: do { $f->send_batches(1); $f->settle(10) };
	cmp_ok time - $from, '<', 5, sprintf '%s is ready %.2f s after kill -9', $s, time - $from;
}

# connections that died while they were kept
$x->kill9('mysql');
$x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' }, 30, 'health');
my %status;
$status{ $x->api(GET => 'fields')->{status} }++ for 1 .. 60;
is_deeply \%status, { 200 => 60 }, 'no request is refused for a connection that died meanwhile';
done_testing;
