#!/usr/bin/env perl
# Sending through the API alone: letters, campaigns, scenarios, jobs; scopes of keys and the wall between companies.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my $yes = JSON::PP::true;

sub data ($r, $status, $what) {
	is $r->{status}, $status, $what or diag $r->{content};
	return $r->{json}{data};
}

sub refused ($r, $status, $field, $what) {
	is_deeply [$r->{status}, $r->{json}{error}{field}], [$status, $field], $what or diag $r->{content};
	return $r->{json}{error};
}

# --- templates ---

my %letter = (name => 'Скидка', subject => 'Для вас, {{ profile.first_name }}', body => '<p>{{ profile.first_name }}, ждём в городе {{ profile.city }}</p>');
my $r = $x->api(POST => 'templates', \%letter, headers => { 'idempotency-key' => 't-1' });
my $template = data($r, 201, 'a template is added');
is $template->{channel}, 'email', 'it is a letter';
like $template->{created_at}, qr/^\d{4}-\d\d-\d\dT/, 'with times as everywhere';
is $x->api(POST => 'templates', \%letter, headers => { 'idempotency-key' => 't-1' })->{content}, $r->{content}, 'once with one Idempotency-Key';
is $x->api(POST => 'templates', \%letter)->{status}, 409, 'without one the name is taken';
my $changed = data($x->api(PATCH => "templates/$template->{id}", { subject => '{{ profile.first_name }}, скидка' }), 200, 'its subject changes');
is_deeply [@$changed{qw(subject body name)}], ['{{ profile.first_name }}, скидка', @letter{qw(body name)}], 'and nothing else';
cmp_ok $changed->{version}, '>', $template->{version}, 'that is a version of its own';
is refused($x->api(PATCH => "templates/$template->{id}", { body => "<p>\n\n{% if x %}" }), 422, 'body', 'an unfinished block is refused')->{line}, 3, 'with its line';
refused($x->api(POST => 'templates', { %letter, name => '' }), 422, 'name', 'a template without a name is refused');
refused($x->api(POST => 'templates', { %letter, name => ['x'] }), 422, 'name', 'and one with a list for a name');
is $x->api(GET => "templates/$template->{id}")->{json}{data}{subject}, $changed->{subject}, 'what is refused changes nothing';
is_deeply [map { $_->{name} } @{ $x->api(GET => 'templates')->{json}{data} }], ['Скидка'], 'templates are listed';

# --- a campaign: template, segment, launch, mail, figures ---

for my $name (qw(anna boris)) {
	$x->api(POST => 'profiles', { email => "$name\@shop.example", fields => { first_name => ucfirst $name, city => 'Гродно' }, consent => { email => $yes } });
}
$x->api(POST => 'profiles', { email => 'silent@shop.example', fields => { city => 'Гродно' } });
my $segment = data($x->api(POST => 'segments', { name => 'Гродно', rule => 'return field.city:is "Гродно"' }), 201, 'a segment');
my %card = (name => 'Гродно, скидка', template_id => $template->{id}, segment_id => $segment->{id});
refused($x->api(POST => 'campaigns', { %card, template_id => '123' }), 422, 'template_id', 'a campaign needs a template there is');
my $campaign = data($x->api(POST => 'campaigns', { %card, name => 'Черновик' }), 201, 'a campaign is added');
is $campaign->{state}, 'draft', 'as a draft';
is data($x->api(PATCH => "campaigns/$campaign->{id}", { name => $card{name} }), 200, 'a draft changes')->{name}, $card{name}, 'as told';
ok $x->wait_for(sub { ($x->api(GET => "segments/$segment->{id}")->{json}{data}{size} // 0) == 3 }, 20, 'the segment'), 'the segment is built';
is $x->api(POST => "campaigns/$campaign->{id}/stop")->{status}, 409, 'what is not on its way is not stopped';
my $job = data($x->api(POST => "campaigns/$campaign->{id}/launch"), 202, 'it is launched')->{job};
is $x->api(PATCH => "campaigns/$campaign->{id}", { name => 'x' })->{status}, 409, 'then it changes no more';
ok $x->wait_for(sub { ($x->api(GET => "campaigns/$campaign->{id}/stats")->{json}{data}{sent} // 0) == 2 }, 20, 'letters'), 'two letters are sent';
is_deeply [map { scalar(() = $x->mails(to => "$_\@shop.example")) } qw(anna boris silent)], [1, 1, 0], 'to who agreed';
like +($x->mails(to => 'anna@shop.example'))[0]{headers}{subject}, qr/^Anna, скидка$/, 'with the newer subject';
my $stats = $x->api(GET => "campaigns/$campaign->{id}/stats")->{json}{data};
is_deeply [@$stats{qw(audience queued sent skipped waiting)}], [3, 3, 2, 1, 0], 'the figures say so' or diag explain $stats;
ok $x->wait_for(sub { $x->api(GET => "jobs/$job")->{json}{data}{state} eq 'done' }, 20, 'the job'), 'and its job is done';
is $x->api(GET => "campaigns/$campaign->{id}")->{json}{data}{state}, 'done', 'as the campaign is';
is $x->api(GET => 'campaigns')->{json}{data}[0]{figures}{sent}, 2, 'figures stand in the list too';

# --- a scenario: publish, event, message ---

my $script = 'return scenario { on = event["Order Completed"]:where { total = at_least(50) }, send "Скидка" }';
my $bad = refused($x->api(POST => 'scenarios', { name => 'x', script => "return scenario {\n on = event.a,\n wait 5 }" }), 422, 'script', 'a script that does not compile is refused');
is $bad->{line}, 3, 'with its line';
my $scenario = data($x->api(POST => 'scenarios', { name => 'Спасибо', script => $script }), 201, 'a scenario is added');
is_deeply [@$scenario{qw(state version)}], ['draft', 0], 'as a draft';
my $missing = data($x->api(POST => 'scenarios', { name => 'Нет письма', script => 'return scenario { on = event.a, send "Нет такого" }' }), 201, 'a draft may name a letter yet to come');
refused($x->api(POST => "scenarios/$missing->{id}/publish"), 422, 'script', 'but is not published so');
is data($x->api(POST => "scenarios/$scenario->{id}/publish"), 200, 'it is published')->{state}, 'running', 'and runs';
$x->api(POST => 'events', { email => 'boris@shop.example', event => 'Order Completed', properties => { total => 49 } });
$x->api(POST => 'events', { email => 'anna@shop.example', event => 'Order Completed', properties => { total => 50 } });
ok $x->wait_for(sub { 2 == (() = $x->mails(to => 'anna@shop.example')) }, 15, 'the letter'), 'an event brings the letter';
is scalar(() = $x->mails(to => 'boris@shop.example')), 1, 'a smaller one does not';
is data($x->api(POST => "scenarios/$scenario->{id}/pause"), 200, 'it is paused')->{state}, 'paused', 'and says so';
my $draft = data($x->api(PATCH => "scenarios/$scenario->{id}", { script => "-- new\n$script" }), 200, 'its draft changes');
is_deeply [$draft->{version}, $draft->{changed}], [1, $yes], 'and differs from what runs';
is data($x->api(POST => "scenarios/$scenario->{id}/publish"), 200, 'publishing again')->{version}, 2, 'is version 2';
is $x->api(GET => "scenarios/$scenario->{id}")->{json}{data}{figures}{entered}, 1, 'one person entered';

# --- messages ---

my $message = data($x->api(POST => 'messages', { template => $template->{id}, to => { email => 'silent@shop.example' } }), 202, 'a single letter goes by the template\'s id');
ok $x->wait_for(sub { $x->api(GET => "messages/$message->{id}")->{json}{data}{state} eq 'sent' }, 15, 'the message'), 'and is sent';
refused($x->api(POST => 'messages', { template => 'Нет такого', to => { email => 'anna@shop.example' } }), 422, 'template', 'an unknown template is named');
refused($x->api(POST => 'messages', { template => 'Скидка', to => 'nobody' }), 422, 'to', 'and so is an unknown person');

# --- scopes ---

my ($key) = $x->env('API_KEY') =~ /^cxdp_(\w{12})_/;
sub scopes ($scopes) { $x->sql("update api_key set scopes = '$scopes' where key_id = '$key'") }
my ($all) = map { $_->[0] } $x->sql("select scopes from api_key where key_id = '$key'");
scopes('messages:read');
is $x->api(GET => 'templates')->{status}, 200, 'messages:read reads';
is $x->api(POST => 'templates', { %letter, name => 'y' })->{status}, 403, 'and writes nothing';
is $x->api(POST => 'messages', { template => 'Скидка', to => { email => 'anna@shop.example' } })->{status}, 403, 'and sends nothing';
scopes('messages:read messages:write');
is $x->api(POST => 'scenarios', { name => 'z', script => $script })->{status}, 403, 'messages:write brings no Lua in';
is $x->api(PATCH => "scenarios/$scenario->{id}", { script => $script })->{status}, 403, 'nor changes it';
is $x->api(POST => "scenarios/$scenario->{id}/publish")->{status}, 403, 'nor publishes it';
is $x->api(POST => "scenarios/$scenario->{id}/pause")->{status}, 200, 'but may pause it';
scopes('scripts');
is $x->api(PATCH => "scenarios/$scenario->{id}", { script => $script })->{status}, 200, 'the scope scripts does';
scopes($all);

# --- walls ---

my ($status, $said) = $x->operator(qw(company create --name Other --slug other --country RU --currency RUB --timezone Europe/Moscow
	--language ru --admin-email a@other.example --admin-password another-secret-1));
my ($theirs) = $said =~ /"api_key":"([^"]+)"/ or diag $said;
for my $path ("templates/$template->{id}", "campaigns/$campaign->{id}", "campaigns/$campaign->{id}/stats", "scenarios/$scenario->{id}",
	"messages/$message->{id}", "jobs/$job") {
	is $x->api(GET => $path, undef, key => $theirs)->{status}, 404, "GET $path is 404 for another company";
}
for my $path ("templates/$template->{id}", "campaigns/$campaign->{id}", "scenarios/$scenario->{id}") {
	is $x->api(PATCH => $path, { name => 'stolen' }, key => $theirs)->{status}, 404, "PATCH $path too";
}
for my $path ("campaigns/$campaign->{id}/launch", "campaigns/$campaign->{id}/stop", "scenarios/$scenario->{id}/publish", "scenarios/$scenario->{id}/pause") {
	is $x->api(POST => $path, undef, key => $theirs)->{status}, 404, "POST $path too";
}
for my $list (qw(templates campaigns scenarios)) {
	is_deeply $x->api(GET => $list, undef, key => $theirs)->{json}{data}, [], "their list of $list is empty";
}
my $own = data($x->api(POST => 'templates', \%letter, key => $theirs), 201, 'the same name is free there');
refused($x->api(POST => 'campaigns', { name => 'c', template_id => $own->{id}, segment_id => $segment->{id} }, key => $theirs), 422, 'segment_id', 'our segment is no audience of theirs');
is $x->api(POST => 'messages', { template => 'Скидка', to => { email => 'anna@shop.example' } }, key => $theirs)->{status}, 422, 'our people get no letter of theirs';
is $x->api(POST => 'messages', { template => $template->{id}, to => { email => 'anna@shop.example' } }, key => $theirs)->{status}, 422, 'nor is our template theirs';
is scalar(() = $x->mails(to => 'anna@shop.example')), 2, 'nothing of all this sent anything';

done_testing;
