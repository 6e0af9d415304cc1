#!/usr/bin/env perl
# The laws of the house's words: lua/locale/ru.lua and en.lua hold the same keys with the same
# places to fill, every key that a page or C asks for is there, and none is there for nothing.
#
# A locale file is "return {" and entries, key = "text" or ["a key"] = "text"; a key with
# plurals has a list: { "%d клиент", "%d клиента", "%d клиентов" }, two forms in English.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Laws qw(slurp files without_comments lines_of law_holds planted);
use Test::More;

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";
my %forms = (ru => 3, en => 2);

# locale(ROOT, LANGUAGE): ({ key => [texts] }, complaints)
sub locale ($root, $language) {
	my $file = "lua/locale/$language.lua";
	return ({}, "$file: is not there") unless -e "$root/$file";
	my $text = slurp("$root/$file") =~ s{("(?:\\.|[^"\\\n])*")|--[^\n]*}{$1 // ''}ger;
	my (%texts, @broken);
	my $string = qr{"(?:\\.|[^"\\\n])*"};
	$text =~ /\A\s*return\s*\{/gc or return ({}, "$file: does not begin with return {");
	while ($text =~ /\G\s*(?:\["([^"]+)"\]|([A-Za-z_]\w*))\s*=\s*($string|\{(?:[^{}"]|$string)*\})\s*[,;]?/gc) {
		my ($key, $value) = ($1 // $2, $3);
		push @broken, "$file: '$key' is there twice" if $texts{$key};
		my @list = $value =~ /($string)/g;
		push @broken, sprintf "%s: '%s' has %d forms, expected %d", $file, $key, scalar @list, $forms{$language}
			if $value =~ /^\{/ && @list != $forms{$language};
		push @broken, "$file: '$key' is empty" if grep { $_ eq '""' } @list;
		$texts{$key} = \@list;
	}
	$text =~ /\G\s*\}\s*\z/gc
		or push @broken, "$file: not understood from: " . substr $text, pos($text) // 0, 60;
	return (\%texts, @broken);
}

# places(TEXT): what is to be filled in, in any order: %d %s {name} {{ name }}
sub places ($text) { return join ' ', sort $text =~ /(%[-0-9.]*[a-z]|\{+\s*[\w.]+\s*\}+)/g }

sub languages_agree ($root) {
	my ($ru, @broken) = locale($root, 'ru');
	my ($en, @more) = locale($root, 'en');
	push @broken, @more;
	push @broken, map { "lua/locale/en.lua: '$_' is missing" } grep { !$en->{$_} } sort keys %$ru;
	push @broken, map { "lua/locale/ru.lua: '$_' is missing" } grep { !$ru->{$_} } sort keys %$en;
	for my $key (grep { $en->{$_} } sort keys %$ru) {
		my ($first, @rest) = map { places($_) } @{ $ru->{$key} }, @{ $en->{$key} };
		push @broken, "lua/locale: '$key' has other places to fill in another language or form"
			if grep { $_ ne $first } @rest;
		push @broken, "lua/locale: '$key' is a list in one language only"
			if (@{ $ru->{$key} } > 1) != (@{ $en->{$key} } > 1);
	}
	return @broken;
}

# asked(ROOT): { key => "file:line" }, { prefix => 1 } for t("a." .. b).
sub asked ($root) {
	my (%at, %prefix);
	for my $file (files($root, qr{^(?:src/.*\.[ch]|templates/.*|lua/(?!locale/).*\.lua)$})) {
		my $text = slurp("$root/$file");
		my $call = $file =~ /\.[ch]$/ ? qr{\bT_\(\s*} : qr{(?<![\w.:"'-])t\s*\(?\s*};
		$text = without_comments($text, 1) if $file =~ /\.[ch]$/;
		while ($text =~ /$call(["'])([^"'\n]+)\g1(\s*\.\.)?/g) {
			if ($3) { $prefix{$2} = 1 }
			else { $at{$2} //= $file . ':' . (1 + (substr($text, 0, $-[0]) =~ tr/\n//)) }
		}
	}
	return (\%at, \%prefix);
}

sub words_exist ($root) {
	my ($ru) = locale($root, 'ru');
	my ($at) = asked($root);
	return map { "$at->{$_}: '$_' is not in lua/locale" } grep { !$ru->{$_} } sort keys %$at;
}

sub words_are_used ($root) {
	my ($ru) = locale($root, 'ru');
	my ($at, $prefix) = asked($root);
	my $begins = join '|', map { quotemeta } sort keys %$prefix;
	return map { "lua/locale/ru.lua: '$_' is used nowhere" }
		grep { !$at->{$_} && !($begins ne '' && /^(?:$begins)/) } sort keys %$ru;
}

# What the log of actions says, t/lib/Walls.pm knows; a person reads it in words.
sub actions_have_words ($root) {
	my ($ru) = locale($root, 'ru');
	my $file = 't/lib/Walls.pm';
	return () unless -e "$root/$file";
	my $text = slurp("$root/$file");
	my @broken;
	while ($text =~ /\baudit => '([^']+)'/g) {
		push @broken, "$file:" . (1 + (substr($text, 0, $-[0]) =~ tr/\n//)) . ": 'audit.$1' is not in lua/locale" unless $ru->{"audit.$1"};
	}
	return @broken;
}

SKIP: {
	skip 'no words yet', 4 unless -d "$root/lua/locale";
	law_holds('Russian and English say the same things', \&languages_agree, $root);
	law_holds('every word asked for exists', \&words_exist, $root);
	law_holds('every word is asked for', \&words_are_used, $root);
	law_holds('every action of the log has words', \&actions_have_words, $root);
}

my $ru = "-- words\nreturn {\n\thello = \"Привет, {name}\", -- to all\n\t[\"n.people\"] = { \"%d a\", \"%d b\", \"%d c\" },\n"
	. "\t[\"role.admin\"] = \"Админ -- не комментарий\",\n}\n";
my $en = "return {\n\thello = \"Hello, {name}\",\n\t[\"n.people\"] = { \"%d person\", \"%d people\" },\n"
	. "\t[\"role.admin\"] = \"Admin\",\n}\n";
my %lawful = (
	'lua/locale/ru.lua' => $ru,
	'lua/locale/en.lua' => $en,
	'templates/page/a.html' => "<p>{{ t(\"hello\") }} {{ t('role.' .. role) }} {{ at(\"no\") }}\n",
	'src/ui/a.c' => "say(T_(\"n.people\"), n); /* T_(\"gone\") */\n",
);
my @plants = (
	['a key in one language only', \&languages_agree, 'lua/locale/en.lua', $en =~ s/\thello.*\n//r, qr{en\.lua: 'hello' is missing}],
	['a key in the other language only', \&languages_agree, 'lua/locale/ru.lua', $ru =~ s/\thello.*\n//r, qr{ru\.lua: 'hello' is missing}],
	['a place lost in translation', \&languages_agree, 'lua/locale/en.lua', $en =~ s/\{name\}/you/r, qr{'hello' has other places}],
	['two plural forms in Russian', \&languages_agree, 'lua/locale/ru.lua', $ru =~ s/, "%d c"//r, qr{has 2 forms, expected 3}],
	['a key written twice', \&languages_agree, 'lua/locale/en.lua', $en =~ s/(\thello.*\n)/$1$1/r, qr{'hello' is there twice}],
	['an empty text', \&languages_agree, 'lua/locale/en.lua', $en =~ s/"Admin"/""/r, qr{'role.admin' is empty}],
	['a locale that is more than a list', \&languages_agree, 'lua/locale/en.lua', $en =~ s/"Admin"/os.exit()/r, qr{not understood}],
	['a page asking for an unknown key', \&words_exist, 'templates/page/b.html', "\n{{ t \"bye\" }}\n", qr{b\.html:2: 'bye'}],
	['C asking for an unknown key', \&words_exist, 'src/ui/b.c', "f(T_(\"bye\"));\n", qr{b\.c:1: 'bye'}],
	['an action without words', \&actions_have_words, 't/lib/Walls.pm', "'POST /x' => {\n\taudit => 'x.made' },\n", qr{Walls\.pm:2: 'audit\.x\.made'}],
	['a key nobody asks for', \&words_are_used, 'src/ui/a.c', '', qr{'n\.people' is used nowhere}],
);
planted($_->[0], $_->[1], \%lawful, { $_->[2] => $_->[3] }, $_->[4]) for @plants;
done_testing();
