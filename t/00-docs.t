#!/usr/bin/env perl
# The laws of docs/: what stands there in tables is what the source says: every route of the API, every setting with its default and
# bounds, every alias of an event, every word a script can reach. No document is long.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Laws qw(slurp files law_holds planted);
use Test::More;

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";

# differences(FILE, { wanted }, { found }): complaints.
sub differences ($file, $wanted, $found) {
	return ((map { "$file: lacks $_" } grep { !$found->{$_} } sort keys %$wanted),
		map { "$file: $_ is not so in the source" } grep { !$wanted->{$_} } sort keys %$found);
}

# cells(LINE): of a table's row, backquotes taken off.
sub cells ($line) { return map { s/^\s+|\s+$//gr =~ tr/`//dr } split /\|/, $line =~ s/^\||\|\s*$//gr, -1 }

# rows(TEXT, TITLE): rows of the table whose first head cell is TITLE, as lists of cells.
sub rows ($text, $title) {
	my ($table) = $text =~ /^\| \Q$title\E \|[^\n]*\n\|[-| ]+\n((?:\|[^\n]*\n)*)/m or return;
	return map { [cells($_)] } split /\n/, $table;
}

sub routes ($root) {
	my %source = map { $_ => 1 } map { "$_->[0] $_->[1]" }
		map { [/^(\w+)", "\/api\/v1(\/[^"]*)$/] } slurp("$root/src/api/api.c") =~ /\{"((?:GET|POST|PATCH|PUT|DELETE)", "\/api\/v1[^"]*)"/g;
	my %docs = map { $_ => 1 } slurp("$root/docs/api-routes.md") =~ /^#+ `(\w+ \/[^`?]*)`/mg;
	return differences('docs/api-routes.md', \%source, \%docs);
}

# Each route of the door's table has its row in shapes.c, and the other way round.
sub told ($root) {
	my %source = map { $_ => 1 } map { s/", "/ /r } slurp("$root/src/api/api.c") =~ /\{"((?:GET|POST|PATCH|PUT|DELETE)", "\/api[^"]*)"/g;
	my %told = map { $_ => 1 } slurp("$root/src/api/shapes.c") =~ /\{"((?:GET|POST|PATCH|PUT|DELETE) \/api[^"]*)"/g;
	return differences('src/api/shapes.c', \%source, \%told);
}

sub settings ($root) {
	my %wanted;
	my $source = slurp("$root/src/base/settings.c");
	while ($source =~ /SET_(TEXT|YES|WHOLE)\((\w+),\s*"([^"]*)"(?:,\s*([^,)]+),\s*([^,)]+))?\)/g) {
		my ($kind, $name, $default, $least, $most) = ($1, $2, $3, $4, $5 // '');
		$most = $1 << $2 if $most =~ /^(\d+) << (\d+)$/;
		$wanted{join ' | ', $name, $default, $kind eq 'YES' ? 'yes, no' : $kind eq 'WHOLE' ? "$least to $most" : 'text'} = 1;
	}
	my %found = map { join(' | ', @$_[0 .. 2]) => 1 } rows(slurp("$root/docs/operating.md"), 'setting');
	return differences('docs/operating.md', \%wanted, \%found);
}

sub aliases ($root) {
	my ($table) = slurp("$root/src/event/type.c") =~ /event_aliases\[\] = \{(.*?)\n\};/s;
	my %wanted = map { $_ => 1 } map { s/", "/ | /r } ($table // '') =~ /\{"([^"]+", "[^"]+)"\}/g;
	my %found = map { join(' | ', @$_[0, 1]) => 1 } rows(slurp("$root/docs/events.md"), 'an SDK sends');
	return differences('docs/events.md', \%wanted, \%found);
}

# Words such as "text.upper": those of the golden list of steps, methods of texts and constants of numbers left out.
sub words ($root) {
	my %wanted = map { $_ => 1 } grep { !/^(?:string\.|"")/ && !/^\w+ userdata/ } map { s/ \w+$//r } split /\n/, slurp("$root/t/box/reach-step.txt");
	delete @wanted{qw(date json list math string table text)};
	my $text = slurp("$root/docs/lua.md");
	return map { "docs/lua.md: lacks $_" } grep { $text !~ /(?<![\w.])\Q$_\E(?!\w)/ } sort keys %wanted;
}

sub long ($root) {
	return map { my $n = slurp("$root/$_") =~ tr/\n//; $n > 200 ? "$_: $n lines, at most 200" : () } files($root, qr{^docs/.*\.md$});
}

law_holds(@$_, $root) for ['every route is told of to machines', \&told], ['every route has its place in docs/api-routes.md', \&routes], ['settings stand as they are', \&settings],
	['aliases of events stand as they are', \&aliases], ['every word of the box is told', \&words], ['documents are short', \&long];

my %tree = ('src/api/shapes.c' => qq[{"GET /api/v1/health", NULL\n{"GET /api/v1/jobs/{id}", NULL\n], 'src/api/api.c' => qq[{"GET", "/api/v1/health", api_health,\n{"GET", "/api/v1/jobs/{id}", x,\n],
	'docs/api-routes.md' => "### `GET /health`\n### `GET /jobs/{id}`\n", 'src/base/settings.c' => qq[SET_WHOLE(machine, "0", 0, 15),\nSET_YES(demo, "no"),\n],
	'docs/operating.md' => "| setting | default | values |\n|---|---|---|\n| `machine` | `0` | 0 to 15 |\n| `demo` | `no` | yes, no |\n",
	'src/event/type.c' => qq[event_aliases[] = {\n\t{"A B", "a_b"},\n};\n], 'docs/events.md' => "| an SDK sends | built-in name |\n|---|---|\n| `A B` | `a_b` |\n",
	't/box/reach-step.txt' => "math userdata\nmath.pi number\n", 'docs/lua.md' => "math.pi\n");
planted($_->[0], $_->[1], \%tree, { $_->[2] => $_->[3] }, $_->[4]) for
	['a route nobody told of', \&routes, 'docs/api-routes.md', "### `GET /health`\n", qr{lacks GET /jobs/\{id\}}],
	['a route that is gone', \&routes, 'src/api/api.c', qq[{"GET", "/api/v1/health", x], qr{GET /jobs/\{id\} is not so}],
	['a route machines are not told of', \&told, 'src/api/shapes.c', qq[{"GET /api/v1/health", NULL], qr{lacks GET /api/v1/jobs}],
	['another default', \&settings, 'src/base/settings.c', qq[SET_WHOLE(machine, "1", 0, 15)\nSET_YES(demo, "no")], qr{machine \| 0 \| 0 to 15 is not so}],
	['a new alias', \&aliases, 'src/event/type.c', qq[event_aliases[] = {\n\t{"A B", "a_b"},\n\t{"C", "c"},\n};\n], qr{lacks C \| c}],
	['a new word', \&words, 't/box/reach-step.txt', "math.pi number\nmath.e number\n", qr{lacks math\.e}],
	['a long document', \&long, 'docs/lua.md', "math.pi\n" x 201, qr{201 lines}];
done_testing;
