#!/usr/bin/env perl
# The wall between companies in the API: every route for nobody, a key that is wrong, revoked, expired or of another network, of no scope
# and of all but the right one, and another company's key, with every id in path and body replaced by another company's. Nothing is told
# and nothing changes; what is done is noted. Made from the door's own table and t/lib/Walls.pm.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Encode 'decode';
use Test::More;
use Walls;

my @routes = Walls::routes('api');
my %say = %Walls::api;
my @gaps = Walls::gaps('api');
is "@gaps", '', 'every route says what it is asked with and what it leaves in the log' or BAIL_OUT("t/lib/Walls.pm: @gaps");

my $x = Cxdp->up;
my ($status, $said) = $x->operator(qw(company create --name Neighbours --slug neighbours --country BY --currency BYN
	--timezone Europe/Minsk --language en --admin-email boss@neighbours.example --admin-password), 'long enough 1');
my $theirs = JSON::PP::decode_json($said)->{api_key} // die $said;
my $data = sub ($r) { $r->{status} < 300 ? $r->{json}{data} : die $r->{content} };

my (%id, %own);
for my $side ([\%id, 'Канарейка', 'canary@dev.example', undef], [\%own, 'Ours', 'ours@neighbours.example', $theirs]) {
	my ($to, $name, $mail, $key) = @$side;
	my @key = $key ? (key => $key) : ();
	my $make = sub ($path, $body) { $data->($x->api(POST => $path, $body, @key))->{id} };
	$to->{profile} = $make->('profiles', { email => $mail, fields => { first_name => $name }, consent => { email => \1 } });
	my ($twin, $spare, $third) = map { $make->('profiles', { email => "$_.$mail", fields => { first_name => $name } }) } 'twin', 'spare', 'third';
	@$to{'spare_profile', 'third_profile'} = ($spare, $third);
	$to->{merge} = $make->("profiles/$to->{profile}/merge", { with => $twin });
	$to->{$_} = $make->('segments', { name => "$name-$_", rule => 'return known()' }) for 'segment', 'spare_segment';
	$to->{static_segment} = $make->('segments', { name => "$name-static", static => \1 });
	$to->{template} = $make->('templates', { name => $name, subject => 'Тема', body => "<p>$name</p>" });
	for my $kind ('campaign', 'running_campaign') {
		$to->{$kind} = $make->('campaigns', { name => "$name-$kind", segment_id => $to->{segment}, template_id => $to->{template} });
	}
	for my $kind ('scenario', 'running_scenario') {
		$to->{$kind} = $make->('scenarios', { name => "$name-$kind", script => 'return scenario { on = event.purchase, wait "1h" }' });
	}
	$data->($x->api(POST => "scenarios/$to->{running_scenario}/publish", {}, @key));
	$to->{$_} = $data->($x->upload("$name.csv", "email\ncanary\@dev.example\n", @key))->{id} for qw(import running_import done_import);
	$x->sql("update import set state = 'running' where import_id = $to->{running_import}");
	$x->sql("update import set state = 'done', inserted = 1 where import_id = $to->{done_import}");
	$to->{export} = $make->('exports', { source => 'all', fields => ['email'], format => 'csv' });
	$to->{source} = $make->('sources', { name => $name, kind => 'site' });
	$to->{$_} = $data->($x->api(POST => 'fields', { name => "${_}_$to->{source}", label => $name, type => 'number' }, @key))->{name} for 'field', 'spare_field';
	$to->{message} = $make->('messages', { template => $to->{template}, to => { email => $mail } });
}
my ($mine, $neighbours) = map { ($x->sql("select company_id from company where slug = '$_'"))[0][0] } 'dev', 'neighbours';
$x->wait_for(sub { ($x->sql("select count(*) from message where state <> 'sent'"))[0][0] == 0 }, 20, 'the letters');
$x->wait_for(sub { ($x->sql("select count(*) from job where kind = 'export' and state <> 'done'"))[0][0] == 0 }, 20, 'the exports');
$x->wait_for(sub { ($x->sql("select count(*) from segment where state <> 'ready'"))[0][0] == 0 }, 20, 'the segments');
$id{people_job} = $data->($x->api(POST => 'profiles/actions', { action => 'set_field', ids => [$id{third_profile}], field => 'city', value => 'Брест' }))->{job};
$x->wait_for(sub { $x->api(GET => "jobs/$id{people_job}")->{json}{data}{state} eq 'done' }, 20, 'a job that can be taken back');
$id{duplicate} = 4713;
$x->sql("insert into duplicate values ($mine, 4713, $id{profile}, $id{spare_profile}, 70, '[]', 'open', 1, null, 0, null)");
$x->sql("insert into product values ($mine, 4714, 'canary-1', '', 'Канарейка-товар', 100, null, 'BYN', '', '', '', '', 1, '{}', 1, 0, 0, 1, 1, 1)");
$id{product} = 4714;
$x->sql("insert into job (company_id, job_id, kind, state, done, total, args, error, due_at_us, created_at_us, created_by, fence, crashes) values "
	. join ',', map { "($mine, $_, 'canary', 'queued', 0, 0, '{}', '', 1 << 60, 1, 0, 0, 0)" } 1000001, 1000002);
@id{'job', 'spare_job'} = (1000001, 1000002);

my %key = (none => '', wrong => 'cxdp_' . 'n' x 12 . '_' . 'n' x 43, cut => substr($x->env('API_KEY'), 0, -1), others_secret => $x->env('API_KEY') =~ s/_\w{12}_/_@{[ $theirs =~ m{_(\w{12})_} ]}_/r);
my $make_key = sub ($kind, $scopes) {
	my $hash = ($x->sql("select secret_hash from api_key where company_id = $mine limit 1"))[0][0];
	my $name = substr $kind . 'x' x 12, 0, 12;
	$x->sql("insert into api_key (key_id, company_id, name, secret_hash, scopes, created_at_us) values ('$name', $mine, 'x', '$hash', '$scopes', 1)");
	$x->sql("insert into api_key_use (company_id, key_id, networks, used_ip, used_at_us) values ($mine, '$name', '', '', 1 << 60)");
	return $key{$kind} = $x->env('API_KEY') =~ s/_\w{12}_/_${name}_/r;
};
my ($all) = map { $_->[0] } $x->sql("select scopes from api_key where company_id = $mine limit 1");
$make_key->($_, $all) for 'revoked', 'expired', 'elsewhere';
$x->sql("update api_key set revoked_at_us = 1 where key_id like 'revoked%'");
$x->sql("update api_key_use set expires_at_us = 1 where key_id like 'expired%'");
$x->sql("update api_key_use set networks = '192.0.2.0/24' where key_id like 'elsewhere%'");
$x->sql("update api_key_use set used_at_us = 1 << 60"); # uses are noted once a minute: not during this
my %but;
for my $scope (split / /, $all) {
	my $kind = $scope =~ tr/a-z//cdr;
	$but{$scope} = $make_key->($kind, join ' ', grep { $_ ne $scope } split / /, $all);
}
for my $scope (grep { defined && / or / } map { $_->{scope} } @routes) {
	my %either = map { $_ => 1 } split / or /, $scope;
	$but{$scope} //= $make_key->('or' . $scope =~ tr/a-z//cdr =~ s/profiles//r, join ' ', grep { !$either{$_} } split / /, $all);
}

my $ask = sub ($route, $key, $ids = \%id, $of = \%id) {
	my $entry = $say{ $route->{name} };
	my $path = $route->{path} =~ s{^/api/v1/}{}r =~ s/\{\w+\}/$of->{ $route->{object} }/r;
	$path .= "?$entry->{query}" if $entry->{query};
	return $x->api($route->{method}, $path, $entry->{body} || $route->{method} =~ /POST|PATCH|PUT/ ? Walls::fill($entry->{body} // {}, $ids) : undef, key => $key);
};
my $leak = qr/Канарейка|canary|\\u041a/;
my $told = sub ($r) { join ' ', decode('UTF-8', $r->{content}), map { ref ? @$_ : $_ } values %{ $r->{headers} } };
my @closed = grep { $_->{scope} } @routes;
my @alive = @Walls::alive;

# --- who is refused ---

my $before = Walls::quiet($x, @alive);
for my $kind (sort keys %key) {
	next if grep { $key{$kind} eq $_ } values %but;
	my $expected = $kind eq 'elsewhere' ? 403 : 401;
	for my $route (@closed) {
		my $got = $ask->($route, $key{$kind});
		is $got->{status}, $expected, "$route->{name}: $expected for the key '$kind'";
		unlike $told->($got), $leak, 'tells nothing';
	}
}
for my $route (@closed) {
	my $got = $ask->($route, $but{ $route->{scope} });
	is $got->{status}, 403, "$route->{name}: 403 with all scopes but its own";
	like $got->{json}{error}{message}, qr/\Q$route->{scope}\E/, 'which is named';
	unlike $told->($got), $leak, 'tells nothing';
}
is join(', ', Walls::changed($before, Walls::quiet($x, @alive))), '', 'none of them has changed anything';

# --- another company's ids: in the path, and one after the other in the body ---

my @counted = map { $_->[0] } $x->sql("select table_name from information_schema.columns where table_schema = database() and column_name = 'company_id'
	and table_name not in ('lease', 'request_log') order by 1");
my $rows = sub { join "\n", map { "$_->[0] $_->[1]" } $x->sql(join ' union all ', map { "select '$_', count(*) from $_ where company_id = $mine" } @counted) };
my $sum_of = sub { # the rows of one company, also of tables that hold both
	my @cols = map { my $t = $_; [$t, map { $_->[0] } $x->sql("select column_name from information_schema.columns where table_schema = database() and table_name = '$t' order by ordinal_position")] } @counted;
	return join "\n", map { "$_->[0] $_->[1]" } $x->sql(join ' union all ', map { my ($t, @c) = @$_;
		"select '$t', concat(count(*), ':', coalesce(sum(crc32(concat_ws('|', " . join(', ', map { "coalesce(hex(`$_`), '-')" } @c) . "))), 0)) from $t where company_id = $mine" } @cols);
};
$before = $sum_of->();
for my $route (@closed) {
	my $entry = $say{ $route->{name} };
	if ($route->{object}) {
		my $got = $ask->($route, $theirs, \%own, \%id);
		is $got->{status}, 404, "$route->{name}: another company's is not there";
		unlike $told->($got), $leak, 'and tells nothing';
	} elsif ($route->{method} eq 'GET') {
		unlike $told->($ask->($route, $theirs)), $leak, "$route->{name}: another company sees nothing of it";
	}
	for my $name (@{ $entry->{ids} // [] }) {
		my $body = Walls::fill($entry->{body}, \%own);
		$body->{$name} = Walls::fill($entry->{body}{$name}, \%id);
		my $path = $route->{path} =~ s{^/api/v1/}{}r =~ s/\{\w+\}/$own{ $route->{object} }/r;
		my $got = $x->api($route->{method}, $path, $body, key => $theirs);
		if ($name eq 'events') { unlike $got->{content}, qr/"recorded"/, "$route->{name}: another company's id in $name" }
		else { like $got->{status}, qr/^(?:404|422)$/, "$route->{name}: another company's id in $name" or diag $got->{content} }
		unlike $told->($got), $leak, 'tells nothing';
	}
}
my $rule = sub ($r) { ['segments/preview', { rule => "return $r" }] };
for my $case (['messages', { template => $own{template}, to => { email => 'canary@dev.example' } }], ['messages', { template => 'Канарейка', to => $own{profile} }],
	$rule->('segment "Канарейка-segment"'), $rule->(qq(campaign "$id{campaign}":opened())), $rule->(qq(scenario "$id{scenario}":entered()))) {
	my ($path, $body) = @$case;
	my $got = $x->api(POST => $path, $body, key => $theirs);
	like $got->{status}, qr/^(?:404|422)$/, "POST $path: " . JSON::PP->new->ascii->canonical->encode($body) or diag $got->{content};
	unlike $told->($got), qr/canary\@|dev\.example/, 'tells nothing';
}
my $got = $x->api(POST => 'profiles', { email => 'canary@dev.example', fields => { city => 'x' } }, key => $theirs);
is $got->{status}, 201, 'the same address is another person there';
isnt $got->{json}{data}{id}, $id{profile}, 'with an id of its own';
sleep 1;
is join(', ', Walls::changed($before, $sum_of->())), '', 'the first company has not a row more, less or other';

# --- looking changes nothing ---

$before = Walls::quiet($x, @alive);
for my $route (grep { $_->{method} eq 'GET' && !$say{ $_->{name} }{linked} } @routes) {
	$got = $ask->($route, $x->env('API_KEY'));
	is $got->{status}, 200, "$route->{name}: its owner sees it" or diag $got->{content};
}
is join(', ', Walls::changed($before, Walls::quiet($x, @alive))), '', 'no GET changes a row of any table';

# --- what is done is noted ---

$x->sql("update campaign set state = 'sending' where campaign_id = $id{running_campaign}");
my $last = sub { ($x->sql("select count(*), max(audit_no) from audit_log where company_id = $mine"))[0] };
for my $route (sort { $a->{name} cmp $b->{name} } grep { $_->{method} ne 'GET' } @closed) {
	my $entry = $say{ $route->{name} };
	my $was = $last->();
	$x->wait_for(sub { ($x->sql("select count(*) from segment where state <> 'ready'"))[0][0] == 0 }, 20, 'the segments');
	my %use = (%id, $entry->{object} ? ($route->{object} => $id{ $entry->{object} }) : ());
	$got = $ask->($route, $x->env('API_KEY'), \%id, \%use);
	cmp_ok $got->{status}, '<', 300, "$route->{name} is done" or diag $got->{content};
	my $now = $last->();
	if ($entry->{exempt}) {
		is "@$now", "@$was", "and needs no note: it $entry->{exempt}";
		next;
	}
	my ($row) = $x->sql("select action, key_id, user_id, ip, request_id <> '', object from audit_log where company_id = $mine and audit_no = $now->[1]");
	is_deeply [@$row[0 .. 4]], [$entry->{audit}, $x->env('API_KEY') =~ /_(\w{12})_/, 0, '127.0.0.1', 1], 'and noted';
	is $row->[5], $use{ $route->{object} }, 'with whose id' if $route->{object};
}
my $same = { 'idempotency-key' => 'once' };
my $template = { name => 'Один раз', subject => 'x', body => '<p>x</p>' };
$x->api(POST => 'templates', $template, headers => $same) for 1, 2;
is scalar($x->sql("select 1 from audit_log where detail = 'Один раз'")), 1, 'a repeat is not noted again';
my @pids = map {
	my $n = $_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		my $good = grep { $x->api(POST => 'templates', { name => "Вместе $n $_", subject => 'x', body => '<p>x</p>' })->{status} == 201 } 1 .. 6;
		require POSIX;
		POSIX::_exit($good == 6 ? 0 : 1);
	}
	$pid;
} 1 .. 8;
my $failed = grep { waitpid $_, 0; $? } @pids;
is $failed, 0, 'eight who change things at once are all noted';
is scalar(my @together = $x->sql("select 1 from audit_log where detail like 'Вместе %'")), 48, 'each once';
($status, $said) = $x->operator('audit', 'verify');
is $status, 0, 'the chain of the log is whole' or diag $said;
done_testing;
