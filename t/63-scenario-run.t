#!/usr/bin/env perl
# Scenarios through the real engine: triggers, waits that survive a kill, conditions, branches, stops, re-entry, versions.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Encode ();
use Test::More;
use Time::HiRes qw(sleep time);

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);
my $x = Cxdp->up;
my $yes = JSON::PP::true;

sub person ($name, %fields) {
	my $r = $x->api(POST => 'profiles', { external_id => $name, email => "$name\@shop.example", fields => \%fields, consent => { email => $yes, analytics => \1 } });
	return $r->{json}{data}{id} // die $r->{content};
}
sub track ($name, $event, %props) {
	state $n = 0;
	my $r = $x->v1('track', { userId => $name, event => $event, messageId => 'm' . ++$n, properties => \%props });
	is $r->{status}, 200, "$name: $event";
}
sub subjects ($name) { return [map { $_->{headers}{subject} } $x->mails(to => "$name\@shop.example")] }
sub publish ($name, $script) {
	my $r = $x->api(POST => 'scenarios', { name => $name, script => $script });
	return diag $r->{content} unless $r->{status} == 201;
	my $id = $r->{json}{data}{id};
	$r = $x->api(POST => "scenarios/$id/publish");
	is $r->{status}, 200, "$name is published" or diag $r->{content};
	return $id;
}
# told(ID, EVENT): whom the feed says that of, a name for each time.
sub told ($id, $type) {
	return [map { $_->[0] } $x->sql(qq{select p.external_id from event e join event_type t using (company_id, type_id)
		join person p on p.company_id = e.company_id and p.person_id = e.person_id
		where t.name = '$type' and json_value(e.props, '\$.scenario') = '$id' order by 1})];
}
sub count ($rule) { return $x->api(POST => 'segments/preview', { rule => "return $rule" })->{json}{data}{count} // -1 }
sub figures ($id) { return $x->api(GET => "scenarios/$id")->{json}{data}{figures} }

for my $t (qw(Привет Минску Другим Клик Молчание)) {
	is $x->api(POST => 'templates', { name => $t, subject => $t, body => "<p>{{ profile.first_name }}</p><a href=\"https://shop.example/$t\">x</a>" })->{status}, 201, "template $t";
}
person('anna', first_name => 'Анна', city => 'Минск');
person('boris', first_name => 'Борис', city => 'Гомель');
person('clara', first_name => 'Клара', city => 'Минск');

# --- what is refused ---

my $r = $x->api(POST => 'scenarios', { name => 'Bad', script => "return scenario {\n  on = event.form_submit,\n  wait \"soon\",\n}" });
is $r->{status}, 422, 'a script that does not compile is refused';
is_deeply [@{ $r->{json}{error} }{qw(field line)}], ['script', 3], 'with its line' or diag $r->{content};
$r = $x->api(POST => 'scenarios', { name => 'Draft', script => "return scenario {\n  on = event.form_submit,\n  send \"Нет такого\",\n}" });
is $r->{status}, 201, 'a draft may name a template that is still to be made';
$r = $x->api(POST => "scenarios/$r->{json}{data}{id}/publish");
is $r->{status}, 422, 'but is not published so';
is $r->{json}{error}{line}, 3, 'and says where' or diag $r->{content};

# --- trigger, wait, condition, send ---

my $welcome = publish('Анкета', <<'END');
return scenario {
  on = event.form_submit:where { form = "welcome" },
  stop = event.purchase,
  wait "2s",
  when(field.city:is "Минск") {
    yes = { send "Минску" },
    no = { send "Другим" },
  },
}
END
my $began = time;
track('anna', 'Form Submitted', form => 'welcome');
track('boris', 'Form Submitted', form => 'welcome');
track('boris', 'Form Submitted', form => 'other');
track('clara', 'Form Submitted', form => 'welcome');
ok $x->wait_for(sub { (figures($welcome)->{entered} // 0) == 3 }, 10, 'entries'), 'three enter, once each' or diag explain figures($welcome);
cmp_ok scalar(@{ subjects('anna') }), '==', 0, 'nobody has a letter before its time' if time - $began < 1.5;
track('clara', 'Order Completed', total => 5);
$x->kill9('engine-columns');
ok $x->wait_for(sub { @{ subjects('anna') } && @{ subjects('boris') } }, 20, 'letters'), 'the waits end although the engine was killed';
cmp_ok time - $began, '>=', 2, 'and not early';
is_deeply subjects('anna'), ['Минску'], 'one branch';
is_deeply subjects('boris'), ['Другим'], 'and the other';
ok $x->wait_for(sub { my $f = figures($welcome); ($f->{stopped} // 0) == 1 && ($f->{done} // 0) == 2 && ($f->{sent} // 0) == 2 }, 10, 'figures'),
	'who bought meanwhile was stopped' or diag explain figures($welcome);
is_deeply subjects('clara'), [], 'and got nothing';
my $f = figures($welcome);
is_deeply [@$f{qw(entered active step.0 step.1 step.2 step.3)}], [3, 0, 3, 2, 1, 1], 'each step counts who came to it' or diag explain $f;
track('anna', 'Form Submitted', form => 'welcome');

# --- waiting for an event, re-entry ---

my $click = publish('Клик', <<'END');
return scenario {
  on = event["Asked"], again = "1s",
  send "Привет",
  wait_for(event.email_click, "3s") {
    yes = { send "Клик" },
    no = { send "Молчание" },
  },
}
END
track('anna', 'Asked');
track('boris', 'Asked');
ok $x->wait_for(sub { grep { $_ eq 'Привет' } @{ subjects('anna') } }, 10, 'greeting'), 'the first letter comes';
my ($mail) = grep { $_->{headers}{subject} eq 'Привет' } $x->mails(to => 'anna@shop.example');
my ($url) = $mail->{parts}[1]{text} =~ m{href="([^"]+/c/[^"]+)"};
is $x->http(GET => $url)->{status}, 302, 'Anna clicks';
ok $x->wait_for(sub { grep { $_ eq 'Клик' } @{ subjects('anna') } }, 10, 'click'), 'and goes the one way';
ok $x->wait_for(sub { grep { $_ eq 'Молчание' } @{ subjects('boris') } }, 10, 'silence'), 'Boris does not, and goes the other';
ok !(grep { $_ eq 'Молчание' } @{ subjects('anna') }), 'nobody goes both';
sleep 1;
track('anna', 'Asked');
ok $x->wait_for(sub { 2 == grep { $_ eq 'Привет' } @{ subjects('anna') } }, 10, 'again'), 'after its time one may enter again';
is scalar(grep { $_ eq 'Минску' } @{ subjects('anna') }), 1, 'without "again" never';

# --- versions, pause ---

$r = $x->api(PATCH => "scenarios/$click", { script => 'return scenario { on = event["Asked"], again = "1s", wait "1h", send "Привет" }' });
is $r->{json}{data}{changed}, $yes, 'an edited draft differs from what runs';
is $x->api(POST => "scenarios/$click/publish")->{json}{data}{version}, 2, 'publishing makes a version';
track('clara', 'Asked');
ok $x->wait_for(sub { (figures($click)->{active} // 0) >= 1 && grep { $_->[0] == 2 } $x->sql("select version from scenario_run where scenario_id = $click") }, 10, 'version 2'), 'who enters now runs on it';
is_deeply [map { $_->[0] } $x->sql("select distinct version from scenario_run where scenario_id = $click and state = 'done'")], [1], 'others finished on theirs';
is $x->api(POST => "scenarios/$click/pause")->{json}{data}{state}, 'paused', 'it is paused';
my $entered = figures($click)->{entered};
track('boris', 'Asked');
sleep 1.5;
is figures($click)->{entered}, $entered, 'and nobody enters';

# --- beginnings and ends are events ---

is_deeply told($welcome, 'scenario_entered'), [qw(anna boris clara)], 'who entered is told once each';
is_deeply told($welcome, 'scenario_finished'), [qw(anna boris clara)], 'and who finished';
my ($props) = map { JSON::PP::decode_json(Encode::encode_utf8($_->[0])) } $x->sql(qq{select e.props from event e
	join event_type t using (company_id, type_id) where t.name = 'scenario_finished' and json_value(e.props, '\$.state') = 'stopped'});
is_deeply [@$props{qw(scenario name version state reason)}], [$welcome, 'Анкета', 1, 'stopped', 'purchase'], 'the end says how and why';
is count('scenario "Анкета"'), 3, 'a rule counts who entered';
is count('scenario("Анкета"):finished()'), 3, 'and who finished';
is count('scenario "Клик"'), 3, 'of the other one';
my $ui = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $card = $ui->get('/clients/' . ($x->sql('select person_id from person where external_id = "clara"'))[0][0])->{text};
like $card, qr{Вход в сценарий</span> <a href="/scenarios/$welcome">Анкета</a>}, 'the timeline tells it';
like $card, qr{Сценарий завершён</span> <a href="/scenarios/$welcome">Анкета</a>}, 'and the end';
like $card, qr{>Вышел раньше: Покупка<}, 'with its reason';

my $echo = publish('Эхо', 'return scenario { on = event.scenario_finished, again = "1s", wait "2s", finish() }');
my $crowd = publish('Толпа', 'return scenario { on = event["Rush"], again = "1d", wait "1s", finish() }');
my @names = map { "rush$_" } 100 .. 299;
for my $round (0 .. 3) {
	my $r = $x->v1('batch', { batch => [map { { type => 'track', userId => $_, event => 'Rush', messageId => $_ } } @names[$round * 50 .. $round * 50 + 49]] });
	is $r->{status}, 200, "part $round of a crowd comes";
	sleep 0.3;
	$x->kill9('engine-columns') if $x->pid('engine-columns');
}
ok $x->wait_for(sub { @{ told($crowd, 'scenario_finished') } >= 200 }, 30, 'the crowd'), 'the engine is killed again and again';
is_deeply told($crowd, $_), \@names, "$_ is told once each" for qw(scenario_entered scenario_finished);
is count('scenario("Толпа"):finished()'), 200, 'and counted';
ok $x->wait_for(sub { (figures($echo)->{done} // 0) >= 200 }, 20, 'echoes'), 'an end may begin another scenario';
sleep 0.5;
my ($own) = $x->sql("select count(*) from scenario_run r join event e on e.company_id = r.company_id and e.seq = r.entry_seq
	where r.scenario_id = $echo and json_value(e.props, '\$.scenario') = '$echo'");
is $own->[0], 0, 'but never its own';
$x->sql("update scenario_run set untold = 3 where scenario_id = $crowd");
$x->kill9('engine-columns');
ok $x->wait_for(sub { ($x->sql('select count(*) from scenario_run where untold > 0'))[0][0] == 0 }, 10, 'the telling'), 'what is told again';
is_deeply told($crowd, $_), \@names, "is a repeat: $_" for qw(scenario_entered scenario_finished);
my ($bad) = $x->sql('select count(*) from scenario_run where state = "failed"');
is $bad->[0], 0, 'no run failed' or diag explain [$x->sql('select reason from scenario_run')];
done_testing;
