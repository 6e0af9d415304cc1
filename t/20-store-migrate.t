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
done_testing;
