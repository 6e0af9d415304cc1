#!/usr/bin/env perl
# What a segment may be besides its rule: kept by hand, frozen, without repeats, locked, archived; its versions. Repeats are left out as a
# count from scratch would leave them out, whatever happened in between.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;
use Time::HiRes qw(sleep);

my $x = Cxdp->up;
binmode $_, ":utf8" for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;
my $seed = $ENV{CXDP_SEED} // time;
srand $seed;
note "seed $seed";

sub call ($method, $path, $body = undef, $status = 200) {
	my $r = $x->api($method => $path, $body);
	is $r->{status}, $status, "$method $path" or diag $r->{content};
	return $r->{json}{data} // $r->{json}{error};
}
sub state_of ($id) { return $x->api(GET => "segments/$id")->{json}{data}{state} }
sub segment (%body) {
	my $s = call(POST => 'segments', \%body, 201);
	ok $x->wait_for(sub { state_of($s->{id}) eq 'ready' }, 20, "$body{name} ready"), "$body{name} is built";
	return $s->{id};
}
sub ready ($id) { return $x->wait_for(sub { state_of($id) eq 'ready' }, 20, 'ready') }
sub members ($id) { return [sort map { $_->{external_id} // $_->{id} } @{ $x->api(GET => "segments/$id/members?limit=1000")->{json}{data} }] }
sub becomes ($id, $want, $what, $seconds = 20) {
	$x->wait_for(sub { "@{ members($id) }" eq "@$want" }, $seconds, $what);
	is_deeply members($id), $want, $what;
	is $x->api(GET => "segments/$id")->{json}{data}{size}, scalar(@$want), "and its size says so";
}
sub person ($name, %fields) { return $x->api(POST => 'profiles', { external_id => $name, (map { $fields{$_} ? ($_ => delete $fields{$_}) : () } qw(email phone)), fields => \%fields })->{json}{data} }
sub told ($person, $type) { return @{ $x->api(GET => "profiles/$person->{id}/events?type=$type")->{json}{data} } }
sub why ($id, $name) { my ($m) = grep { $_->{external_id} eq $name } @{ $x->api(GET => "segments/$id/members?limit=1000")->{json}{data} }; return $m->{reason} }
sub count ($rule) { return $x->api(POST => 'segments/preview', { rule => $rule })->{json}{data}{count} }
sub restart () {
	$x->kill9('engine-columns');
	$x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' && defined count('return everyone()') }, 20, 'columns back');
}

my %p = map { $_ => person($_, city => 'Минск', email => "$_\@list.example") } qw(anna boris clara dora);
my $phone = person('fedor', phone => '+375291112233', city => 'Брест');

# static, from a list
my $list = segment(name => 'Список', static => \1, emails => ['ANNA@list.example', 'nobody@list.example'], ids => [$p{boris}{id}], phones => ['8 029 111-22-33']);
becomes($list, ['anna', 'boris', 'fedor'], 'a static segment is made of ids, e-mails and phones');
is scalar(told($p{anna}, 'segment_entered')), 0, 'and its first people are told nothing';
is count('return segment "Список"'), 3, 'rules see who is in it';
my $of = segment(name => 'Из списка в Минске', rule => 'return segment "Список" & field.city:is "Минск"');
becomes($of, ['anna', 'boris'], 'and may be built on it');
my $put = call(PUT => "segments/$list/members", { emails => ['clara@list.example', 'anna@list.example', 'x@y.example'] });
is_deeply [@$put{qw(found changed)}, @{ $put->{missing} }], [2, 1, 'x@y.example'], 'of those put in later it says who is new and who is nobody';
is count('return segment "Список"'), 4, 'a rule sees them at once';
becomes($list, ['anna', 'boris', 'clara', 'fedor'], 'they are members');
becomes($of, ['anna', 'boris', 'clara'], 'and what stands on it follows');
my ($in) = grep { $_->{properties}{segment} eq $list } told($p{clara}, 'segment_entered');
is $in->{properties}{reason}, 'put in by hand: API', 'the entry is an event with its reason';
is why($list, 'clara'), 'put in by hand: API', 'which the member has, too';
call(DELETE => "segments/$list/members", { ids => [$p{boris}{id}] });
becomes($list, ['anna', 'clara', 'fedor'], 'one is taken out');
is scalar(grep { $_->{properties}{segment} eq $list } told($p{boris}, 'segment_exited')), 1, 'and the exit is told once';
my $day = call(GET => "segments/$list/history")->[-1];
is_deeply [@$day{qw(size entered exited)}], [3, 1, 1], 'the day counts them';
for my $method (('PUT', 'DELETE') x 10) {
	my $changed = call($method => "segments/$list/members", { ids => [$p{dora}{id}] })->{changed};
	$changed == 1 or fail "$method sees what the call before it did";
}
becomes($list, ['anna', 'clara', 'fedor'], 'whoever is put in and taken out in one breath, ten times, is out');
is scalar(grep { $_->{properties}{segment} eq $list } told($p{dora}, $_)), 10, "each $_ is told" for 'segment_entered', 'segment_exited';
call(PUT => "segments/$list/members", { ids => [$p{dora}{id}] });
my $breath = call(POST => "segments/$list/freeze", { name => 'Застыл сразу' }, 201)->{id};
ready($breath);
becomes($breath, ['anna', 'clara', 'dora', 'fedor'], 'who was put in a moment ago is in the frozen copy');
call(DELETE => "segments/$list/members", { ids => [$p{dora}{id}] });
call(PUT => "segments/$of/members", { ids => [$p{dora}{id}] }, 409);
is call(PUT => "segments/$list/members", {}, 422)->{field}, 'ids', 'nobody named is no way to put somebody in';
# what is refused leaves nothing behind
for (['unique', { by => 'nope' }], ['unique', 'email'], ['unique', { by => 'email', keep => 'x' }], ['locked', 'yes'], ['archived', 1], ['static', 'x'], ['folder', 5], ['description', 'x' x 1001]) {
	is call(POST => 'segments', { name => 'Half', rule => 'return known()', $_->[0] => $_->[1] }, 422)->{field}, $_->[0], "a wrong $_->[0] is named";
	call(PATCH => "segments/$of", { name => 'Half', $_->[0] => $_->[1] }, 422);
}
call(POST => 'segments', { name => 'Half', static => \1, unique => { by => 'email' } }, 422);
call(PATCH => "segments/$of", [], 400);
is scalar(grep { $_->{name} eq 'Half' } @{ call(GET => 'segments') }), 0, 'and nothing is made or renamed by a call that is refused';
call(POST => 'segments', { name => 'Ни то ни сё', static => \1, rule => 'return everyone()' }, 422);

# the list page by page
my @all = map { $_->{id} } @{ call(GET => 'segments') };
my ($next, @paged) = ('');
for (0 .. @all) {
	my $page = $x->api(GET => "segments?limit=2$next")->{json};
	push @paged, map { $_->{id} } @{ $page->{data} };
	last unless defined $page->{next};
	$next = "&cursor=$page->{next}";
}
is_deeply \@paged, \@all, 'two by two everything comes once';
is call(GET => 'segments?limit=0', undef, 422)->{field}, 'limit', 'a page of none is none';

# nobody outside says who is in it
$x->v1(track => { userId => 'dora', event => 'segment_entered', properties => { segment => $list, hand => \1 } });
$x->api(POST => 'events', { external_id => 'dora', type => 'segment_entered', properties => { segment => $list, hand => \1 } });
ok $x->wait_for(sub { count('return event.segment_entered:where { hand = true }') >= 2 }, 20, 'the events'), 'whoever says that they entered';
becomes($list, ['anna', 'clara', 'fedor'], 'does not enter by that');

# what begins with an entry begins with one by hand, too; and nobody waits for the first build
my $club = call(POST => 'segments', { name => 'Клуб', static => \1 }, 201)->{id};
my $scenario = call(POST => 'scenarios', { name => 'Добро пожаловать', script => 'return scenario { on = segment_enter "Клуб", wait "1h" }' }, 201)->{id};
$x->api(POST => "scenarios/$scenario/publish", {})->{status} < 300 or diag 'not published';
$x->wait_for(sub { ($x->api(GET => "scenarios/$scenario")->{json}{data}{state} // '') eq 'running' }, 20, 'the scenario');
sleep 1;
call(PUT => "segments/$club/members", { ids => [$p{dora}{id}] });
ok $x->wait_for(sub { ($x->api(GET => "scenarios/$scenario")->{json}{data}{figures}{entered} // 0) == 1 }, 20, 'entered'), 'a scenario begins with an entry by hand';
my $fast = call(POST => 'segments', { name => 'Сразу', static => \1, ids => [$p{anna}{id}] }, 201)->{id};
call(PUT => "segments/$fast/members", { ids => [$p{boris}{id}] });
is count('return segment "Сразу"'), 2, 'people may be put in before it was built';
ready($fast);
becomes($fast, ['anna', 'boris'], 'and stay when it is');

# merges, erasure, a restart
my $twin = person('clara2', city => 'Минск');
call(POST => "profiles/$twin->{id}/merge", { with => $p{clara}{id} }, 201);
ok $x->wait_for(sub { count('return segment "Список"') == 3 && !grep { $_ eq $p{clara}{id} } map { $_->{id} } @{ $x->api(GET => "segments/$list/members")->{json}{data} } }, 20, 'the merge'),
	'who is merged stays in it under the id that is left';
ok((grep { $_->{id} eq $twin->{id} } @{ $x->api(GET => "segments/$list/members")->{json}{data} }), 'which is this one');
my ($merge) = @{ $x->api(GET => "profiles/$twin->{id}/merges")->{json}{data} };
is $x->api(POST => "merges/$merge->{id}/undo", {})->{status} < 300, 1, 'the merge is undone';
ok $x->wait_for(sub { count('return segment "Список"') == 4 }, 20, 'parted'), 'both are in it where one was';
is_deeply [grep { /clara/ } @{ members($list) }], ['clara', 'clara2'], 'as members, too';
like why($list, 'clara') . why($list, 'clara2'), qr/parted from \d+/, 'with the reason';
is scalar(grep { $_->{properties}{segment} eq $list } told($p{clara}, 'segment_entered')), 1, 'and nobody is told';
call(POST => "profiles/$twin->{id}/merge", { with => $p{clara}{id} }, 201);
$x->wait_for(sub { count('return segment "Список"') == 3 }, 20, 'one again');
is $x->api(DELETE => "profiles/$phone->{id}")->{status} < 300, 1, 'one is erased';
ok $x->wait_for(sub { count('return segment "Список"') == 2 && $x->api(GET => "segments/$list")->{json}{data}{size} == 2 }, 20, 'erased'), 'and leaves it';
restart();
is count('return segment "Список"'), 2, 'a restart finds them';
is scalar @{ members($list) }, 2, 'as they were';

# frozen
my $minsk = segment(name => 'Минск', rule => 'return field.city:is "Минск"');
my $ice = call(POST => "segments/$minsk/freeze", { name => 'Минск тогда' }, 201)->{id};
ready($ice);
my @then = @{ members($minsk) };
cmp_ok scalar @then, '>=', 3, 'there is somebody to freeze';
is_deeply members($ice), \@then, 'a frozen one has them';
is why($ice, 'anna'), why($minsk, 'anna'), 'with why they were there';
$x->api(PATCH => "profiles/$p{anna}{id}", { fields => { city => 'Брест' } });
becomes($minsk, [grep { $_ ne 'anna' } @then], 'the rule moves on');
becomes($ice, \@then, 'the frozen one does not');
call(PATCH => "segments/$minsk", { static => \1 });
ready($minsk);
$x->api(PATCH => "profiles/$p{dora}{id}", { fields => { city => 'Брест' } });
sleep 1;
becomes($minsk, [grep { $_ ne 'anna' } @then], 'a rule may be frozen where it stands');
call(PATCH => "segments/$minsk", { static => \0 });
becomes($minsk, [grep { $_ !~ /anna|dora/ } @then], 'and goes on again');
call(PATCH => "segments/$ice", { static => \0 }, 422);

# archived
call(PATCH => "segments/$minsk", { archived => \1 });
ready($minsk);
$x->api(PATCH => "profiles/$p{anna}{id}", { fields => { city => 'Минск' } });
my $preview = $x->api(POST => 'segments/preview', { rule => 'return segment "Минск"' })->{json}{data};
like $preview->{warnings}[0]{text}, qr/archived/, 'a rule that speaks of it is warned';
ok defined $x->api(GET => "segments/$minsk")->{json}{data}{archived_at}, 'it says since when';
is scalar(grep { $_ eq 'anna' } @{ members($minsk) }), 0, 'an archived one is not evaluated';
restart();
is scalar(grep { $_ eq 'anna' } @{ members($minsk) }), 0, 'nor after a restart';
call(PATCH => "segments/$minsk", { archived => \0 });
ok $x->wait_for(sub { grep { $_ eq 'anna' } @{ members($minsk) } }, 20, 'anna'), 'brought back it is built anew';

# used
call(POST => 'segments', { name => 'На нём', rule => 'return segment "Минск" & known()' }, 201);
my $why = call(DELETE => "segments/$minsk", undef, 409);
like $why->{message}, qr/На нём/, "what is used is not deleted: $why->{message}";

# locked: of a user who made it
$x->sql("UPDATE segment SET created_by = 77, locked = 1 WHERE segment_id = $ice");
call(PATCH => "segments/$ice", { name => 'Мой' }, 403);
call(DELETE => "segments/$ice", undef, 403);
call(PUT => "segments/$ice/members", { ids => [$p{dora}{id}] }, 403);
call(PATCH => "segments/$list", { locked => \1 });
call(PATCH => "segments/$list", { name => 'Список А', locked => \0, folder => 'Важные', description => 'из кассы' });
my $s = call(GET => "segments/$list");
is_deeply [@$s{qw(name folder description)}, $s->{locked} ? 1 : 0], ['Список А', 'Важные', 'из кассы', 0], 'a key changes what keys made';

# versions
my @v = @{ call(GET => "segments/$of/versions") };
is scalar @v, 1, 'one version to begin with';
call(PATCH => "segments/$of", { rule => 'return segment "Список А" & ~field.city:is "Минск"' });
ready($of);
@v = @{ call(GET => "segments/$of/versions") };
is_deeply [map { $_->{version} } @v], [2, 1], 'a saved rule is a version';
like $v[1]{rule}, qr/ & field/, 'the old one is kept';
ok defined $v[0]{size}, 'with how many there were';

# algebra
my $u = segment(name => 'U', static => \1, ids => [map { $_->{id} } @p{qw(anna boris dora)}]);
my $w = segment(name => 'W', static => \1, ids => [map { $_->{id} } @p{qw(boris dora)}, $twin]);
my $algebra = call(POST => 'segments/algebra', { segments => [$u, $w] });
is_deeply { map { $_->{in} => $_->{count} } @{ $algebra->{regions} } }, { 1 => 1, 2 => 1, 3 => 2 }, 'how two lie over each other';
is_deeply $algebra->{sizes}, [3, 3], 'and how large they are';
call(POST => 'segments/algebra', { segments => [$u] }, 422);
call(POST => 'segments/algebra', { segments => [$u, 12345] }, 422);

# without repeats
$x->api(POST => 'fields', { name => 'card', type => 'text', label => 'Карта' });
my @names = map { "u$_" } 1 .. 40;
my %u = map { $_ => person($_, card => 'K' . int(rand 8), bonus => int(rand 2)) } @names;
my %rule = (first => { by => 'card', keep => 'first_created' }, last => { by => 'card', keep => 'last_updated' });
my %unique = map { $_ => segment(name => "Без повторов $_", rule => 'return field.bonus:is(1) & field.external_id:starts "u"', unique => $rule{$_}) } sort keys %rule;
my $round = 0;
sub same_as_anew ($what) {
	$round++;
	for my $keep (sort keys %rule) {
		my $twin = segment(name => "Заново $keep $round", rule => 'return field.bonus:is(1) & field.external_id:starts "u"', unique => $rule{$keep});
		my $want = members($twin);
		$x->wait_for(sub { "@{ members($unique{$keep}) }" eq "@{ members($twin) }" }, 20, $what);
		is_deeply members($unique{$keep}), $want, "$what: $keep is as counted anew (" . @$want . ')';
		is $x->api(GET => "segments/$unique{$keep}")->{json}{data}{size}, scalar(@$want), 'and so is its size';
		$x->api(DELETE => "segments/$twin");
	}
}
my %first;
$first{ lc $u{$_}{fields}{card} } //= $_ for grep { $u{$_}{fields}{bonus} == 1 } @names;
is_deeply members($unique{first}), [sort values %first], 'of those with the same card the one created first is in';
same_as_anew('at first');
for my $i (1 .. 4) {
	for (1 .. 25) {
		my $name = $names[rand @names];
		next unless $u{$name};
		my $what = int rand 10;
		if ($what < 4) { $x->api(PATCH => "profiles/$u{$name}{id}", { fields => { bonus => int(rand 2) } }) }
		elsif ($what < 7) { $x->api(PATCH => "profiles/$u{$name}{id}", { fields => { card => rand() < 0.2 ? undef : (rand() < 0.5 ? 'k' : 'K') . int(rand 8) } }) }
		elsif ($what < 8) { $x->api(PATCH => "profiles/$u{$name}{id}", { fields => { city => 'C' . int(rand 100) } }) }
		elsif ($what < 9) {
			my $other = $names[rand @names];
			next if $other eq $name || !$u{$other};
			$x->api(POST => "profiles/$u{$name}{id}/merge", { with => $u{$other}{id} });
			delete $u{$other};
		}
		else { $x->api(DELETE => "profiles/$u{$name}{id}"); delete $u{$name} }
	}
	restart() if $i == 2;
	same_as_anew("after changes $i");
}
my $k = person('u90', card => 'Z1', bonus => 1);
ok $x->wait_for(sub { grep { $_ eq 'u90' } @{ members($unique{last}) } }, 20, 'u90'), 'one with a value of its own is in';
person('u91', card => 'z1', bonus => 1);
ok $x->wait_for(sub { my $m = " @{ members($unique{last}) } "; $m =~ / u91 / && $m !~ / u90 / }, 20, 'u91'), 'a later one with the same takes the place';
my ($out) = told($k, 'segment_exited');
like $out->{properties}{reason}, qr/^repeats card: \d+ is there$/, "and the exit says why: $out->{properties}{reason}";
call(PATCH => "segments/$unique{last}", { unique => undef });
ok $x->wait_for(sub { my $m = " @{ members($unique{last}) } "; $m =~ / u90 / && $m =~ / u91 / }, 20, 'both'), 'with repeats both are in';
call(PATCH => "segments/$unique{last}", { unique => { by => 'nothing' } }, 422);
done_testing;
