#!/usr/bin/env perl
# The fuzz programs of t/fuzz: they build, none falls over its seeds (each crash there was stays one), none falls in FUZZ_SECONDS (20)
# of its own search. ./dev bench fuzz SECONDS does it for hours.
use v5.36;
use FindBin;
use Test::More;

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";
plan skip_all => 'clang-14 is not here' if !grep { -x "$_/clang-14" } split /:/, $ENV{PATH};

my @names = map { m{([\w-]+)\.c$} } sort glob "$root/t/fuzz/*.c";
my ($makefile) = do { local (@ARGV, $/) = "$root/Makefile.am"; <> };
for my $name (@names) {
	like $makefile, qr{^fuzz_programs =(?:[^\n]*\\\n)*[^\n]*t/fuzz/$name\b}m, "$name is in the list of Makefile.am";
	my @seeds = glob "$root/t/fuzz/seed/$name/*";
	ok @seeds > 0, "$name has seeds";
}
my $seconds = $ENV{FUZZ_SECONDS} // 20;
my $said = qx{nice -n 19 $root/t/bench/fuzz $seconds 2>&1}; # the tests beside it have the processor first
for my $name (@names) {
	my ($runs) = $said =~ /^$name: (\d+) runs$/m;
	cmp_ok $runs // 0, '>', 0, "$name: nothing found in $seconds s" . ($runs ? " and $runs runs" : '');
}
diag $said if !Test::More->builder->is_passing;
done_testing;
