#!/usr/bin/env perl
# The C tests once more, built by clang with the sanitizers of addresses, leaks and undefined behaviour (var/fuzz, made with the fuzz
# programs): nothing may be said. ./dev bench sanitize does it for the services.
use v5.36;
use FindBin;
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(time);

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";
plan skip_all => 'clang-14 is not here' if !grep { -x "$_/clang-14" } split /:/, $ENV{PATH};
$SIG{ALRM} = sub { die "the sanitized tests took too long\n" };
alarm 900;

$ENV{ASAN_OPTIONS} = 'detect_leaks=1:allocator_may_return_null=1:strict_string_checks=1';
$ENV{UBSAN_OPTIONS} = 'print_stacktrace=1:halt_on_error=1';
my $said = qx{$root/dev fuzz 2>&1};
is $?, 0, 'they build' or diag $said;

# speaks(COMMAND): its exit status; what a sanitizer said, what failed
sub speaks (@command) {
	open my $out, '-|', "@command 2>&1" or die "$command[0]: $!";
	my @lines = <$out>;
	close $out;
	return ($? >> 8 || $? & 127, join('', grep { /^not ok/ || (/ERROR: |runtime error/ .. 0) } @lines));
}

# the sanitizers themselves work here: each of three planted mistakes is found
my $dir = tempdir(CLEANUP => 1);
my %planted = (
	address => 'char *volatile p = malloc(8); p[8] = 1; free(p);',
	leak => 'void *volatile p = malloc(8); p = NULL;',
	undefined => 'volatile int i = 2147483647; i = i + argc;',
);
for my $name (sort keys %planted) {
	open my $c, '>', "$dir/$name.c" or die "$dir: $!";
	print $c "#include <stdlib.h>\nint main(int argc, char **argv) { (void)argv; $planted{$name} return 0; }\n";
	close $c;
	system('clang-14', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-o', "$dir/$name", "$dir/$name.c") == 0
		or die "clang-14 failed\n";
	my ($status, $what) = speaks("$dir/$name");
	ok $status != 0 && $what =~ /ERROR|runtime error/, "a planted mistake is found: $name";
}

my ($makefile) = do { local (@ARGV, $/) = "$root/Makefile.am"; <> };
my ($list) = $makefile =~ /^check_PROGRAMS =((?:[^\n]*\\\n)*[^\n]*)/m;
my @tests = grep { m{^t/\d} } split ' ', $list =~ s/\\//gr;
cmp_ok scalar @tests, '>', 10, 'the list of C tests is read';
for my $test (@tests) {
	my $begun = time;
	my ($status, $what) = speaks("$root/var/fuzz/$test");
	ok $status == 0 && $what eq '', sprintf '%s is clean (%.1f s)', $test, time - $begun
		or diag $what || "it ended with $status";
}
done_testing;
