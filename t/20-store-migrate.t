#!/usr/bin/env perl
# Migrations: from several machines at once each is applied once, a second time nothing is; every statement fits the schema.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my $other = $x->env('DB_NAME') . '_again';
my ($user) = $x->sql(q{select concat("'", user, "'@'", host, "'") from mysql.user where user = 'cxdp'});
$x->sql("create database $other character set utf8mb4");
$x->sql("grant all on $other.* to $user->[0]");
open my $in, '<', $x->dir . '/cxdp.conf' or die;
open my $out, '>', $x->dir . '/again.conf' or die;
while (<$in>) { s/^(store_name\s*=\s*).*/$1$other/; print $out $_ }
close $out;
sub again (@args) { return Cxdp::run("$Cxdp::build/cxdp", '--config', $x->dir . '/again.conf', @args) }

my ($status, $said) = again('check');
is $status, 1, 'an empty store is told from a ready one' or diag $said;
like $said, qr/"migrations_pending":[1-9]|migration/, 'and what is missing is said';

my @files = glob "$Cxdp::src/sql/schema/*.sql";
my @pids = map {
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		my ($s, $o) = again('migrate');
		open my $f, '>', $x->dir . "/migrated.$$" or die;
		print $f "$s $o";
		close $f;
		require POSIX;
		POSIX::_exit(0);
	}
	$pid;
} 1 .. 4;
waitpid $_, 0 for @pids;
my ($failed, $applied) = (0, 0);
for my $pid (@pids) {
	open my $f, '<', $x->dir . "/migrated.$pid" or die;
	my $said = do { local $/; <$f> };
	$failed++ unless $said =~ /^0 /;
	$applied += $1 if $said =~ /"applied":(\d+)/;
}
is $failed, 0, 'four at once all succeed';
is $applied, scalar @files, 'and together apply each file once';
($status, $said) = again('migrate');
like $said, qr/"applied":0/, 'a fifth applies nothing';
($status, $said) = again('check');
is $status, 0, 'the store is ready' or diag $said;
like $said, qr/"queries":\d{2,}/, 'and every statement can be prepared against it';
$x->sql("alter table $other.segment drop column rule");
($status, $said) = again('check');
isnt $status, 0, 'a statement that does not fit is found';
like $said, qr{sql/query/segment\.sql:\d+}, 'and named by its place';

# a house of before the walls: what was noted there stays readable, in front of the chain
my $old = $x->env('DB_NAME') . '_old';
$x->sql("create database $old character set utf8mb4");
$x->sql("grant all on $old.* to $user->[0]");
mkdir $x->dir . '/sql';
mkdir $x->dir . '/sql/schema';
for (grep { m{/00[1-5]-} } @files) {
	my ($name) = m{([^/]+)$};
	symlink $_, $x->dir . "/sql/schema/$name" or die "$name: $!";
}
sub of_old (%conf) {
	open my $from, '<', $x->dir . '/again.conf' or die;
	open my $to, '>', $x->dir . '/old.conf' or die;
	while (<$from>) { my ($key) = /^(\w+)/; print $to $key && $conf{$key} ? "$key = $conf{$key}\n" : $_ }
}
of_old(store_name => $old, sql_dir => $x->dir . '/sql');
sub in_old (@args) { return Cxdp::run("$Cxdp::build/cxdp", '--config', $x->dir . '/old.conf', @args) }
($status, $said) = in_old('migrate');
is $status, 0, 'a house of before' or diag $said;
$x->sql("insert into $old.audit values (7, $_, 3, 1700000000000000 + $_, '10.0.0.1', 'login', '3', 'row $_') ") for 11, 12;
of_old(store_name => $old);
($status, $said) = in_old('migrate');
is $status, 0, 'moves on' or diag $said;
is_deeply [$x->sql("select audit_no, user_id, detail from $old.audit_log order by 1")], [[1, 3, 'row 11'], [2, 3, 'row 12']], 'with its log';
($status, $said) = in_old('audit', 'verify');
is $status, 0, 'which is in front of the chain' or diag $said;
$x->sql("delete from $old.migration where number = 8");
($status, $said) = in_old('migrate');
is $status, 0, 'a migration that was cut off may begin again' or diag $said;
is_deeply [$x->sql("select count(*) from $old.audit_log")], [[2]], 'and does nothing twice';
done_testing;
