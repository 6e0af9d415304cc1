#!/usr/bin/env perl
# The laws of the house's C: who may know whom, how large, how named. Each is shown to bite
# by a violation planted in a small tree.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Laws qw(slurp files floors without_comments lines_of excused law_holds planted);
use Test::More;

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";

my %c_lines_max = (c => 800, h => 150);
my $main_lines_max = 100;

# What a header name looks like => the one folder that may include it.
my @foreign = (
	[qr{^(?:mysql|mariadb)} => 'store'],
	[qr{^(?:lua|lauxlib|lualib)} => 'script'],
	[qr{^(?:fcgi)} => 'web'],
	[qr{^curl/} => 'wire'],
	[qr{^(?:libxml/|zip\.h|xlsxwriter)} => 'markup'],
	[qr{^(?:pcre2|jansson|sodium|openssl/)} => 'base'],
);
my %native = map { $_ => 1 } qw(
	assert.h complex.h ctype.h dirent.h dlfcn.h endian.h errno.h fcntl.h fenv.h float.h
	fnmatch.h getopt.h glob.h grp.h iconv.h inttypes.h langinfo.h limits.h locale.h malloc.h
	math.h netdb.h poll.h pthread.h pwd.h sched.h search.h semaphore.h setjmp.h signal.h
	spawn.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
	stdnoreturn.h string.h strings.h syslog.h termios.h threads.h time.h uchar.h unistd.h
	utime.h wchar.h wctype.h config.h byteswap.h ucontext.h immintrin.h x86intrin.h);
my $native = qr{^(?:sys|netinet|arpa|net|linux|asm)/};

my @bad_words = qw(util utils helper helpers common misc shared manager data info ctx);

sub folder_of ($file) { $file =~ m{^src/([^/]+)/} ? $1 : '' }

# Includes go down, or stay at home.
sub includes_go_down ($root) {
	my $floor = floors($root);
	my @broken;
	for my $file (files($root, qr{^src/.*\.[ch]$})) {
		my $own = folder_of($file);
		push @broken, "$file: folder $own has no floor in src/FLOORS"
			if $own ne '' && !$floor->{$own};
		my $text = without_comments(slurp("$root/$file"), 1);
		for (lines_of($text, qr{^[ \t]*\#[ \t]*include[ \t]+"([^"]+)"}m)) {
			my ($line, $name) = @$_;
			next if $name eq 'config.h';
			my ($other) = $name =~ m{^([^/]+)/};
			my $said = !defined $other ? 'is not written folder/file.h'
				: $name !~ /\.h$/ ? 'is not a header'
				: !$floor->{$other} ? 'stands on no floor'
				: $own eq '' || $own eq $other ? next
				: ($floor->{$own} // 0) > $floor->{$other} ? next
				: 'is not on a lower floor';
			push @broken, "$file:$line: \"$name\" $said";
		}
	}
	return @broken;
}

# Own header first: it stands alone.
sub own_header_first ($root) {
	my @broken;
	for my $file (files($root, qr{^src/[^/]+/.*\.c$})) {
		my ($stem) = $file =~ m{^src/(.*)\.c$};
		next unless -e "$root/src/$stem.h";
		my $text = without_comments(slurp("$root/$file"), 1);
		my ($first) = grep { $_->[1] ne '"config.h"' } lines_of($text, qr{^\#include\s+(\S+)}m);
		push @broken, "$file: $stem.h is not its first include"
			unless $first && $first->[1] eq "\"$stem.h\"";
	}
	return @broken;
}

# Each foreign world is known in one folder only.
sub foreign_at_home ($root) {
	my (@broken, %home);
	for my $file (files($root, qr{^src/.*\.[ch]$})) {
		my $own = folder_of($file);
		for (lines_of(slurp("$root/$file"), qr{^[ \t]*\#[ \t]*include[ \t]+<([^>]+)>}m)) {
			my ($line, $name) = @$_;
			next if $native{$name} || $name =~ $native;
			my ($known) = grep { $name =~ $_->[0] } @foreign;
			my $home = $known ? $known->[1] : ($home{$name} //= $own);
			push @broken, "$file:$line: <$name> belongs to src/$home only" if $own ne $home;
		}
	}
	return @broken;
}

sub sizes ($root) {
	my @broken;
	for my $file (files($root, qr{^(?:src|t)/.*\.[ch]$})) {
		my $lines = slurp("$root/$file") =~ tr/\n//;
		my $max = $file =~ m{^src/[^/]+\.c$} ? $main_lines_max : $c_lines_max{ substr $file, -1 };
		push @broken, "$file: $lines lines, at most $max" if $lines > $max;
	}
	return @broken;
}

# Names say what a thing is; some words say nothing.
sub names ($root) {
	my @broken;
	my $bad = join '|', @bad_words;
	for my $file (files($root, qr{^(?:src|t|lua|sql|templates)/})) {
		my ($base) = $file =~ m{([^/]+)$};
		push @broken, "$file: the name says nothing"
			if $base =~ /(?:^|[-_.])(?:$bad)(?:[-_.]|$)/i;
	}
	for my $file (files($root, qr{^src/.*\.[ch]$})) {
		my $text = without_comments(slurp("$root/$file"));
		my @defined = (
			lines_of($text, qr{^((?!(?:if|for|while|switch)\b)[a-z]\w*)\(}m),
			lines_of($text, qr{\b(?:struct|enum|union)\s+(\w+)\s*\{}));
		push @broken, map { "$file:$_->[0]: $_->[1] says nothing" }
			grep { $_->[1] =~ /(?:^|_)(?:$bad)(?:_|$)/ } @defined;
		push @broken, map { "$file:$_->[0]: a struct is not hidden in a typedef" }
			lines_of($text, qr{\btypedef\s+((?:struct|union)\b)});
		next unless $file =~ m{^src/(\w+)/(\w+)\.h$};
		my $guard = uc "$1_$2_H";
		push @broken, "$file: its guard is not $guard"
			unless $text =~ /^#ifndef $guard\n#define $guard\n/m;
	}
	return @broken;
}

# Functions that were somebody's hole once, and notes to self.
sub safe_words ($root) {
	my $calls = qr{(?<![\w>.])(strcpy|strcat|sprintf|vsprintf|gets|alloca|system|popen|strtok|
		gmtime|localtime|asctime|ctime|rand|tmpnam|mktemp)\s*\(}x;
	my @broken;
	for my $file (files($root, qr{^src/.*\.[ch]$})) {
		my $text = slurp("$root/$file");
		push @broken, map { "$file:$_->[0]: $_->[1]() is not used here" }
			grep { !excused($text, $_->[0]) } lines_of(without_comments($text), $calls);
		push @broken, map { "$file:$_->[0]: $_->[1] belongs in an issue" }
			lines_of($text, qr{\b(TODO|FIXME|XXX)\b});
	}
	return @broken;
}

# Not a law, a look: what STYLE would like on one screen.
sub long_functions ($root) {
	my @long;
	for my $file (files($root, qr{^src/.*\.c$})) {
		my $text = slurp("$root/$file");
		while ($text =~ /^(\w+)\([^;{]*\)\n\{\n(.*?)^\}/gms) {
			my ($name, $lines) = ($1, $2 =~ tr/\n//);
			push @long, "$file: $name has $lines lines" if $lines > 60;
		}
	}
	return @long;
}

law_holds('a file includes from its own folder or a lower floor', \&includes_go_down, $root);
law_holds('a file includes its own header first', \&own_header_first, $root);
law_holds('each foreign header is known in one folder', \&foreign_at_home, $root);
law_holds('no file is too long', \&sizes, $root);
law_holds('names say what things are', \&names, $root);
law_holds('no dangerous call, no note to self', \&safe_words, $root);
note($_) for long_functions($root);

my %lawful = (
	'src/FLOORS' => "# floors\nbase         first\nstore wire   one world each\ntenant  who\n",
	'src/base/arena.h' => "#ifndef BASE_ARENA_H\n#define BASE_ARENA_H\nint arena_new(void);\n#endif\n",
	'src/base/arena.c' => "#include \"base/arena.h\"\n#include <jansson.h>\n#include <stdio.h>\n"
		. "/* never system(1), \"info\" */\nint\narena_new(void)\n{\n\treturn puts(\"sprintf(\");\n}\n",
	'src/store/db.c' => "#include \"base/arena.h\"\n#include <mysql.h>\n#include <sys/stat.h>\n",
	'src/tenant/user.c' => "#include \"store/db.h\"\n",
	'src/wire/old.c' => "/* Rule broken: the library wants it. */\nx = strtok(y);\n",
	'src/cxdp.c' => "#include \"tenant/user.h\"\n",
);
my @plants = (
	['an include going up', \&includes_go_down,
		'src/base/arena.c', "#include \"base/arena.h\"\n#include \"tenant/user.h\"\n", qr{arena\.c:2:.*lower}],
	['an include of a neighbour', \&includes_go_down,
		'src/store/db.c', "#include \"wire/http.h\"\n", qr{db\.c:1:.*lower}],
	['an include through "../"', \&includes_go_down,
		'src/store/db.c', "  # include \"../tenant/user.h\"\n", qr{db\.c:1:.*no floor}],
	['an include without its folder', \&includes_go_down,
		'src/store/db.c', "#include \"db.h\"\n", qr{db\.c:1:.*folder/file}],
	['a folder without a floor', \&includes_go_down, 'src/attic/box.c', '', qr{attic has no floor}],
	['a foreign header away from home', \&foreign_at_home,
		'src/tenant/user.c', "#include <mysql.h>\n", qr{user\.c:1:.*src/store only}],
	['a foreign header in a main', \&foreign_at_home,
		'src/cxdp.c', "#include <lua.h>\n", qr{cxdp\.c:1:.*src/script only}],
	['an unlisted foreign header in two folders', \&foreign_at_home,
		'src/tenant/user.c', "#include <unicase.h>\n", qr{<unicase\.h>},
		{ 'src/base/text.c' => "#include <unicase.h>\n" }],
	['the own header not first', \&own_header_first,
		'src/base/arena.c', "#include <stdio.h>\n#include \"base/arena.h\"\n", qr{arena\.c}],
	['a file of 801 lines', \&sizes, 'src/store/db.c', "\n" x 801, qr{db\.c: 801 lines}],
	['a header of 151 lines', \&sizes, 'src/store/db.h', "\n" x 151, qr{db\.h: 151 lines}],
	['a main of 101 lines', \&sizes, 'src/cxdp.c', "\n" x 101, qr{cxdp\.c: 101 lines}],
	['a file called util', \&names, 'src/base/str_util.c', '', qr{str_util\.c}],
	['a function called helper', \&names, 'src/store/db.c', "int\ndb_helper(void)\n{\n}\n", qr{db\.c:2: db_helper}],
	['a struct called ctx', \&names, 'src/store/db.c', "struct db_ctx {\n};\n", qr{db\.c:1: db_ctx}],
	['a struct in a typedef', \&names, 'src/store/db.c', "typedef struct db db_t;\n", qr{db\.c:1:.*typedef}],
	['a wrong guard', \&names, 'src/store/db.h', "#ifndef DB_H\n#define DB_H\n#endif\n", qr{STORE_DB_H}],
	['a call of sprintf', \&safe_words, 'src/store/db.c', "\n\tsprintf(b, \"%d\", 1);\n", qr{db\.c:2: sprintf}],
	['an excuse too far away', \&safe_words, 'src/wire/old.c',
		"/* Rule broken: long ago. */\n\n\n\n\n\nx = strtok(y);\n", qr{old\.c:7: strtok}],
	['a note to self', \&safe_words, 'src/store/db.c', "/* TODO: later */\n", qr{db\.c:1: TODO}],
);
for (@plants) {
	my ($name, $law, $path, $text, $expected, $also) = @$_;
	planted($name, $law, { %lawful, %{ $also // {} } }, { $path => $text }, $expected);
}
done_testing();
