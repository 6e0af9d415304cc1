#!/usr/bin/env perl
# Cases beside a text, from the command line: rules, scripts, templates; what passes, what does not and why, and the exit code.
use v5.36;
use utf8;
use FindBin;
use File::Temp;
use Test::More;

my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";
my $build = $ENV{CXDP_BUILD} // "$root/var/build";
my $dir = File::Temp->newdir;
my $put = sub ($name, $text) { open my $f, '>:encoding(UTF-8)', "$dir/$name" or die $!; print $f $text; close $f };
$put->('conf', "lua_dir = $root/lua\n");
my $run = sub (@files) {
	my $said = qx{$build/cxdp --config $dir/conf script test @{[map { "$dir/$_" } @files]} 2>&1};
	utf8::decode($said);
	return ($? >> 8, $said =~ s{\Q$dir/}{}gr);
};

$put->('vip.lua', qq{return event.purchase:within "30d":sum("total"):at_least(100) & field.city:is "Минск"\n\t& segment "VIP" & reachable "email"});
my $anna = '"profile": {"city": "минск", "email": "a@x.example"}, "segments": ["VIP"], "consent": ["email"]';
$put->('vip.cases.json', qq([
	{"name": "bought", $anna, "events": [["purchase", "-3d", {"total": 60}], ["Order Completed", "-29d", {"total": 40}]], "expect": true},
	{"name": "long ago", $anna, "events": [["purchase", "-31d", {"total": 160}]], "expect": false},
	{"name": "then", $anna, "events": [["purchase", "2026-01-05T00:00:00Z", {"total": 160}]], "now": "2026-02-01T00:00:00Z", "expect": true},
	{"name": "no consent", "profile": {"city": "Минск", "email": "a\@x.example"}, "segments": ["VIP"], "events": [["purchase", "-1d", {"total": 160}]], "expect": false},
	{"name": "unknown", $anna, "known": false, "events": [["purchase", "-1d", {"total": 160}]], "expect": false}]));
is_deeply [$run->('vip.lua')], [0, <<'END'], 'cases of a rule';
ok 1 - vip.lua: bought
ok 2 - vip.lua: long ago
ok 3 - vip.lua: then
ok 4 - vip.lua: no consent
ok 5 - vip.lua: unknown
1..5
END

my $doc = sub ($name) { open my $f, '<:encoding(UTF-8)', "$root/docs/$name" or die $!; local $/; return scalar <$f> };
my ($shown) = $doc->('rules.md') =~ /^```json\n(.*?)^```/ms;
$put->('shown.lua', 'return event.purchase:within "365d":sum("total"):at_least(300)');
$put->('shown.cases.json', $shown);
is +($run->('shown.lua'))[0], 0, 'what docs/rules.md shows';
($shown) = $doc->('lua.md') =~ /^```json\n(.*?)^```/ms;
$put->('shown.lua', 'return { total = params.items[1].price }');
$put->('shown.cases.json', $shown);
is +($run->('shown.lua'))[0], 0, 'what docs/lua.md shows';

$put->('wrong.lua', 'return field.bonus:more(5) & where [[ bonus + 1 > 0 ]]');
$put->('wrong.cases.json', '[{"name": "ten", "profile": {"bonus": 10}, "expect": false}, {"name": "none", "profile": {}, "expect": true}]');
is_deeply [$run->('wrong.lua')], [1, <<'END'], 'what does not pass, and why';
not ok 1 - wrong.lua: ten
#   got true, expected false: the rule means this person
not ok 2 - wrong.lua: none
#   got false, expected true: the rule does not mean this person
1..2
END
$put->('raises.lua', "return known()\n\t& where [[ bonus.x > 1 ]]");
$put->('raises.cases.json', '[{"profile": {"bonus": 1}, "expect": false}]');
like +($run->('raises.lua'))[1], qr/^not ok 1 - raises.lua: 1\n#   line 2: attempt to index a number value/, 'a where() that fails does not pass as no';
$put->('typo.lua', 'return field.cty:is "x"');
$put->('typo.cases.json', '[{"profile": {"city": "x"}, "expect": true}]');
is_deeply [$run->('typo.lua')], [1, qq{not ok 1 - typo.lua: compiles\n#   line 1: there is no field "cty", did you mean "city"?\n1..1\n}], 'a rule that does not compile';

for ([q({"profile": {}, "expect": 1}), 'expect is true or false'], [q({"profile": {}, "expect": true, "event": []}), 'a case has name'],
	[q({"events": [["purchase", "soon"]], "expect": true}), q(an event's time is "-3d")], [q({"events": {}, "expect": true}), 'events are a list'],
	[q({"profile": [], "expect": true}), 'profile is'], [q({"events": [], "segments": [1], "expect": true}), 'segments and consent are lists of texts'], [q({"profile": {"cty": 1}, "expect": true, "now": "soon"}), 'now is a time']) {
	$put->('typo.cases.json', "[$_->[0]]");
	my ($status, $said) = $run->('typo.lua');
	ok $status == 1 && $said =~ /case 1: \Q$_->[1]\E/, "a case that is none: $_->[0]" or diag $said;
}

$put->('step.lua', 'return { total = list.sum(list.map(params.items, function (i) return i.price end)), year = date.format(date.now(), "yyyy") }');
$put->('step.cases.json', '[{"name": "sums", "params": {"items": [{"price": 1.5}, {"price": 2}]}, "now": "2026-01-01T00:00:00Z", "expect": {"year": "2026", "total": 3.5}},
	{"name": "nothing", "params": {"items": []}, "now": "2026-01-01T00:00:00Z", "expect": {}}]');
is_deeply [$run->('step.lua')], [1, <<'END'], 'cases of a script';
ok 1 - step.lua: sums
not ok 2 - step.lua: nothing
#   got {"total":0,"year":"2026"}, expected {}
1..2
END
$put->('letter.html', '<p>{{ name }}: {{ plural(n, "балл", "балла", "баллов") }}</p>');
$put->('letter.cases.json', '[{"vars": {"name": "<A>", "n": 5}, "language": "ru", "expect": "<p>&lt;A&gt;: баллов</p>"}]');
is_deeply [$run->('letter.html')], [0, "ok 1 - letter.html: 1\n1..1\n"], 'cases of a template';
$put->('loop.lua', 'while true do end');
$put->('loop.cases.json', '[{"expect": null}]');
is_deeply [$run->('loop.lua')], [2, "not ok 1 - loop.lua: 1\n#   the script used up its gas\n1..1\n"], 'a limit is told by the exit code';
like +($run->('none.lua', 'letter.html'))[1], qr/^not ok 1 - none.lua: is read\n#   cannot read none.lua.*\nok 2 - letter.html: 1\n1\.\.2/, 'a file that is not there does not stop the others';
done_testing;
