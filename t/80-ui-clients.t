#!/usr/bin/env perl
# The list of people: searched in any spelling, paged while people come, folders and whose they are, columns kept for each user, one thing
# done to many by a job that is watched, killed, taken back. Then t/lib/ui-clients.mjs walks through it in a real Chromium.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 400 }
use Browser;
use Cxdp;
use Encode ();
use Test::More;

binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;
my $url = sub ($t) { join '', map { sprintf '%%%02X', ord } split //, Encode::encode_utf8($t) };

my $x = Cxdp->up;
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
for my $name (qw(masha pasha)) {
	$admin->post('/company/users/new', { email => "$name\@dev.example", name => $name, role => 'manager', password => 'long enough 2' });
}
my ($masha, $pasha) = map { Browser->new($x)->login($x->login_path, "$_\@dev.example", 'long enough 2') } qw(masha pasha);
my $data = sub ($r) { $r->{status} < 300 ? $r->{json}{data} : die $r->{content} };
my $job = sub ($id) { my $told; $x->wait_for(sub { $told = $x->api(GET => "jobs/$id")->{json}{data}; $told->{state} =~ /done|failed|cancelled/ }, 60, 'the job'); $told };
my $count = sub ($rule) { $data->($x->api(POST => 'segments/preview', { rule => $rule }))->{count} };

my @people = map { { external_id => "c$_", email => "client$_\@shop.example", fields => { first_name => "Имя$_", city => $_ % 3 ? 'Минск' : 'Брест', score => $_ } } } 1 .. 700;
push @people, { external_id => 'SPECIAL-77', email => 'alyona@shop.example', phone => '8 029 555-01-42', fields => { first_name => 'Алёна', last_name => 'Ёлкина' } };
$data->($x->api(POST => 'fields', { name => 'score', label => 'Баллы', type => 'number' }));
is $job->($data->($x->api(POST => 'profiles/bulk', { profiles => \@people }))->{job})->{state}, 'done', 'people are there';
my $alyona = $data->($x->api(GET => 'profiles?external_id=SPECIAL-77'))->{id};

# --- search ---

my $found = sub ($q, $b = $admin) { my $t = $b->get('/clients?q=' . $url->($q)); join ' ', $t->{text} =~ m{href="/clients/(\d+)">}g };
$x->wait_for(sub { $found->('Алёна') }, 20, 'the columns');
is $found->($_), $alyona, "found by \"$_\"" for 'Алёна', 'алена', 'ёлкин', 'ЕЛКИН АЛЕ', 'alyona@', 'ALYONA@SHOP.EXAMPLE', 'special-77', $alyona,
	'+375 (29) 555-01-42', '8 029 555-01-42', '80295550142', '8029555', '029 555', '29 555', '5550142', '00375295550142', 'алена 555-01';
is $found->($_), '', "nobody by \"$_\"" for '8 029 556', 'алёна борис', '+375 44 555';

# --- paging: everybody once, whoever comes meanwhile ---

my (%seen, @twice, $pages);
my $path = '/clients?sort=email';
while ($path && ++$pages < 50) {
	my $t = $admin->get($path)->{text};
	$seen{$_}++ and push @twice, $_ for $t =~ m{href="/clients/(\d+)">}g;
	$x->api(POST => 'profiles', { email => sprintf '%s%d@shop.example', $pages % 2 ? 'a' : 'z', $pages }) if $pages < 8;
	($path) = $t =~ m{href="(/clients\?[^"]*cursor=[^"]*)"};
	$path =~ s/&amp;/&/g if $path;
}
is "@twice", '', 'no page shows somebody twice';
my @missed = grep { !$seen{ $_->[0] } } $x->sql("select person_id from person where email like 'client%'");
is scalar @missed, 0, 'and nobody is left out, while others come';
cmp_ok $pages, '>=', 15, 'over many pages';

$data->($x->api(POST => 'fields', { name => 'fresh', label => 'Новое', type => 'number' }));
is scalar(@{ $data->($x->api(GET => "profiles?sort=$_&limit=5")) }), 5, "an order by what nobody has yet is one: $_" for 'fresh', '-fresh';
is $x->api(GET => 'profiles?sort=frsh')->{json}{error}{field}, 'sort', 'by what is no field is none';

# --- columns and order: each user's own ---

is $masha->post('/clients/view', { 'c[]' => ['score', 'city'] })->{status}, 303, 'columns are chosen';
my $heads = sub ($b) { join ' ', $b->get('/clients')->{text} =~ m{name="order" value="-?(\w+)"}g };
is $heads->($masha), 'first_name score city', 'and shown in that order';
is $heads->($pasha), 'first_name email phone city created_at last_seen_at', 'somebody else sees the usual ones';
$masha->post('/clients/view', { order => '-score' });
like $masha->get('/clients')->{text}, qr/aria-sort="descending"><button class="th-b on"[^>]*value="score"/, 'the order is kept too';
is [$masha->get('/clients')->{text} =~ m{>(Имя\d+)<}g]->[0], 'Имя700', 'and is the list\'s';
unlike $pasha->get('/clients')->{text}, qr/value="score"[^>]*on"/, 'but nobody else\'s';
$masha->post('/clients/view', { 'c[]' => ['score', 'city'], up => 'city' });
is $heads->($masha), 'first_name city score', 'a column moves without a script';
$masha->post('/clients/view', { reset => 1 });
is $heads->($masha), $heads->($pasha), 'and back to the usual ones';

# --- folders ---

my $folder = sub ($b, %form) { my $r = $b->post('/folders/new', \%form); ($r->{headers}{location} // '') =~ /folder=(\d+)/ ? $1 : 0 };
my $mine = $folder->($masha, name => 'Брестские', rule => 'return field.city:is "Брест"');
my $ours = $folder->($masha, name => 'Общая', rule => '', q => 'Имя70', shared => 1);
ok $mine && $ours, 'two folders';
like $masha->get("/clients?folder=$mine")->{text}, qr/233/, 'a folder opens its filter';
is $pasha->get("/clients?folder=$mine")->{status}, 404, 'a private one is nobody else\'s';
is $admin->get("/clients?folder=$mine")->{status}, 404, 'not even the administrator\'s';
is $pasha->get("/clients?folder=$ours")->{status}, 200, 'a shared one is everybody\'s';
is $pasha->post("/folders/$mine/delete")->{status}, 404, 'whoever does not see it does not delete it';
is $pasha->post("/folders/$_->[0]", { do => 'name', name => 'x' })->{status}, $_->[1], 'nor another\'s: ' . $_->[1] for [$mine, 404], [$ours, 403];
my $counts = sub ($b) { my $t = $b->get('/clients/folders')->{text}; my %n; $n{$1} = $2 =~ s/\D//gr while $t =~ m{title="([^"]+)">[^<]*</span><span class="cnt">([^<]*)}g; \%n };
is_deeply $counts->($masha), { 'Брестские' => 233, 'Общая' => 2 }, 'counts come in one question' or diag explain $counts->($masha);
is_deeply $counts->($pasha), { 'Общая' => 2 }, 'of what one sees';
like $masha->get("/clients?folder=$mine&q=&sort=email&rule=" . $url->('return field.city:is "Минск"'))->{text}, qr/изменён/, 'a changed filter says so';
is $masha->post("/folders/$mine", { do => 'save', folder => $mine, rule => 'return field.city:is "Минск"' })->{status}, 303, 'and is saved';
is $counts->($masha)->{'Брестские'}, 467, 'into the folder';
is $folder->($masha, name => 'Кривая', rule => 'return field.nothing:is "x"'), 0, 'a rule that means nothing is not kept';
is $folder->($masha, name => ' ', rule => ''), 0, 'nor a folder without a name';
my $third = $folder->($masha, name => 'Третья', rule => '');
$masha->post("/folders/$third", { do => 'up' });
is [$masha->get('/clients/folders')->{text} =~ m{folder=(\d+)"}g]->[0], $third, 'folders change places';
$masha->post("/folders/$mine", { do => 'name', name => 'Минские', shared => 1 });
is $pasha->get("/clients?folder=$mine")->{status}, 200, 'one is shared later';
is $admin->post("/folders/$mine/delete")->{status}, 303, 'the administrator may delete what is shared';
my $segment = $data->($x->api(POST => 'segments', { name => 'Старое', rule => 'return field.score:more(690)' }))->{id};
$x->wait_for(sub { $x->api(GET => "segments/$segment")->{json}{data}{state} eq 'ready' }, 20, 'a segment');
my $of = $folder->($masha, name => 'По сегменту', rule => 'return segment "Старое"');
$x->api(PATCH => "segments/$segment", { name => 'Новое' });
is $counts->($masha)->{'По сегменту'}, 10, 'a segment with a new name is still meant';

# --- one thing done to many ---

my $act = sub ($b, %form) { $b->post('/clients/act/run', \%form) };
my $newest = sub ($kind) { ($x->sql("select job_id from job where kind = '$kind' order by job_id desc limit 1"))[0][0] };
my $brest = 'return field.city:is "Брест"';
my $shown = $masha->post('/clients/act', { do => 'field', whole => 1, rule => $brest, field => 'city' })->{text};
like $shown, qr/Изменить 233 профиля/, 'the page says how many exactly';
like $shown, qr{Брест</span><span class="push num">233}, 'and what they have now';
is $act->($masha, do => 'field', whole => 1, rule => $brest, field => 'birthday', value => 'скоро')->{status}, 422, 'a value of another kind is refused';
is $act->($masha, do => 'field', whole => 1, rule => $brest, field => 'email', value => 'x@x.example')->{status}, 422, 'nobody sets the e-mail of many';
is $act->($masha, do => 'field', whole => 1, rule => $brest, field => 'city', value => 'Гродно')->{status}, 303, 'a field is set for all of the list';
my $set = $newest->('people');
my $told = $job->($set);
is_deeply [@{ $told->{result} }{qw(changed same gone)}], [233, 0, 0], 'the job tells how many' or diag explain $told;
is $count->('return field.city:is "Гродно"'), 233, 'all of them have it';
is(($x->sql("select count(*) from event e join event_type t using (company_id, type_id) where t.name = 'profile_updated' and e.props like '%Гродно%' and e.props like '%\"user\"%'"))[0][0], 233, 'each is an event with old and new, and by whom');
is $count->($brest), 0, 'nobody is left in Brest';
my $one = ($x->sql("select person_id from person where city = 'Гродно' order by person_id limit 1"))[0][0];
$x->api(PATCH => "profiles/$one", { fields => { city => 'Лида' } });
like $masha->get('/jobs')->{text}, qr{/jobs/$set/undo}, 'it can be taken back';
is $masha->post("/jobs/$set/undo")->{status}, 303, 'and is';
$job->($newest->('people_undo'));
is $count->($brest), 232, 'who was not changed since is in Brest again';
is $x->api(GET => "profiles/$one")->{json}{data}{fields}{city}, 'Лида', 'who was keeps the newer value';
is $x->api(POST => "jobs/$set/undo", {})->{status}, 409, 'there is nothing left to take back';

# killed in the middle: everybody once
my $r = $x->api(POST => 'profiles/actions', { action => 'set_field', rule => 'return field.email:starts "client"', field => 'region', value => 'Юг' });
is $r->{status}, 202, 'the API does the same';
$x->wait_for(sub { $x->api(GET => "jobs/$r->{json}{data}{job}")->{json}{data}{done} > 0 }, 20, 'a beginning');
$x->kill9('engine-jobs');
$told = $job->($r->{json}{data}{job});
is_deeply [@{ $told->{result} }{qw(changed same gone)}], [700, 0, 0], 'killed in the middle, it counts everybody once' or diag explain $told;
is $x->api(POST => 'profiles/actions', { action => 'set_field', field => 'region', value => 'x' })->{status}, 422, 'neither rule nor ids is refused';
is $x->api(POST => 'profiles/actions', { action => 'add_to_segment', rule => 'return known()', segment => $segment })->{status}, 422, 'a segment with a rule takes nobody by hand';
is_deeply $job->($data->($x->api(POST => 'profiles/actions', { action => 'set_field', ids => [$alyona], field => 'region', value => undef }))->{job})->{result}{same}, 1, 'nothing stays nothing';

# export of those who are picked, and of a search
$r = $masha->post('/clients/act', { do => 'export', 'id[]' => [$alyona, $one] });
like $r->{headers}{location}, qr{^/exports/new\?ids=\d+\.\d+$}, 'the picked go to an export';
like $masha->get($r->{headers}{location})->{text}, qr/Выбранные в списке: 2 человека/, 'which knows them';
my ($ids) = $r->{headers}{location} =~ /ids=(.*)/;
$masha->post('/exports/new', { source => 'ids', ids => $ids, 'c[]' => ['email'], format => 'csv', delimiter => ';' });
my $export = ($x->sql('select export_id from export order by export_id desc limit 1'))[0][0];
$x->wait_for(sub { ($x->sql("select row_count from export where export_id = $export and done_at_us is not null"))[0] }, 20, 'the file');
is(($x->sql("select row_count from export where export_id = $export"))[0][0], 2, 'two rows');
$masha->post('/exports/new', { source => 'rule', rule => '', search => 'Имя70', 'c[]' => ['email'], format => 'csv', delimiter => ';' });
$export = ($x->sql('select export_id from export order by export_id desc limit 1'))[0][0];
$x->wait_for(sub { ($x->sql("select row_count from export where export_id = $export and done_at_us is not null"))[0] }, 20, 'the file');
is(($x->sql("select row_count from export where export_id = $export"))[0][0], 2, 'a search is exported as it is shown');

# erased: the number is typed
my $ten = 'return field.score:more(690)';
is $act->($masha, do => 'erase', whole => 1, rule => $ten, typed => 11)->{status}, 422, 'another number erases nobody';
is $count->($ten), 10, 'they are there';
is $act->($masha, do => 'erase', whole => 1, rule => $ten, typed => '10')->{status}, 303, 'the number does';
is_deeply [@{ $job->($newest->('people'))->{result} }{qw(changed gone)}], [10, 0], 'ten are erased';
is $count->($ten), 0, 'and gone';
$x->wait_for(sub { ($x->sql("select count(*) from job where kind = 'erase_among' and state = 'done'"))[0][0] == 10 }, 30, 'their histories');
unlike $masha->get('/jobs')->{text}, qr/erase_among/, 'the list of jobs has one row for it';

# --- a rule that takes long is counted about, and exactly when asked ---

is $job->($data->($x->api(POST => 'profiles/bulk', { profiles => [map { { external_id => "x$_", fields => { city => $_ % 2 ? 'Минск' : 'Лида' } } } 1 .. 6000] }))->{job})->{state}, 'done', 'many more people';
my $slow = $url->('return where(function (p) local n = 0 for i = 1, 15000 do n = n + i end return p.city == "Минск" end)');
my $exactly = $count->('return field.city:is "Минск"');
my $page = $masha->get("/clients?sort=email&rule=$slow")->{text};
my ($about) = map { s/\D//gr } $page =~ m{id="people-count"[^>]*>\s*<span[^>]*>≈ ([\d\s\x{a0}\x{202f}]+) из};
ok $about && abs($about - $exactly) < 0.05 * 6700, "a rule that takes long is counted about: $exactly are about " . ($about // 'nothing');
is scalar(() = $page =~ m{href="/clients/\d+"}g), 50, 'the page is whole all the same';
my ($on) = map { s/&amp;/&/gr } $page =~ m{href="(/clients\?[^"]*cursor=[^"]*)"};
my %first = map { $_ => 1 } $page =~ m{href="/clients/(\d+)"}g;
my @again = grep { $first{$_} } $masha->get($on)->{text} =~ m{href="/clients/(\d+)"}g;
is "@again", '', 'and the next goes on behind it';
my ($told_of, $at) = ('', "/clients/count?rule=$slow");
for (1 .. 200) {
	$told_of = $masha->get($at)->{text};
	($at) = map { s/&amp;/&/gr } $told_of =~ m{hx-get="([^"]+)" hx-trigger="load"} or last;
}
is $told_of =~ m{>\s*([\d\s\x{a0}\x{202f}]+?)\s*<} ? $1 =~ s/\D//gr : $told_of, $exactly, 'on demand it is counted exactly, a slice after the other';

my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/ui-clients.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
for (split /\n/, Encode::decode_utf8($said)) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
	elsif (!/^1\.\.\d+$/) { note $_ }
}
is $status, 0, 'the browser is content';
done_testing;
