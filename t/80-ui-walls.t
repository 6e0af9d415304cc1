#!/usr/bin/env perl
# Who may see and do what: every route of the interface for nobody, a session that is over, a disabled user, another company, a manager and
# the platform's administrator, with every id replaced by another company's; that looking changes nothing; that what is done is noted. Made
# from the door's own table and t/lib/Walls.pm.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use IO::Socket::INET;
use Test::More;
use Walls;

my @routes = Walls::routes('ui');
my %say = %Walls::ui;
my @gaps = Walls::gaps('ui');
is "@gaps", '', 'every route says what stands before it and what it leaves in the log' or BAIL_OUT("t/lib/Walls.pm: @gaps");
ok((grep { /POST \/x has no entry/ } Walls::gaps('ui', {}, { name => 'POST /x', right => 'work' })), 'a route without an entry would be found');

my $x = Cxdp->up;
my $link = $x->login_path;
my @mine = ($link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $admin = Browser->new($x)->login(@mine);
my $root = Browser->new($x)->login('/login', $x->env('ROOT_EMAIL'), $x->env('ROOT_PASSWORD'));

# a second company, made by the platform's administrator through its pages
my %company = (name => 'Соседи', slug => 'neighbours', country => 'BY', currency => 'BYN', timezone => 'Europe/Minsk',
	language => 'en', email => 'boss@neighbours.example', password => 'long enough 1');
my $r = $root->post('/platform/new', { %company, password => 'short' });
is $r->{status}, 422, 'a company whose administrator has a short password is refused';
like $r->{text}, qr{value="Соседи"}, 'what was typed is kept';
unlike $r->{text}, qr/long enough|value="short"/, 'but for the password';
is $root->get('/l/neighbours')->{status}, 404, 'and no half of it was made';
is $root->post('/platform/new', \%company)->{status}, 303, 'a whole one is made';
like $root->post('/platform/new', \%company)->{text}, qr/занят|taken/, 'its address is taken then';
my $other = Browser->new($x)->login('/l/neighbours', 'boss@neighbours.example', 'long enough 1');

# things of the first company
my $user = sub ($mail) {
	$admin->post('/company/users/new', { email => $mail, name => 'Канарейка', role => 'manager', password => 'long enough 2' });
	return ($x->sql("select user_id from user where email = '$mail'"))[0][0];
};
my %id = (user => $user->('masha@dev.example'), spare_user => $user->('spare@dev.example'), disabled => $user->('disabled@dev.example'), slug => 'dev');
my %who = (manager => Browser->new($x)->login($link, 'masha@dev.example', 'long enough 2'), anonymous => Browser->new($x),
	expired => Browser->new($x)->login(@mine), ended => Browser->new($x)->login(@mine), disabled => Browser->new($x)->login($link, 'disabled@dev.example', 'long enough 2'));
$x->v1('identify', { userId => 'u1', traits => { email => 'canary@dev.example', firstName => 'Канарейка' } });
($id{profile}) = $x->wait_for(sub { my $p = ($x->sql('select person_id from person where email = "canary@dev.example"'))[0]; $p && $p->[0] }, 10, 'a person');
my $id_of = sub ($r) { ($r->{headers}{location} // '') =~ m{/(\d+)$} ? $1 : die "not made: $r->{status}\n$r->{text}" };
$x->wait_for(sub { $admin->get('/clients')->{text} =~ /Канарейка/ }, 15, 'the columns');
$id{$_} = $id_of->($admin->post('/segments/new', { name => "Канарейка-$_", rule => 'return known()' })) for 'segment', 'spare_segment';
for my $kind ('folder', 'spare_folder') {
	($id{$kind}) = $admin->post('/folders/new', { name => "Канарейка-$kind", rule => 'return known()', shared => 1 })->{headers}{location} =~ /folder=(\d+)/;
}
$id{static_segment} = $id_of->($admin->post('/segments/by-hand', { name => 'Канарейка-список', people => 'canary@dev.example' }));
$id{source} = $id_of->($admin->post('/sources/new', { name => 'Канарейка-сайт', kind => 'system' }));
$id{template} = $id_of->($admin->post('/templates/new', { name => 'Канарейка-письмо', subject => 'Тема', body => '<p>Канарейка</p>' }));
$x->wait_for(sub { !grep { $_->[0] ne 'ready' } $x->sql('select state from segment') }, 15, 'the segments');
for my $kind ('campaign', 'running_campaign') {
	$id{$kind} = $id_of->($admin->post('/campaigns/new', { name => "Канарейка-$kind", template_id => $id{template}, segment_id => $id{segment} }));
}
for my $kind ('scenario', 'running_scenario') {
	$id{$kind} = $id_of->($admin->post('/scenarios/new', { name => "Канарейка-$kind", do => $kind eq 'scenario' ? 'save' : 'publish',
		script => 'return scenario { on = event.purchase, wait "1h", send "Канарейка-письмо" }' }));
}
$id{$_} = $x->api(POST => 'profiles', { email => "$_\@dev.example" })->{json}{data}{id} for qw(third_profile twin);
$id{merge} = $x->api(POST => "profiles/$id{profile}/merge", { with => $id{twin} })->{json}{data}{id};
$admin->post("/clients/$id{profile}/notes", { body => 'Канарейка-заметка' });
($id{note}) = ($x->sql('select note_id from note'))[0][0];
$id{message} = $x->api(POST => 'messages', { template => $id{template}, to => $id{profile} })->{json}{data}{id};
$id{duplicate} = 4713;
$x->sql("insert into duplicate select company_id, 4713, $id{profile}, $id{third_profile}, 70, '[]', 'open', 1, null, 0, null from company where slug = 'dev'");
$id{$_} = $x->upload('Канарейка.csv', "email\ncanary\@dev.example\n")->{json}{data}{id} for qw(import running_import done_import);
$x->sql("update import set state = 'running' where import_id = $id{running_import}");
$x->sql(qq{update import set state = 'done', inserted = 1, mapping = '{"mapping":{"email":"email"},"key":"email"}' where import_id = $id{done_import}});
$id{import_feed} = 4713;
$x->sql("insert into import_feed select company_id, 4713, 'Канарейка', 'https://files.invalid/x', 'active', 1, 0, '{}', '{}', '', '', 0, 1 << 60, 0, '', 0, 1 from company where slug = 'dev'");
$admin->post("/sources/$id{source}/bindings/new", { event => 'Канарейка-событие', kind => 'page', where => '/x' });
$id{binding} = ($x->sql("select binding_id from binding where source_id = $id{source}"))[0][0];
$id{key} = ($x->sql('select key_id from api_key order by created_at_us limit 1'))[0][0];
$id{session} = ($x->sql("select session_hash from session where user_id = $id{user}"))[0][0];
$id{dead_letter} = 4711;
$x->sql(qq{insert into dead_letter select company_id, $_->[0], $_->[1], 'waiting', 1, 1, 1, 'set_aside', 'Канарейка-причина', '{"items":[{"event":"Канарейка-событие"}]}' from company where slug = 'dev'}) for [4711, 0], [4712, $id{source}];
$id{product} = 4714;
$x->sql(q{insert into product select company_id, 4714, 'canary-1', '', 'Канарейка-товар', 100, null, 'BYN', '', '', '', '', 1, '{}', 1, 0, 0, 1, 1, 1 from company where slug = 'dev'});
$id{feed} = $id_of->($admin->post('/feeds/new', { name => 'Канарейка-фид', url => 'https://192.0.2.1/feed.xml', every_h => 0 }));
$id{spare_feed} = $id_of->($admin->post('/feeds/new', { name => 'Канарейка-фид лишний', url => 'https://192.0.2.1/feed.xml', every_h => 0 }));
$x->wait_for(sub { !grep { $_->[0] ne 'failed' } $x->sql('select state from product_feed') }, 20, 'the feeds, which lead nowhere');
$admin->post('/exports/new', { source => $id{segment}, 'c[]' => ['email'], format => 'csv', delimiter => ';' });
($id{export}) = $x->wait_for(sub { my $done = ($x->sql('select export_id from export where done_at_us is not null'))[0]; $done && $done->[0] }, 20, 'an export');
# not in that file, which goes with who is erased
$id{spare_profile} = $x->api(POST => 'profiles', { email => "spare_profile\@dev.example" })->{json}{data}{id};
$id{people_job} = $x->api(POST => 'profiles/actions', { action => 'set_field', ids => [$id{third_profile}], field => 'city', value => 'Брест' })->{json}{data}{job};
$x->wait_for(sub { $x->api(GET => "jobs/$id{people_job}")->{json}{data}{state} eq 'done' }, 20, 'a job that can be taken back');
$id{running_export} = 4713;
@id{'job', 'running_job'} = (4715, 4715);
$x->sql(qq{insert into job (company_id, job_id, kind, state, done, total, args, error, due_at_us, created_at_us, created_by, fence, crashes) select company_id, $_, 'canary', 'queued', 0, 0, '{}', '', 1 << 60, 1, 0, 0, 0 from company where slug = 'dev'}) for 4713, 4715;
$x->sql(q{insert into export select company_id, 4713, 4713, 'all', 0, '', '', '["email"]', 'csv', ';', 0, 0, 0, 0, 1, null, 1 << 52, null, '' from company where slug = 'dev'});
like $admin->get('/company/audit')->{text}, qr{<td>(?!<)[^<]+</td><td class="md">Сценарий}, 'the log of changes says whose they are';

# things of the second one, so that it could do what it is refused only for the ids
my %own = (slug => 'neighbours', segment => $id_of->($other->post('/segments/new', { name => 'Ours', rule => 'return known()' })),
	template => $id_of->($other->post('/templates/new', { name => 'Ours', subject => 'x', body => '<p>x</p>' })));
$own{campaign} = $id_of->($other->post('/campaigns/new', { name => 'Ours', template_id => $own{template}, segment_id => $own{segment} }));
($own{folder}) = $other->post('/folders/new', { name => 'Ours' })->{headers}{location} =~ /folder=(\d+)/;
$own{session} = 'f' x 64;

# --- the owner sees all of it, and sees it without inline code ---

my $path = sub ($route, $ids = \%id) {
	my $p = $route->{path} =~ s/\{(\w+)\}/($1 eq 'id' ? $ids->{ $route->{object} \/\/ '' } : $ids->{$1}) \/\/ ''/ger;
	my $query = $route->{method} eq 'GET' && $say{ $route->{name} }{query};
	return $query ? $p . '?' . Walls::fill($query, $ids) : $p;
};
for my $route (grep { $_->{method} eq 'GET' && $_->{right} =~ /^(?:self|work|company)$/ } @routes) {
	my $got = $admin->get($path->($route));
	my $stranger = $say{ $route->{name} }{stranger};
	my @bad = ($got->{status} != 200 ? "status $got->{status}" : (),
		$stranger && ($got->{headers}{'content-security-policy'} // '') !~ /^sandbox;/ ? 'not in a sandbox' : (),
		!$stranger && $got->{content} =~ /<[^>]*\sstyle\s*=/ ? 'a style attribute' : (),
		$got->{content} =~ /<[^>]*\son\w+\s*=/ ? 'a script attribute' : (),
		$got->{content} =~ m{<script(?![^>]*(?:src=|application/json))} ? 'an inline script' : (),
		length $got->{content} > 100_000 ? 'over 100 KB' : ());
	is "@bad", '', "$route->{name}: its owner sees it";
}
is $root->get('/platform')->{status}, 200, 'the platform\'s administrator sees the companies';

# --- looking changes nothing ---

my $seen = sub { $x->sql('update session set seen_at_us = unix_timestamp() * 1000000 where seen_at_us > (unix_timestamp() - 1200) * 1000000') }; # noted once a minute
$seen->();
my $before = Walls::quiet($x, @Walls::alive);
for my $route (grep { $_->{method} eq 'GET' } @routes) {
	for my $b ($admin, $root, $who{anonymous}) {
		$b->get($path->($route), headers => $_) for {}, { 'hx-request' => 'true' };
	}
}
is join(', ', Walls::changed($before, Walls::quiet($x, @Walls::alive))), '', 'every GET, as a page and as a part, changes no row of any table';

# --- who is refused ---

# whose session it is does not stand in its row: the newest one after a login is it
my $session_of = sub ($b) {
	my @others = $b->get('/me')->{text} =~ m{name="session" value="([0-9a-f]{64})"}g;
	my $not = join ',', map { "'$_'" } @others, '';
	return ($x->sql("select session_hash from session where session_hash not in ($not) and user_id = (select user_id from user where email = '$mine[1]')"))[0][0];
};
my ($expired, $ended) = map { $session_of->($who{$_}) } 'expired', 'ended';
is $admin->post('/me/sessions', { session => $ended })->{status}, 303, 'one session is ended';
$x->sql("update session set seen_at_us = seen_at_us - 1801 * 1000000 where session_hash = '$expired'");
$admin->post("/company/users/$id{disabled}", { state => 'disabled' });
is $who{$_}->get('/clients')->{status}, 303, "the $_ one is over" for 'expired', 'ended', 'disabled';
$who{$_}{csrf} = 'x' x 32 for 'anonymous', 'expired', 'ended', 'disabled';

my %expected = ( # right => who => status
	self => { anonymous => 303, expired => 303, ended => 303, disabled => 303 },
	work => { anonymous => 303, expired => 303, ended => 303, disabled => 303, root => 404 },
	company => { anonymous => 303, expired => 303, ended => 303, disabled => 303, root => 404, manager => 403 },
	platform => { anonymous => 303, expired => 303, ended => 303, disabled => 303, admin => 404, manager => 404, other => 404 },
);
my %browser = (%who, admin => $admin, root => $root, other => $other);
my $ask = sub ($b, $route, $ids = \%id, $of = \%id) {
	return $b->get($path->($route, $of)) if $route->{method} eq 'GET';
	return $b->post($path->($route, $of), Walls::fill($say{ $route->{name} }{form} // {}, $ids));
};
my $leak = qr/Канарейка-|canary\@|masha\@/;
$seen->();
my $all = sub ($r) { join ' ', $r->{text}, map { ref ? @$_ : $_ } values %{ $r->{headers} } };
$before = Walls::quiet($x, @Walls::alive);
for my $whose (sort keys %browser) {
	for my $route (@routes) {
		my $status = $expected{ $route->{right} }{$whose} // next;
		my $got = $ask->($browser{$whose}, $route);
		my @bad = ($got->{status} == $status ? () : "status $got->{status}", $all->($got) =~ $leak ? "tells: $&" : (),
			$status == 303 && ($got->{headers}{location} // '') !~ m{^/(?:login|l/)} ? 'leads to ' . ($got->{headers}{location} // 'nowhere') : ());
		is "@bad", '', "$route->{name}: $status for $whose";
	}
	is join(', ', Walls::changed($before, Walls::sums($x, @Walls::alive))), '', "$whose has changed nothing";
}

# --- another company's ids: in the path, and one after the other in the form and the query ---

$before = Walls::quiet($x, @Walls::alive);
for my $route (grep { $_->{right} =~ /^(?:self|work|company)$/ } @routes) {
	my $entry = $say{ $route->{name} };
	if ($route->{path} =~ /\{/) {
		my $got = $ask->($other, $route, \%own, \%id);
		is $got->{status}, 404, "$route->{name}: another company's is not there";
		unlike $all->($got), $leak, 'and tells nothing';
	} elsif ($route->{method} eq 'GET') {
		my $got = $ask->($other, $route);
		unlike $all->($got), $leak, "$route->{name}: another company sees nothing of it";
	}
	for my $name (@{ $entry->{ids} // [] }) {
		my %form = %{ Walls::fill($entry->{form}, \%own) };
		$form{$name} = Walls::fill($entry->{form}{$name}, \%id);
		my $got = $other->post($path->($route, \%own), \%form);
		like $got->{status}, $name eq 'rule' ? qr/^(?:200|404|422)$/ : qr/^(?:404|422)$/, "$route->{name}: another company's id in $name";
		unlike $all->($got), $leak, 'tells nothing';
	}
}
is join(', ', Walls::changed($before, Walls::quiet($x, @Walls::alive))), '', 'nothing of it has changed anything';

# --- what is done is noted ---

my $last = sub { ($x->sql('select company_id, action, user_id, request_id <> "", ip from audit_log where action not in ("login") order by at_us desc, audit_no desc limit 1'))[0] };
$x->sql("update campaign set state = 'sending' where campaign_id = $id{running_campaign}");
my %row = map { $_->{name} => $_ } @routes;
# an erasure last: it takes files with it that others are asked for
for my $name (sort { ($a =~ /erase/) <=> ($b =~ /erase/) || $a cmp $b } grep { !/^GET / } keys %say) {
	my ($route, $entry) = ($row{$name}, $say{$name});
	next if $entry->{exempt};
	if ($entry->{done}) {
		note "$name: $entry->{done}";
		next;
	}
	my $b = $browser{ $entry->{by} // 'admin' };
	my %use = (%id, $entry->{object} ? ($route->{object} => $id{ $entry->{object} }) : ());
	my $got = $ask->($b, $route, \%id, \%use);
	like $got->{status}, qr/^(?:200|303)$/, "$name is done" or diag $got->{text} =~ /class="err"[^>]*>([^<]+)/;
	my $row = $last->();
	is_deeply [@$row[1, 3, 4]], [$entry->{audit}, 1, '127.0.0.1'], 'and noted';
}
my ($status, $said) = $x->operator('audit', 'verify');
is $status, 0, 'the chain of the log is whole' or diag $said;

# a flood of guesses from one address is held at the door, at both pages of entry
for my $at ($link, '/login') {
	my ($host) = $x->url =~ m{//(.*)$};
	my @guesses = map { IO::Socket::INET->new(PeerAddr => $host) // die "connect: $!" } 1 .. 90;
	print $_ "POST $at HTTP/1.1\r\nHost: $host\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" for @guesses;
	my $many = grep { (readline($_) // '') =~ m{^HTTP/1.1 429 } } reverse @guesses;
	cmp_ok $many, '>', 20, "90 guesses at once at $at: most wait or are refused";
}
done_testing;
