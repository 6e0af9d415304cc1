#!/usr/bin/env perl
# Who is who: merges and undoing them against a base that never merged, what a page may say, rules, consents, erasure.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Encode ();
use JSON::PP;
use List::Util 'shuffle';
use Test::More;
use Time::HiRes qw(sleep time);

my $seed = $ENV{CXDP_FAULT_SEED} // time =~ s/\..*//r;
srand $seed;
note "seed $seed";
my $x = Cxdp->up;
my $json = JSON::PP->new->canonical;
my $profile = sub ($query, %opt) { $x->api(GET => "profiles?$query", undef, %opt)->{json}{data} };
my $company = ($x->sql("select company_id from company where slug = 'dev'"))[0][0];

# --- merges and undoing them at random, events and changes in between: in the end as if nothing had been ---

my ($status, $made) = $x->operator(qw(company create --country BY --currency BYN --timezone Europe/Minsk --language ru --name Never --slug never),
	'--admin-email', 'a@never.example', '--admin-password', 'long enough 1');
my $never = decode_json($made =~ s/\A.*?(?=\{)//sr);
my $people = 6;
my $at = sub ($n) { sprintf '2026-09-%02dT%02d:%02d:%02dZ', 1 + $n % 27, $n % 24, $n * 7 % 60, $n % 60 };
my (@open, %id);
my $both = sub ($method, $path, $body) {
	for my $key (undef, $never->{api_key}) {
		my $r = $x->api($method => $path, $body, key => $key // $x->env('API_KEY'));
		$r->{status} < 300 or die "$path $r->{status} $r->{content}";
		$id{ $body->{external_id} } = $r->{json}{data}{id} if !$key && $body->{external_id} && $path eq 'profiles';
	}
};
my ($merges, $undone) = (0, 0);
$both->(PATCH => 'identity', { idents => [{ name => 'loyalty_card', most => 100 }] }); # else a merged person has no room for some
$both->(POST => 'profiles', { external_id => "p$_", email => "p$_\@merge.example", fields => { first_name => "P$_", tags => ["t$_"] } }) for 1 .. $people;
for my $n (1 .. 160) {
	my $p = 1 + int rand $people;
	my $what = rand 10;
	if ($what < 4) {
		$both->(POST => 'events', { external_id => "p$p", event => 'Thing ' . $n % 3, timestamp => $at->($n), messageId => "e$n", properties => { n => $n } });
	} elsif ($what < 6) {
		$both->(POST => 'profiles', { external_id => "p$p", fields => { ('city', 'last_name', 'score')[$n % 3] => "v$n" } });
	} elsif ($what < 7) {
		$both->(POST => 'profiles', { external_id => "p$p", consent => { ('email', 'sms')[$n % 2] => { granted => $n % 3 ? \1 : \0, proof => "proof $n" } } });
	} elsif ($what < 7.5) {
		$both->(POST => 'profiles', { external_id => "p$p", loyalty_card => "card$n" });
	} elsif ($what < 9 || !@open) {
		my ($into, $from) = map { $id{ 'p' . $_ } } (shuffle 1 .. $people)[0, 1];
		my $r = $x->api(POST => "profiles/$into/merge", { with => $from });
		next if $r->{status} == 409;
		is $r->{status}, 201, "$from joins $into" or diag $r->{content};
		push @open, $r->{json}{data}{id};
		$merges++;
	} else {
		my $one = splice @open, int rand @open, 1;
		is $x->api(POST => "merges/$one/undo", {})->{status}, 200, "merge $one is undone";
		$undone++;
	}
}
my $rows = ($x->sql("select count(*) from person where company_id = $company and known"))[0][0];
is $rows, $people - @open, 'there are as many persons as merges left' or diag "$merges merges, $undone undone";
is $x->api(POST => 'merges/' . splice(@open, int rand @open, 1) . '/undo', {})->{status}, 200, 'undone' while @open;
cmp_ok $merges, '>', 3, 'there were merges to undo';

my $state = sub ($key, $company) {
	my %seen;
	for my $p (1 .. $people) {
		my $got = $profile->("external_id=p$p", key => $key);
		my $events = $x->api(GET => "profiles/$got->{id}/events?limit=1000", undef, key => $key)->{json}{data};
		$seen{$p} = { fields => $got->{fields}, identities => [sort map { "$_->{kind}=$_->{value}" } @{ $got->{identities} }],
			consent => { map { $_ => [@{ $got->{consent}{$_} }{qw(granted proof)}] } keys %{ $got->{consent} } },
			merged => $got->{merged}, seen => [@$got{qw(first_seen_at last_seen_at)}],
			events => [sort map { "$_->{type} $_->{at} " . $json->encode($_->{properties}) } grep { $_->{type} =~ /^Thing/ } @$events] };
	}
	my $named = sub ($table, $cols, $more = '') { join "\n", sort map { join ' ', map { $_ // '-' } @$_ } $x->sql(
		"select i.value, $cols from $table t join ident i on i.company_id = t.company_id and i.node_id = t.node_id and i.kind = 1 where t.company_id = $company $more") };
	$seen{tables} = { values => $named->('node_value', 't.field, t.value'), consents => $named->('consent', 't.channel, t.granted, t.proof'),
		idents => $named->('ident', 't.kind, t.value'), nodes => $named->('node', 't.parent_id, t.joined_at_us, t.node_id = t.root_id'),
		events => $named->('event', 't.at_us, t.props', "and t.type_id in (select type_id from event_type where company_id = $company and name like 'Thing%')"),
		persons => [map { [@$_[0 .. 2], decode_json($_->[3])] } $x->sql("select external_id, known, email, custom from person where company_id = $company order by external_id")] };
	return \%seen;
};
my ($got, $expected) = ($state->($x->env('API_KEY'), $company), $state->($never->{api_key}, $never->{company}));
is_deeply $got, $expected, 'all merges undone, the whole base is as one that never merged' or diag "seed $seed";
is $x->api(POST => "merges/1/undo", {})->{status}, 404, 'an unknown merge is 404';

# the engine sees the same: who did a thing, by the columns
for my $p (1 .. $people) {
	my $count = sub ($key) { $x->api(POST => 'segments/preview', { rule => qq{return field.external_id:is "p$p" & event["Thing 1"]:count():at_least(1)} }, key => $key)->{json}{data}{count} };
	is $count->($x->env('API_KEY')), $count->($never->{api_key}), 'the columns know who did what';
}

# --- persons are told apart, and put together, by the rules ---

my $post = sub ($body) { my $r = $x->api(POST => 'profiles', $body); $r->{status} < 300 or die $r->{content}; $r->{json}{data} };
my ($anna, $boris) = ($post->({ external_id => 'u-anna', email => 'family@shop.example' }), $post->({ external_id => 'u-boris', email => 'family@shop.example' }));
isnt $boris->{id}, $anna->{id}, 'two external ids are two persons, whatever they share';
is $profile->('email=family%40shop.example')->{id}, $anna->{id}, 'the address stays with the first';
my ($news, $user) = ($post->({ email => 'vera@shop.example' }), $post->({ external_id => 'u-vera' }));
is $post->({ external_id => 'u-vera', email => 'vera@shop.example' })->{id}, $user->{id}, 'a server says that an account has an address: they are one';
my $why = $x->api(GET => "profiles/$user->{id}/merges")->{json}{data};
is_deeply [@{ $why->[0] }{qw(from into reason)}], [$news->{id}, $user->{id}, 'email'], 'the merge says why';
is $x->api(GET => "profiles/$news->{id}")->{json}{data}{id}, $user->{id}, 'the old id answers';
my ($mother, $son) = ($post->({ external_id => 'u-m', phone => '+375291112233' }), $post->({ email => 'son@shop.example' }));
$post->({ email => 'son@shop.example', phone => '+375291112233' });
isnt $profile->('email=son%40shop.example')->{id}, $mother->{id}, 'a shared phone joins nobody';
is $x->api(PATCH => 'identity', { idents => [{ name => 'passport', label => 'Паспорт', unique => \1, priority => 5 }, { name => 'email', blocked => ['shared@shop.example'] }],
	fields => [{ name => 'city', survives => 'oldest' }, { name => 'likes', survives => 'union' }] })->{status}, 200, 'rules are changed';
my $p = $post->({ identities => [{ kind => 'passport', value => 'MP123' }], fields => { city => 'Брест' } });
is $post->({ identities => [{ kind => 'passport', value => 'MP123' }], fields => { city => 'Лида' } })->{id}, $p->{id}, 'a kind of the company\'s own names a person';
is_deeply [map { $_->{kind} } @{ $p->{identities} }], ['passport'], 'under its name';
my $q = $post->({ external_id => 'u-q', fields => { city => 'Гомель', likes => ['чай'] } });
my $s = $post->({ external_id => 'u-s', fields => { city => 'Орша', likes => ['кофе'] } });
$x->api(POST => "profiles/$s->{id}/merge", { with => $q->{id} });
is_deeply [@{ $profile->('external_id=u-q')->{fields} }{qw(city likes)}], ['Гомель', ['кофе', 'чай']], 'the oldest city, both likes';
is $x->api(POST => 'profiles', { email => 'shared@shop.example' })->{status}, 404, 'a blocked address names nobody';
is $x->api(PATCH => 'identity', { idents => [{ name => 'Паспорт' }] })->{status}, 422, 'a kind has a plain name';

# --- consent: the stricter at a merge, the newest after it ---

my ($yes, $no) = ($post->({ external_id => 'c-yes', consent => { email => { granted => \1, proof => 'form' } } }), $post->({ external_id => 'c-no', consent => { email => \0 } }));
$x->api(POST => "profiles/$yes->{id}/merge", { with => $no->{id} });
is $profile->('external_id=c-yes')->{consent}{email}{granted}, JSON::PP::false, 'a yes and a no make a no';
$post->({ external_id => 'c-yes', consent => { email => { granted => \1, proof => 'form of today' } } });
is_deeply [@{ $profile->('external_id=c-no')->{consent}{email} }{qw(granted proof)}], [JSON::PP::true, 'form of today'], 'what is said later counts';

# --- what only a page says ---

$post->({ external_id => 'u-olga', email => 'olga@shop.example', fields => { city => 'Минск' }, consent => { email => { granted => \1, proof => 'contract' } } });
$x->v1(identify => { userId => 'u-olga', anonymousId => 'stranger', traits => { email => 'evil@shop.example', phone => '+375290000001', nick => 'o' },
	context => { consent => { email => \0, sms => \1 } } });
ok $x->wait_for(sub { ($profile->('external_id=u-olga')->{fields}{nick} // '') eq 'o' }, 10, 'the call'), 'a page speaks of somebody we vouch for';
my $olga = $profile->('external_id=u-olga');
is $olga->{fields}{email}, 'olga@shop.example', 'the address stays';
is_deeply [sort map { "$_->{kind}=$_->{value}" } @{ $olga->{identities} }], ['anonymous_id=stranger', 'email=olga@shop.example', 'external_id=u-olga'], 'so do identifiers';
is_deeply [map { $_ => $olga->{consent}{$_}{granted} } sort keys %{ $olga->{consent} }], ['email', JSON::PP::true], 'and consents';
$x->v1(alias => { userId => 'u-evil', previousId => 'u-olga' });
$x->v1(identify => { anonymousId => 'reader', traits => { email => 'reader@shop.example' }, context => { consent => { email => { granted => \1, text => 'Новости' } } } });
ok $x->wait_for(sub { $profile->('email=reader%40shop.example') }, 10, 'the reader'), 'who is known only through the page';
is $profile->('email=reader%40shop.example')->{consent}{email}{granted}, JSON::PP::true, 'may agree there';
is $profile->('external_id=u-olga')->{id}, $olga->{id}, 'an alias from a page takes nobody over';

# round about: a person of the page's own, or what a device said, brought under somebody we vouch for
$x->v1(identify => { userId => 'u-thief', traits => { email => 'thief@shop.example', phone => '+375290000002' } });
$x->v1(identify => { anonymousId => 'said-device', context => { consent => { email => \0, sms => \1 } } });
ok $x->wait_for(sub { $profile->('external_id=u-thief') && $profile->('anonymous_id=said-device') }, 10, 'a thief and a device'), 'somebody known by the page only, and a device that has said something';
$x->v1(alias => { userId => 'u-olga', previousId => 'u-thief' });
$x->v1(identify => { userId => 'u-olga', anonymousId => 'said-device', traits => { nick => 'oo' } });
ok $x->wait_for(sub { $profile->('external_id=u-olga')->{fields}{nick} eq 'oo' }, 10, 'the calls'), 'both are said to be her';
$olga = $profile->('external_id=u-olga');
is_deeply [$olga->{email}, sort map { "$_->{kind}=$_->{value}" } @{ $olga->{identities} }],
	['olga@shop.example', 'anonymous_id=said-device', 'anonymous_id=stranger', 'email=olga@shop.example', 'external_id=u-olga'], 'no address comes to her by an alias of a page';
isnt $profile->('external_id=u-thief')->{id}, $olga->{id}, 'who the page knows stays who they are';
is_deeply [map { $_ => $olga->{consent}{$_}{granted} } sort keys %{ $olga->{consent} }], ['email', JSON::PP::true], 'neither a yes nor a no of a device becomes hers';
$x->v1(alias => { userId => 'u-thief', previousId => 'u-thief-before' });
$x->v1(identify => { userId => 'u-thief-2', traits => { nick => 't2' } });
ok $x->wait_for(sub { $profile->('external_id=u-thief-2') }, 10, 'another'), 'another of the page';
$x->v1(alias => { userId => 'u-thief-2', previousId => 'u-thief' });
ok $x->wait_for(sub { $profile->('external_id=u-thief-2')->{id} eq $profile->('external_id=u-thief')->{id} }, 10, 'the alias'), 'two of the page are one by its alias';

# --- erasure ---

my $gone = $post->({ external_id => 'gone-1', email => 'gone@shop.example', phone => '+375291234567', anonymous_id => 'gone-device', fields => { first_name => 'Стёртая' },
	consent => { email => { granted => \1, proof => 'gone-proof' } } });
$x->api(POST => 'events', { external_id => 'gone-1', event => 'Secret Deed', properties => { word => 'gone-word' } });
$x->v1(track => { userId => 'other', messageId => '', event => 'x' x 400, properties => { a => $_ } }) for 'gone@shop.example', 'GONE@Shop.Example', 'tel. 8 (029) 123-45-67', 'gone%40shop.example', 'tel. 8 (029) 123-45-68';
$x->v1('track', undef, raw => '{"userId": "other", "event": "' . 'x' x 400 . '", "properties": {"a": "+375\u00a029\u00a0123\u00a045\u00a067"}}');
ok $x->wait_for(sub { ($x->sql("select count(*) from dead_letter where company_id = $company"))[0][0] == 6 }, 10, 'letters'), 'refused calls are kept';
my $file = $x->api(GET => "profiles/$gone->{id}/file")->{json}{data};
is_deeply [$file->{profile}{email}, $file->{profile}{consents}{email}{proof} =~ /gone-proof/, $file->{complete}, (grep { $_->{type} eq 'Secret Deed' } @{ $file->{events} })[0]{properties}{word}],
	['gone@shop.example', 1, JSON::PP::true, 'gone-word'], 'the file of a person has it all';
my $early = $at->(5);
my $up = $x->upload('old.csv', "email,first_name\ngone\@shop.example,Old\nstays\@shop.example,Alive\n")->{json}{data};
{ my $s = $x->api(POST => "imports/$up->{id}/start", { mapping => $up->{guess}, key => 'email' }); diag $s->{content} if $s->{status} > 299 }
my $out = $x->api(POST => 'exports', { source => 'all', fields => ['email'], format => 'csv' })->{json}{data};
my %spelled = (caps => "email\nGONE\@SHOP.EXAMPLE\n", phone => "phone\n8 (029) 123-45-67\n", wide => Encode::encode('UTF-16', "email\ngone\@shop.example\n"), other => "phone\n8 (029) 123-45-68\n");
for my $name (sort keys %spelled) {
	my $file = $x->upload("$name.csv", $spelled{$name})->{json}{data};
	my ($column) = keys %{ $file->{guess} };
	$x->api(POST => "imports/$file->{id}/start", { mapping => $file->{guess}, key => $file->{guess}{$column} });
	ok $x->wait_for(sub { $x->api(GET => "imports/$file->{id}")->{json}{data}{state} eq 'done' }, 30, $name), "a file that says it otherwise: $name";
	is $x->api(GET => "imports/$file->{id}")->{json}{data}{failed}, 0, 'is understood';
	$spelled{$name} = $x->dir . "/files/$company/$file->{id}.in";
}
is scalar(grep { -e } values %spelled), 4, 'these are kept';
ok $x->wait_for(sub { $x->api(GET => "imports/$up->{id}")->{json}{data}{state} eq 'done' && $x->api(GET => "exports/$out->{id}")->{json}{data}{state} eq 'done' }, 30, 'files'), 'files hold the address';
my $logged = sub { ($x->sql("select count(*) from request_log where instr(path, 'gone\@shop.example') or instr(sentence, 'gone\@shop.example')"))[0][0] };
$x->api(GET => 'products/gone@shop.example');
ok $x->wait_for($logged, 5, 'the log of requests'), 'so does the log of requests';
my $r = $x->api(DELETE => "profiles/$gone->{id}");
is $r->{status}, 202, 'erasing is a job';
is $x->api(GET => "profiles/$gone->{id}")->{status}, 404, 'and at once nobody has that id';
is $x->api(GET => "profiles?email=gone%40shop.example")->{status}, 404, 'nor that address';
ok $x->wait_for(sub { $x->api(GET => "jobs/$r->{json}{data}{job}")->{json}{data}{state} eq 'done' }, 20, 'erased'), 'the job ends';
is $logged->(), 0, 'the log of requests says it no more';
is_deeply [map { $_->[0] =~ /"a":"([^"]+)/ } $x->sql("select payload from dead_letter where company_id = $company")], ['tel. 8 (029) 123-45-68'], 'nor do refused calls, however they spelled it';
is_deeply [grep { -e $spelled{$_} } sort keys %spelled], ['other'], 'nor files';
$x->v1(track => { userId => 'gone-1', event => 'Late', timestamp => $early, messageId => 'late-1' });
$x->v1(track => { anonymousId => 'gone-device', event => 'Late', timestamp => $early, messageId => 'late-2' });
$x->v1(track => { anonymousId => 'somebody-else', event => 'Marker', messageId => 'marker-1' });
ok $x->wait_for(sub { $profile->('anonymous_id=somebody-else') }, 10, 'the marker'), 'what comes later is applied';
is $x->api(GET => 'profiles?external_id=gone-1')->{status}, 404, 'a late event brings nobody back';
is $x->api(GET => 'profiles?anonymous_id=gone-device')->{status}, 404, 'neither does one of the device';
my @left;
for my $column ($x->sql("select table_name, column_name from information_schema.columns where table_schema = database() and data_type in ('varchar', 'char', 'text', 'mediumtext', 'varbinary')")) {
	my ($table, $name) = @$column;
	push @left, "$table.$name" if ($x->sql("select count(*) from `$table` where `$name` like '%gone%shop.example%' or `$name` like '%gone-word%' or `$name` like '%gone-proof%' or `$name` like '%375291234567%'"))[0][0];
}
is "@left", '', 'nothing of it is left in any table';
is join(' ', grep { open my $f, '<', $_ or die; local $/; <$f> =~ /gone\@shop/ } glob $x->dir . "/files/$company/*"), '', 'nor in any file';
$up = $x->upload('old.csv', "email,first_name\ngone\@shop.example,Old\n")->{json}{data};
{ my $s = $x->api(POST => "imports/$up->{id}/start", { mapping => $up->{guess}, key => 'email' }); diag $s->{content} if $s->{status} > 299 }
ok $x->wait_for(sub { $x->api(GET => "imports/$up->{id}")->{json}{data}{state} eq 'done' }, 30, 'the old file'), 'an old file is imported again';
is $x->api(GET => "imports/$up->{id}")->{json}{data}{failed}, 1, 'which brings nobody back';
is $x->api(GET => 'profiles?email=gone%40shop.example')->{status}, 404, 'there is nobody of that address';
my $again = $post->({ external_id => 'gone-1', email => 'gone@shop.example' });
isnt $again->{id}, $gone->{id}, 'who signs up anew is somebody new';
is_deeply $again->{consent}, {}, 'without the old consents';
$x->v1(track => { userId => 'gone-1', event => 'Late', timestamp => $early, messageId => 'late-3' });
$x->v1(track => { userId => 'gone-1', event => 'New Deed', messageId => 'new-1' });
my $deeds = sub { [map { $_->{type} } grep { $_->{type} =~ /Late|Deed/ } @{ $x->api(GET => "profiles/$again->{id}/events")->{json}{data} }] };
ok $x->wait_for(sub { @{ $deeds->() } }, 10, 'the new deed'), 'what they do from now on is theirs';
is_deeply $deeds->(), ['New Deed'], 'what was done before the erasure is nobody\'s';
done_testing;
