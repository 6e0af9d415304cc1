#!/usr/bin/env perl
# The laws of the house's SQL: every statement in a file of sql/query, used by its owner only,
# naming the company; no SQL put together in C. Each is shown to bite by a planted violation.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Laws qw(slurp files floors without_comments lines_of excused law_holds planted);
use Test::More;

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";

# queries(ROOT): { name, owner, file, line, tags => { in, out, rows, platform }, text }
sub queries ($root) {
	my (@queries, $now);
	for my $file (files($root, qr{^sql/query/[^/]+\.sql$})) {
		my ($owner) = $file =~ m{([^/]+)\.sql$};
		my ($line, $tag) = (0, '');
		undef $now;
		for (split /\n/, slurp("$root/$file")) {
			$line++;
			if (/^-- name:\s*(\S*)/) {
				$now = { name => $1, owner => $owner, at => "$file:$line", tags => {}, text => '' };
				push @queries, $now;
			} elsif (/^-- (\w+):\s*(.*)/ && $now) {
				$now->{tags}{ $tag = $1 } = $2;
			} elsif (!/^\s*--/) {
				if ($now) { $now->{text} .= "$_\n" }
				elsif (/\S/) {
					push @queries, { name => '', owner => $owner, at => "$file:$line",
						tags => {}, text => $_ };
				}
			}
		}
	}
	return @queries;
}

sub queries_are_described ($root) {
	my ($floor, @broken, %at) = (floors($root));
	for my $q (queries($root)) {
		push @broken, "$q->{at}: a statement without a name" if $q->{name} eq '';
		push @broken, "$q->{at}: '$q->{name}' is not an UPPER_CASE name"
			if $q->{name} ne '' && $q->{name} !~ /^[A-Z][A-Z0-9_]*$/;
		push @broken, "$q->{at}: $q->{name} is at $at{$q->{name}} too" if $at{ $q->{name} };
		$at{ $q->{name} } = $q->{at};
		push @broken, "$q->{at}: sql/query/$q->{owner}.sql has no folder on src/FLOORS"
			unless $floor->{ $q->{owner} };
		for my $tag (qw(in out rows)) {
			push @broken, "$q->{at}: $q->{name} lacks '-- $tag:'"
				unless ($q->{tags}{$tag} // '') =~ /\S/;
		}
		my $ends = () = $q->{text} =~ /;/g;
		push @broken, "$q->{at}: $q->{name} is not one statement ended by ;"
			unless $ends == 1 && $q->{text} =~ /;\s*\z/;
	}
	return @broken;
}

# Tenancy at the bottom: a statement names the company, or says why it has none.
sub queries_name_the_company ($root) {
	return map { "$_->{at}: $_->{name} does not name company_id" }
		grep { $_->{text} !~ /\bcompany_id\b/i && ($_->{tags}{platform} // '') !~ /\w+ \w+/ }
		queries($root);
}

# What MySQL 8 and MariaDB 10.6 do not share, and ids that are not made in C.
my @foreign_sql = (
	[qr/\b(AUTO_INCREMENT)\b/i => 'ids are made in C'],
	[qr/\b(RETURNING)\b/i => 'MySQL has no such word'],
	[qr/\b(INET[46]|UUID)\b(?!\s*\()/i => 'MySQL has no such type'],
	[qr/\b(utf8mb4_0900\w*|utf8mb4_uca1400\w*)/i => 'one server only has this collation'],
	[qr/\b(SELECT\s+\*)/i => 'columns are named, not starred'],
);

sub sql_is_shared ($root) {
	my @broken;
	for my $file (files($root, qr{^sql/.*\.sql$})) {
		my $text = slurp("$root/$file") =~ s/--[^\n]*//gr =~ s/'(?:''|[^'])*'/''/gr;
		for my $f (@foreign_sql) {
			push @broken, map { "$file:$_->[0]: $_->[1]: $f->[1]" } lines_of($text, $f->[0]);
		}
	}
	return @broken;
}

# Each query has one owner, and the owner uses it.
sub queries_stay_home ($root) {
	my %owner = map { $_->{name} => $_->{owner} } queries($root);
	my (@broken, %used);
	for my $file (files($root, qr{^src/.*\.[ch]$})) {
		my ($own) = $file =~ m{^src/([^/]+)/};
		for (lines_of(without_comments(slurp("$root/$file")), qr{\bQUERY_([A-Z0-9_]+)\b})) {
			my ($line, $name) = @$_;
			next unless $owner{$name};
			$used{$name} = 1;
			push @broken, "$file:$line: QUERY_$name belongs to src/$owner{$name} only"
				if ($own // '') ne $owner{$name};
		}
	}
	push @broken, map { "$_->{at}: $_->{name} is used nowhere" }
		grep { $_->{name} ne '' && !$used{ $_->{name} } } queries($root);
	return @broken;
}

# C text holds no SQL: what is joined there could be joined with a value.
sub no_sql_in_c ($root) {
	my $sql = qr{\b(SELECT\s|INSERT\s+(?:IGNORE\s+)?INTO\b|REPLACE\s+INTO\b|UPDATE\s+\w+\s+SET\b
		|UPDATE\s*$|DELETE\s+FROM\b|(?:CREATE|ALTER|DROP|TRUNCATE)\s+(?:TABLE|DATABASE|INDEX)\b
		|ORDER\s+BY\b|GROUP\s+BY\b|WHERE\s+\w+\s*(?:=|IN\b|<|>)|\bFROM\s+[a-z_]+\s+WHERE\b)}x;
	my @broken;
	for my $file (files($root, qr{^src/.*\.[ch]$})) {
		my $whole = slurp("$root/$file");
		my $text = without_comments($whole, 1);
		for (lines_of($text, qr{("(?:\\.|[^"\\\n])*")})) {
			my ($line, $string) = @$_;
			push @broken, "$file:$line: SQL in C: $string" if $string =~ $sql && !excused($whole, $line);
		}
	}
	return @broken;
}

# sql/schema: numbered without holes, every key begins with the company.
sub schema_begins_with_the_company ($root) {
	my (@broken, $expected);
	for my $file (files($root, qr{^sql/schema/})) {
		my ($n) = $file =~ m{/(\d{3})-[a-z][a-z0-9-]*\.sql$};
		push(@broken, "$file: is not called NNN-what.sql"), next unless defined $n;
		push @broken, sprintf '%s: expected number %03d', $file, $expected
			if $n != ($expected //= $n);
		$expected = $n + 1;
		my $text = slurp("$root/$file");
		# A table, with the comment lines right above it.
		while ($text =~ /((?:^--[^\n]*\n)*)^CREATE\s+TABLE\s+(?:IF NOT EXISTS\s+)?(\w+)(.*?);[ \t]*(?:--[^\n]*)?$/gmsi) {
			my ($above, $table, $body) = ($1, $2, $3);
			next if "$above$body" =~ /^\s*-- platform:\s*\w+ \w+/m;
			push @broken, "$file: the primary key of $table does not begin with company_id"
				unless $body =~ /PRIMARY\s+KEY\s*\(\s*company_id\b|\bcompany_id\s[^,]*\bPRIMARY\s+KEY\b/i;
		}
	}
	return @broken;
}

# A file of the schema may be run twice, and on every server: tables are made if they are not there, columns and keys are only added (store/db.c passes over those that are there).
sub schema_may_be_repeated ($root) {
	my @broken;
	for my $file (files($root, qr{^sql/schema/})) {
		my $text = slurp("$root/$file") =~ s/--[^\n]*//gr;
		push @broken, map { "$file:$_->[0]: $_->[1]: a table of its own may be made twice, this not" }
			lines_of($text, qr{\b(ALTER\s+TABLE\s+\w+\s+(?!ADD)\w+|(?:MODIFY|CHANGE|RENAME)\s+COLUMN|DROP\s+COLUMN|CREATE\s+(?:UNIQUE\s+)?INDEX|CREATE\s+TABLE\s+(?!IF\s+NOT\s+EXISTS)\w+)}i);
	}
	return @broken;
}

my @laws = (
	['every query is named and described' => \&queries_are_described],
	['every query names the company, or says why not' => \&queries_name_the_company],
	['SQL stays in what MySQL and MariaDB share' => \&sql_is_shared],
	['every query is used, by its owner only' => \&queries_stay_home],
	['no SQL is written in C' => \&no_sql_in_c],
	['every primary key begins with the company' => \&schema_begins_with_the_company],
	['the schema may be run twice' => \&schema_may_be_repeated],
);
law_holds(@$_, $root) for @laws;
cmp_ok(scalar queries($root), '>', 0, 'there are queries to look at');

my $query = "-- name: USER_BY_ID\n-- in: company_id, id\n-- out: email\n-- rows: 0..1\n"
	. "SELECT email FROM user WHERE company_id = ? AND id = ?;\n";
my $table = "CREATE TABLE IF NOT EXISTS user (\n\tcompany_id BIGINT NOT NULL,\n\tid BIGINT NOT NULL, -- ours\n"
	. "\tPRIMARY KEY (company_id, id)\n);\n";
my %lawful = (
	'src/FLOORS' => "store  SQL\ntenant  who\nui  pages\n",
	'sql/query/tenant.sql' => $query,
	'sql/schema/001-user.sql' => $table . "-- platform: the schema belongs to nobody\n"
		. "CREATE TABLE IF NOT EXISTS migration (number INT NOT NULL PRIMARY KEY);\n",
	'src/tenant/user.c' => "/* SELECT it */\nask(QUERY_USER_BY_ID);\nsay(\"select a user\");\n",
);
my ($described, $company, $shared, $home, $in_c, $schema, $repeated) = map { $_->[1] } @laws;
my $no_company = $query =~ s/company_id = \? AND //r =~ s/in: company_id, /in: /r;
my @plants = (
	['a query without "out"', $described, 'sql/query/tenant.sql', $query =~ s/-- out.*\n//r, qr{lacks '-- out}],
	['a query named twice', $described, 'sql/query/ui.sql', $query, qr{is at .* too}],
	['a query file without a folder', $described, 'sql/query/attic.sql', $query =~ s/USER/BOX/r, qr{attic\.sql has no folder}],
	['two statements under one name', $described, 'sql/query/tenant.sql', $query . "DELETE FROM user;\n", qr{one statement}],
	['a query without the company', $company, 'sql/query/tenant.sql', $no_company, qr{tenant\.sql:1: USER_BY_ID}],
	['a platform tag without a reason', $company, 'sql/query/tenant.sql', $no_company =~ s/(-- rows)/-- platform:\n$1/r, qr{USER_BY_ID}],
	['a company named in a comment only', $company, 'sql/query/tenant.sql', $no_company . "-- company_id\n", qr{USER_BY_ID}],
	['a counter made by the server', $shared, 'sql/schema/001-user.sql', $table =~ s/id BIGINT NOT NULL,/id BIGINT AUTO_INCREMENT,/r, qr{AUTO_INCREMENT}],
	['a word of MariaDB only', $shared, 'sql/query/tenant.sql', $query =~ s/;/ RETURNING id;/r, qr{RETURNING}],
	['a query used by another folder', $home, 'src/ui/page.c', "ask(QUERY_USER_BY_ID);\n", qr{page\.c:1: QUERY_USER_BY_ID}],
	['a query used by a main', $home, 'src/cxdp.c', "\nask(QUERY_USER_BY_ID);\n", qr{cxdp\.c:2: QUERY_USER_BY_ID}],
	['a query nobody uses', $home, 'src/tenant/user.c', "/* QUERY_USER_BY_ID */\n", qr{used nowhere}],
	['a SELECT in C', $in_c, 'src/tenant/user.c', "f(\"SELECT 1 \"\n\t\"FROM user\");\n", qr{user\.c:1: SQL in C}],
	['a WHERE in C', $in_c, 'src/tenant/user.c', "\nf(\" WHERE id = %d\", id);\n", qr{user\.c:2: SQL in C}],
	['a key that begins with the id', $schema, 'sql/schema/001-user.sql', $table =~ s/\(company_id, id\)/(id, company_id)/r, qr{primary key of user}],
	['a key of the id alone', $schema, 'sql/schema/001-user.sql', "CREATE TABLE user (id INT PRIMARY KEY, company_id INT);\n", qr{primary key of user}],
	['a column taken away', $repeated, 'sql/schema/002-more.sql', "ALTER TABLE user DROP COLUMN age;\n", qr{002-more\.sql:1: ALTER TABLE user DROP}],
	['a table that is there already', $repeated, 'sql/schema/002-more.sql', "CREATE TABLE more (company_id BIGINT PRIMARY KEY);\n", qr{002-more\.sql:1: CREATE TABLE}],
	['a hole in the numbers', $schema, 'sql/schema/003-more.sql', '', qr{expected number 002}],
);
planted($_->[0], $_->[1], \%lawful, { $_->[2] => $_->[3] }, $_->[4]) for @plants;
done_testing();
