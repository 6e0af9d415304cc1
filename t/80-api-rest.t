#!/usr/bin/env perl
# What the API got last: sources, jobs and stopping them with what they belong to, consents with evidence, fields changed and removed, events of
# the whole company, search; and the page of jobs.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Test::More;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $x = Cxdp->up;
my ($mine) = map { $_->[0] } $x->sql("select company_id from company where slug = 'dev'");
my $data = sub ($r) { $r->{json}{data} };
my $refused = sub ($status, $like, $r, $name) {
	is $r->{status}, $status, $name or diag $r->{content};
	like $r->{json}{error}{message}, $like, 'and says why';
};
my $key = sub ($scopes) {
	my $n = substr 'k' . $scopes =~ tr/a-z//cdr . 'x' x 12, 0, 12;
	$x->sql("insert ignore into api_key (key_id, company_id, name, secret_hash, scopes, created_at_us) select '$n', company_id, 'x', secret_hash, '$scopes', 1 from api_key where company_id = $mine limit 1");
	return $x->env('API_KEY') =~ s/_\w{12}_/_${n}_/r;
};

# --- sources ---

my $source = $data->($x->api(POST => 'sources', { name => 'Сайт два', kind => 'site' }));
like $source->{write_key}, qr/^\w{16,}$/, 'a new source has its write key';
is $x->v1('track', { userId => 'w1', event => 'Order Completed', properties => { total => 5 } }, key => $source->{write_key})->{status}, 200, 'which works';
is $data->($x->api(GET => "sources/$source->{id}"))->{name}, 'Сайт два', 'it is there';
ok grep({ $_->{id} eq $source->{id} } @{ $data->($x->api(GET => 'sources')) }), 'and in the list';
my $etag = $x->api(GET => "sources/$source->{id}")->{headers}{etag};
is $data->($x->api(PATCH => "sources/$source->{id}", { name => 'Сайт три' }))->{name}, 'Сайт три', 'renamed';
is $x->api(PATCH => "sources/$source->{id}", { name => 'x' }, headers => { 'if-match' => $etag })->{status}, 412, 'but not over a change one has not seen';
$refused->(422, qr/1 to 100 characters/, $x->api(PATCH => "sources/$source->{id}", { name => '' }), 'a source has a name');
$refused->(422, qr/no source is of kind/, $x->api(POST => 'sources', { name => 'x', kind => 'y' }), 'and a kind there is');
my $events = sub ($query) { $x->api(GET => "events?$query") };
ok $x->wait_for(sub { @{ $data->($events->("source=$source->{id}")) } }, 10, 'the event'), 'its events are found by it';
is $data->($x->api(PATCH => "sources/$source->{id}", { state => 'disabled' }))->{state}, 'disabled', 'disabled';

# --- events of everybody ---

my @all = map { $data->($x->api(POST => 'events', { email => 'anna@shop.example', event => $_, messageId => "m-$_" }))->{id} } 'Order Completed', 'Hello', 'Order Completed';
is $data->($events->('limit=1'))->[0]{id} >= $all[1], 1, 'the newest first';
my (@seen, $next);
do {
	my $r = $events->('limit=2' . ($next ? "&cursor=$next" : ''));
	push @seen, map { $_->{id} } @{ $data->($r) };
	$next = $r->{json}{next};
} while ($next);
is_deeply \@seen, [sort { $b <=> $a } @seen], 'pages follow each other in order';
is scalar(@seen), ($x->sql("select count(*) from event where company_id = $mine"))[0][0], 'and are all there are';
is_deeply [map { $_->{name} } grep { $_->{name} ne 'purchase' } @{ $data->($events->('type=purchase')) }], [], 'of one type only these';
ok @{ $data->($events->('type=Order%20Completed')) } >= 2, 'by the name of an SDK too';
ok $data->($events->('type=Hello'))->[0]{profile}, 'each says whose it is';
$refused->(422, qr/source's id/, $events->('source=x'), 'a source is an id');

# --- search ---

my $person = $data->($x->api(POST => 'profiles', { email => 'kanarejkina@shop.example', phone => '8 029 555-01-42', fields => { first_name => 'Мария', last_name => 'Канарейкина' } }));
my $find = sub ($q) { join ' ', map { $_->{id} } @{ $data->($x->api(GET => 'profiles?q=' . $q =~ s/([^\w.])/sprintf '%%%02X', ord $1/ger)) // [] } };
for my $q ('kanarejkina', 'kanarejkina@shop.example', $person->{id}, '+375295550142', '8 029 555-01-42', '80295550142', '(029) 555 01 42', '5550142') {
	is $find->($q), $person->{id}, "found by $q";
}
is join(' ', map { $_->{id} } @{ $data->($x->api(GET => 'profiles?q=%D0%BA%D0%B0%D0%BD%D0%B0%D1%80%D0%B5%D0%B9')) }), $person->{id}, 'and by a part of the name';
is $find->('nobodyatall'), '', 'nobody by what is nobody\'s';

# --- consents ---

my $consents = "profiles/$person->{id}/consents";
is_deeply $data->($x->api(GET => $consents)), {}, 'nothing agreed to yet';
my $proof = { text => 'Согласна на рассылку', url => 'https://shop.example/form', at => '2026-01-31T10:00:00Z' };
my $got = $data->($x->api(PUT => $consents, { email => { granted => \1, proof => $proof }, sms => { granted => \0 } }));
is_deeply $got->{email}, { granted => JSON::PP::true, at => '2026-01-31T10:00:00.000Z', proof => $proof, source => undef }, 'evidence comes back as it was given, from when it was';
ok !$got->{sms}{granted}, 'several at once';
$refused->(422, qr/needs proof\.text/, $x->api(PUT => $consents, { viber => { granted => \1 } }), 'a grant needs evidence');
$refused->(422, qr/a channel is email/, $x->api(PUT => $consents, { pigeon => { granted => \0 } }), 'a channel is one of ours');
$refused->(422, qr/proof\.at/, $x->api(PUT => $consents, { viber => { granted => \1, proof => { text => 'x', at => '2100-01-01T00:00:00Z' } } }), 'nobody agrees in the future');
$got = $data->($x->api(PUT => $consents, { email => { granted => \0 } }));
ok !$got->{email}{granted} && exists $got->{sms}, 'withdrawn; the others stay';
$x->api(PATCH => "profiles/$person->{id}", { consent => { push => \1, viber => { granted => \1, proof => 'бланк 7' } } });
$got = $data->($x->api(GET => $consents));
is $got->{push}{proof}, undef, 'the short form of profiles goes on as it was';
is $got->{viber}{proof}{text}, 'бланк 7', 'with its words';
is $x->api(GET => 'profiles/1/consents')->{status}, 404, 'of nobody: 404';

# --- fields ---

$x->api(POST => 'fields', { name => 'shoe', label => 'Обувь', type => 'number' });
$x->api(PATCH => "profiles/$person->{id}", { fields => { shoe => 38 } });
is $data->($x->api(PATCH => 'fields/shoe', { label => 'Размер обуви' }))->{label}, 'Размер обуви', 'a label changes';
is $data->($x->api(PATCH => 'fields/shoe', { type => 'text' }))->{type}, 'text', 'so does a type where values allow it';
$refused->(422, qr/stands against it/, $x->api(PATCH => 'fields/shoe', { type => 'date' }), 'where one stands against it, not');
$refused->(422, qr/no field is of type/, $x->api(PATCH => 'fields/shoe', { type => 'colour' }), 'nor to a type there is not');
$refused->(409, qr/built-in/, $x->api(PATCH => 'fields/email', { label => 'x' }), 'a built-in one stays');
is $x->api(PATCH => 'fields/nothing', { label => 'x' })->{status}, 404, 'one that is not there: 404';
$x->api(PATCH => 'fields/shoe', { type => 'number' });
my $letter = $data->($x->api(POST => 'templates', { name => 'Про обувь', subject => 'x', body => '<p>{{ profile.shoe }}</p>' }))->{id};
$x->api(POST => 'segments', { name => 'Маленькие', rule => 'return field.shoe:is(38)' });
my $r = $x->api(DELETE => 'fields/shoe');
$refused->(409, qr/segment "Маленькие"/, $r, 'a field in use is not removed');
like $r->{json}{error}{message}, qr/template "Про обувь"/, 'all its users are named';
$x->api(POST => 'fields', { name => 'sho', label => 'x', type => 'number' });
is $x->api(DELETE => 'fields/sho')->{status}, 204, 'one that nothing uses is, though its name is part of another';
ok !grep({ $_->{name} eq 'sho' } @{ $data->($x->api(GET => 'fields')) }), 'and is gone';

# --- jobs ---

my $csv = "email\n" . join '', map { "n$_\@shop.example\n" } 1 .. 30000;
my $import = $data->($x->upload('many.csv', $csv))->{id};
$x->api(POST => "imports/$import/start", { mapping => { email => 'email' } });
my ($job) = map { $_->{id} } grep { $_->{kind} eq 'import' } @{ $data->($x->api(GET => 'jobs')) };
ok $job, 'the list of jobs has it';
is $data->($x->api(GET => "jobs/$job"))->{object}, $import, 'and says of which import it is';
is $data->($x->api(DELETE => "jobs/$job"))->{state}, 'cancelled', 'it is cancelled';
is $data->($x->api(GET => "imports/$import"))->{state}, 'cancelled', 'and so is its import';
is_deeply [grep { $_->{state} ne 'cancelled' } @{ $data->($x->api(GET => 'jobs?state=cancelled')) }], [], 'jobs by their state';
$refused->(422, qr/queued, running/, $x->api(GET => 'jobs?state=odd'), 'which is one there is');
my $insert = sub ($id, $kind, $args = '{}') {
	$x->sql("insert into job (company_id, job_id, kind, state, done, total, args, error, due_at_us, created_at_us, created_by, fence, crashes) values ($mine, $id, '$kind', 'queued', 1, 4, '$args', '', 1 << 60, 1, 0, 0, 0)");
};
$insert->(11, 'import-undo', qq({"import":"$import"}));
$x->sql("update import set state = 'undoing', inserted = 1 where import_id = $import");
is $x->api(DELETE => 'jobs/11')->{status}, 200, 'taking back is stopped';
is $data->($x->api(GET => "imports/$import"))->{state}, 'cancelled', 'and can be begun again';
$insert->(12, 'erase');
$refused->(409, qr/erasure is not stopped/, $x->api(DELETE => 'jobs/12'), 'an erasure goes on');
$insert->(13, 'feed', '{"feed":"1"}');
$refused->(409, qr/goes on by itself/, $x->api(DELETE => 'jobs/13'), 'a feed is stopped where it is');
$insert->($_, 'bulk') for 14, 15;
$insert->(16, 'campaign', '{"campaign":"1"}');
is $x->api(GET => 'jobs/14', undef, key => $key->('profiles:read'))->{status}, 200, 'who sends profiles sees how far they are';
is $x->api(DELETE => 'jobs/14', undef, key => $key->('profiles:write'))->{status}, 200, 'and stops them';
is $x->api(DELETE => 'jobs/15', undef, key => $key->('messages:write'))->{status}, 200, 'as before with the right to send';
$refused->(403, qr/messages:write/, $x->api(DELETE => 'jobs/16', undef, key => $key->('profiles:write')), 'a mailing wants that right');
is $x->api(GET => 'jobs', undef, key => $key->('segments:read'))->{status}, 403, 'with neither, nothing';

# --- the page ---

my $b = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $page = $b->get('/jobs')->{text};
like $page, qr{href="/imports/$import">Импорт<}, 'an import leads to its page';
like $page, qr{aria-valuenow="25"}, 'with how far it is';
like $page, qr{hx-get="/jobs/rows\?state=" hx-trigger="every 2s"}, 'looked at anew while something goes on';
unlike $page, qr{/jobs/12/cancel}, 'an erasure has no button';
like $page, qr{/jobs/16/cancel}, 'a mailing has one';
is $b->post('/jobs/16/cancel')->{status}, 303, 'which stops it';
is +($x->sql('select state from job where job_id = 16'))[0][0], 'cancelled', 'really';
like $b->get('/jobs?state=done')->{text}, qr/<option value="done" selected>/, 'by state';
unlike $b->get('/jobs?state=failed')->{text}, qr{jobs/13/cancel}, 'and only these';
done_testing;
