#!/usr/bin/env perl
# Many people put into a static segment and taken out of it by a job: through the API and from the list, killed in the middle, taken back.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 240 }
use Browser;
use Cxdp;
use Test::More;

binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;

my $x = Cxdp->up;
my $b = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $data = sub ($r) { $r->{status} < 300 ? $r->{json}{data} : die $r->{content} };
my $job = sub ($id) { my $told; $x->wait_for(sub { $told = $x->api(GET => "jobs/$id")->{json}{data}; $told->{state} =~ /done|failed|cancelled/ }, 90, 'the job'); $told };
my $act = sub (%body) { my $r = $x->api(POST => 'profiles/actions', \%body); $r->{status} == 202 ? $r->{json}{data}{job} : die $r->{content} };
my $count = sub ($rule) { $data->($x->api(POST => 'segments/preview', { rule => $rule }))->{count} };
my $counts = sub ($told) { join ' ', map { $told->{result}{$_} // '-' } qw(changed same gone) };
my $newest = sub ($kind) { ($x->sql("select job_id from job where kind = '$kind' order by job_id desc limit 1"))[0][0] };
my $undo = sub ($id) { $data->($x->api(POST => "jobs/$id/undo", {})); $job->($newest->('people_undo')) };
my $events = sub ($type, $segment) { ($x->sql("select count(*), count(distinct e.person_id) from event e join event_type t using (company_id, type_id) where t.name = '$type' and e.props like '%\"$segment\"%'"))[0]->@* };
my $list = sub ($name, @ids) { my $id = $data->($x->api(POST => 'segments', { name => $name, static => \1, ids => \@ids }))->{id}; $x->wait_for(sub { $x->api(GET => "segments/$id")->{json}{data}{state} eq 'ready' }, 20, $name); $id };

$data->($x->api(POST => 'fields', { name => 'score', label => 'Баллы', type => 'number' }));
is $job->($data->($x->api(POST => 'profiles/bulk', { profiles => [map { { external_id => "p$_", fields => { score => $_ } } } 1 .. 3000] }))->{job})->{state}, 'done', 'people are there';
my %id = map { @$_ } $x->sql("select external_id, person_id from person where external_id like 'p%'");

# in
my $club = $list->('Клуб', @id{qw(p1 p2)});
my $half = 'return field.score:between(1, 1500)';
my $in = $act->(action => 'add_to_segment', rule => $half, segment => $club);
is $counts->($job->($in)), '1498 2 0', 'who is not in it is put in, who is stays';
is $count->('return segment "Клуб"'), 1500, 'rules see them at once';
is_deeply [$events->('segment_entered', $club)], [1498, 1498], 'each entry is an event';
my ($told) = grep { $_->{properties}{segment} eq $club } @{ $data->($x->api(GET => "profiles/$id{p7}/events?type=segment_entered")) };
is $told->{properties}{reason}, 'put in by hand: API', 'with its reason';
is $counts->($job->($act->(action => 'add_to_segment', rule => $half, segment => $club))), '0 1500 0', 'once more changes nobody';

# what others did since is theirs
my $hand = sub ($method, @ids) { $data->($x->api($method => "segments/$club/members", { ids => \@ids })) };
$hand->(DELETE => @id{qw(p10 p11)});
$x->wait_for(sub { $x->api(GET => "segments/$club")->{json}{data}{size} == 1498 }, 20, 'two out');
$hand->(PUT => $id{p11});
$x->wait_for(sub { $x->api(GET => "segments/$club")->{json}{data}{size} == 1499 }, 20, 'one again');
my $back = $undo->($in);
is $back->{state}, 'done', 'it is taken back' or diag explain $back;
my $members = sub ($id) { join ' ', sort map { $_->{external_id} } @{ $data->($x->api(GET => "segments/$id/members?limit=1000")) } };
is $count->('return segment "Клуб"'), 3, 'those it added leave';
$x->wait_for(sub { $members->($club) eq 'p1 p11 p2' }, 20, 'written');
is $members->($club), 'p1 p11 p2', 'not those who were there before, nor whom somebody put in since';
is $x->api(POST => "jobs/$in/undo", {})->{status}, 409, 'there is nothing left to take back';

# killed in the middle, and taken back with a kill, too
my $all = $act->(action => 'add_to_segment', rule => 'return field.score:more(0)', segment => $club);
$x->wait_for(sub { $x->api(GET => "jobs/$all")->{json}{data}{done} > 0 }, 30, 'some of it');
$x->kill9('engine-jobs');
is $counts->($job->($all)), '2997 3 0', 'killed in the middle, it counts everybody once';
is $count->('return segment "Клуб"'), 3000, 'everybody is in it';
is_deeply [$events->('segment_entered', $club)], [1498 + 1 + 2997, 2998], 'no entry is told twice';
$data->($x->api(POST => "jobs/$all/undo", {}));
is $x->api(POST => "jobs/$all/undo", {})->{status}, 409, 'while it is taken back it is not taken back once more';
$all = $newest->('people_undo');
$x->wait_for(sub { my $t = $x->api(GET => "jobs/$all")->{json}{data}; $t->{state} eq 'done' || $t->{done} > 0 }, 30, 'some of it');
$x->kill9('engine-jobs');
is $job->($all)->{state}, 'done', 'taking back is killed and goes on';
is $count->('return segment "Клуб"'), 3, 'and takes out the same people';
is_deeply [$events->('segment_exited', $club)], [1497 - 1 + 2 + 2997, 2998], 'each once';

# out, from ids; whoever is merged or erased
$job->($act->(action => 'add_to_segment', rule => 'return field.score:between(1, 20)', segment => $club));
$x->api(DELETE => "profiles/$id{p20}");
my $out = $act->(action => 'remove_from_segment', ids => [@id{qw(p1 p3 p5 p20 p30)}], segment => $club);
my $r = $job->($out);
is $r->{result}{changed}, 3, 'three are taken out' or diag explain $r;
is $count->('return segment "Клуб"'), 16, 'and gone';
$undo->($out);
is $count->('return segment "Клуб"'), 19, 'they come back';
my $joined = $act->(action => 'add_to_segment', ids => [$id{p40}, $id{p41}], segment => $club);
$job->($joined);
$data->($x->api(POST => "profiles/$id{p42}/merge", { with => $id{p40} }));
$data->($x->api(POST => "profiles/$id{p2}/merge", { with => $id{p41} }));
$x->wait_for(sub { $count->('return segment "Клуб"') == 20 }, 20, 'merged');
$undo->($joined);
is $count->('return segment "Клуб"'), 19, 'who was merged since leaves as who they are now, unless that one was in it before';
like " @{[$members->($club)]} ", qr/ p(2|41) /, 'who stays';

# refused
is $x->api(POST => 'profiles/actions', { action => 'add_to_segment', rule => $half, segment => '12345' })->{json}{error}{field} // '', 'segment', 'no such segment';
$x->sql("UPDATE segment SET created_by = 77, locked = 1 WHERE segment_id = $club");
is $x->api(POST => 'profiles/actions', { action => 'add_to_segment', rule => $half, segment => $club })->{status}, 422, 'a locked one is not filled by a key';
$x->sql("UPDATE segment SET locked = 0 WHERE segment_id = $club");

# from the list
my %form = (whole => 1, rule => 'return field.score:more(2990)');
like $b->post('/clients/act', { %form, do => 'enter' })->{text}, qr{<option value="$club">Клуб.*name="new"}s, 'the bar offers lists, and a new one';
is $b->post('/clients/act/run', { %form, do => 'enter', segment => $club })->{status}, 303, 'into one that is there';
is $counts->($job->($newest->('people'))), '10 0 0', 'ten are put in';
is $count->('return segment "Клуб"'), 29, 'and are in it';
like $b->get('/jobs')->{text}, qr{Добавление в сегмент</[^>]*><div class="xs mut">Клуб</div>}, 'the page of jobs says which';
like $b->get('/jobs')->{text}, qr{/jobs/@{[$newest->('people')]}/undo}, 'the page of jobs offers to take it back';
is $b->post("/jobs/@{[$newest->('people')]}/undo")->{status}, 303, 'and does';
$job->($newest->('people_undo'));
is $count->('return segment "Клуб"'), 19, 'they are out';
is $b->post('/clients/act/run', { do => 'enter', 'id[]' => [@id{qw(p100 p101)}], new => 'Новый список' })->{status}, 303, 'into a new one';
is $counts->($job->($newest->('people'))), '2 0 0', 'which has these people';
is $count->('return segment "Новый список"'), 2, 'and rules know it';
is $b->post('/clients/act/run', { do => 'enter', 'id[]' => [$id{p100}], new => 'Новый список' })->{status}, 422, 'a name that is taken is refused';
is $b->post('/clients/act/run', { do => 'leave', 'id[]' => [$id{p100}], segment => ($x->sql("select segment_id from segment where name = 'Новый список'"))[0][0] })->{status}, 303, 'out of it';
$job->($newest->('people'));
is $count->('return segment "Новый список"'), 1, 'one is left';

# rows of the list's page
my $page = $b->get("/segments/$club")->{text};
like $page, qr{name="one" value="$id{p5}"}, 'each row of its page has a button';
is $b->post("/segments/$club/people", { do => 'take', one => $id{p5}, 'id[]' => [@id{qw(p6 p7)}] })->{status}, 303, 'which takes out that one';
$x->wait_for(sub { $count->('return segment "Клуб"') == 18 }, 20, 'one out');
unlike $members->($club), qr/\bp5\b/, 'and nobody else';
is $b->post("/segments/$club/people", { do => 'take', picked => 1, 'id[]' => [@id{qw(p6 p7)}] })->{status}, 303, 'those picked go together';
is $count->('return segment "Клуб"'), 16, 'they are out';
$x->wait_for(sub { $members->($club) !~ /\bp[67]\b/ }, 20, 'they are out');
$x->sql("UPDATE segment SET created_by = 77, locked = 1 WHERE segment_id = $club");
my $masha = do { $b->post('/company/users/new', { email => 'masha@dev.example', name => 'masha', role => 'manager', password => 'long enough 2' }); Browser->new($x)->login($x->login_path, 'masha@dev.example', 'long enough 2') };
unlike $masha->get("/segments/$club")->{text}, qr/name="one"/, 'who may not change it has no buttons';
$masha->post("/segments/$club/people", { do => 'take', one => $id{p8} });
$masha->post('/clients/act/run', { do => 'leave', 'id[]' => [$id{p8}], segment => $club });
is $count->('return segment "Клуб"'), 16, 'nor another way';
done_testing;
