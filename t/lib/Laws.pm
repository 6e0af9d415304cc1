# What the law tests (t/00-*.t) share: reading a tree, and planting a violation in a small one.
package Laws;
use v5.36;
use Exporter 'import';
use File::Basename 'dirname';
use File::Find ();
use File::Path 'make_path';
use File::Temp 'tempdir';
use Test::More;

our @EXPORT_OK = qw(slurp files floors without_comments lines_of excused law_holds planted);

sub slurp ($path) {
	open my $f, '<', $path or die "$path: $!";
	local $/;
	return scalar <$f> // '';
}

# files(ROOT, REGEX): their names under ROOT, sorted, those of git, npm and builds left out.
sub files ($root, $wanted) {
	my @found;
	return () unless -d $root;
	File::Find::find({ no_chdir => 1, wanted => sub {
		$File::Find::prune = 1, return
			if -d && m{/(?:\.git|node_modules|var|autom4te\.cache|build-aux)$};
		my $name = substr $_, length($root) + 1 if -f;
		push @found, $name if defined $name && $name =~ $wanted;
	} }, $root);
	return sort @found;
}

# floors(ROOT): folder => number of its line in src/FLOORS, bottom first.
sub floors ($root) {
	my (%line, $n);
	for (split /\n/, slurp("$root/src/FLOORS")) {
		next if /^\s*(#|$)/;
		my ($folders) = /^(.*?)(?:\s{2,}|$)/;
		$n++;
		$line{$_} = $n for split ' ', $folders;
	}
	return \%line;
}

# without_comments(C TEXT, KEEP STRINGS?): the same lines, comments blanked, strings too
# unless they are wanted.
sub without_comments ($text, $strings = 0) {
	$text =~ s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')}
		{ defined $1 ? $1 =~ s/[^\n]//gr : $strings ? $2 : substr($2, 0, 1) x 2 }gse;
	return $text;
}

# lines_of(TEXT, REGEX): [line number, what the first group caught] of every match.
sub lines_of ($text, $re) {
	my @at;
	while ($text =~ /$re/g) {
		push @at, [1 + (substr($text, 0, $-[0]) =~ tr/\n//), $1];
	}
	return @at;
}

# excused(TEXT, LINE): a comment "Rule broken: why" stands in it or in the five lines above.
sub excused ($text, $line) {
	my $from = $line > 6 ? $line - 6 : 0;
	return grep { defined && m{(?:/\*|--|//|\*)\s*Rule broken: \w+} } (split /\n/, $text)[$from .. $line - 1];
}

# law_holds(NAME, LAW, ROOT): one test; every violation is named.
sub law_holds ($name, $law, $root) {
	my @broken = $law->($root);
	ok(!@broken, $name) or diag(join "\n", @broken);
}

# planted(NAME, LAW, LAWFUL TREE, CHANGE, EXPECTED): the law is silent about the lawful tree
# and speaks, naming what EXPECTED matches, once CHANGE is made. Trees are { path => text }.
sub planted ($name, $law, $lawful, $change, $expected) {
	my $dir = tempdir(CLEANUP => 1);
	write_tree($dir, $lawful);
	my @before = $law->($dir);
	write_tree($dir, $change);
	my @after = $law->($dir);
	ok(!@before && (grep { $_ =~ $expected } @after), "caught: $name")
		or diag("before: @before\nafter: @after");
}

sub write_tree ($dir, $tree) {
	for my $path (sort keys %$tree) {
		make_path(dirname("$dir/$path"));
		open my $f, '>', "$dir/$path" or die "$path: $!";
		print $f $tree->{$path};
		close $f or die "$path: $!";
	}
}

1;
