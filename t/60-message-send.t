#!/usr/bin/env perl
# A campaign through the real engine into the development mailbox: who gets it and who does not, what comes back, figures.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;

sub person ($email, $consent, %fields) {
	my $r = $x->api(POST => 'profiles', { email => $email, fields => \%fields, consent => { email => $consent, analytics => \1 } });
	return $r->{json}{data}{id} // die $r->{content};
}
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);
my %id = map { $_ => person("$_\@shop.example", $yes, first_name => "Анна <$_>", city => 'Минск') } qw(anna boris clara);
$id{refused} = person('refuse.him@shop.example', $yes, first_name => 'Р', city => 'Минск');
$id{later} = person('later.him@shop.example', $yes, first_name => 'Л', city => 'Минск');
$id{silent} = person('silent@shop.example', $no, first_name => 'С', city => 'Минск');
my $nomail = $x->api(POST => 'profiles', { external_id => 'x1', fields => { city => 'Минск' }, consent => { email => $yes } });

# --- templates ---

my $r = $x->api(POST => 'templates', { name => 'Broken', subject => 'x', body => "<p>\n{{ profile.first_name" });
is $r->{status}, 422, 'a template that does not compile is refused';
is_deeply [@{ $r->{json}{error} }{qw(field line)}], ['body', 2], 'with its field and line' or diag $r->{content};
$r = $x->api(POST => 'templates', { name => 'Весна', subject => "{{ profile.first_name }}, весна!\r\nBcc: evil\@x.example",
	body => '<html><body><p>Здравствуйте, {{ profile.first_name }}!</p><p><a href="https://shop.example/sale?c={{ profile.city }}&amp;x=1">Смотреть</a></p></body></html>' });
is $r->{status}, 201, 'a good one is kept' or diag $r->{content};
my $template = $r->{json}{data}{id};

# --- a campaign ---

$r = $x->api(POST => 'segments', { name => 'Минск', rule => 'return field.city:is "Минск"' });
my $segment = $r->{json}{data}{id} // diag $r->{content};
ok $x->wait_for(sub {
	my $s = $x->api(GET => "segments/$segment")->{json}{data};
	$s->{state} eq 'ready' && $s->{size} == 7;
}, 20, 'the segment'), 'the segment is ready';
$r = $x->api(POST => 'campaigns', { name => 'Весна', template_id => $template, segment_id => '12345' });
is $r->{status}, 422, 'a campaign to a segment that is not there is refused';
$r = $x->api(POST => 'campaigns', { name => 'Весна', template_id => $template, segment_id => $segment });
my $campaign = $r->{json}{data}{id} // diag $r->{content};
is $x->api(POST => "campaigns/$campaign/launch")->{status}, 202, 'the campaign is launched';
is $x->api(POST => "campaigns/$campaign/launch")->{status}, 409, 'and not twice';

sub stats { return $x->api(GET => "campaigns/$campaign/stats")->{json}{data} }
ok $x->wait_for(sub { my $s = stats(); ($s->{sent} // 0) == 3 && ($s->{failed} // 0) == 1 && ($s->{skipped} // 0) == 2 }, 10, 'figures'),
	'three are sent, one fails, two are skipped' or diag explain stats();
my $s = stats();
is $s->{waiting}, 1, 'one waits, because its relay said later';
is $s->{'skipped.no_address'}, 1, 'one had no address';
is $s->{'skipped.consent_withdrawn'}, 1, 'one had said no';
is_deeply [map { scalar $x->mails(to => "$_\@shop.example") } qw(anna boris clara silent)], [1, 1, 1, 0], 'exactly those have a letter';
my ($state, $reason) = @{ ($x->sql("select state, reason from message where person_id = $id{later}"))[0] };
is $state, 'deferred', 'later is deferred';
like $reason, qr/451 4\.2\.0/, 'with what the relay said';
is_deeply [map { $_->[0] } $x->sql('select reason from suppression')], ['bounced'], 'a mailbox that is not there is not written to again';

# --- the letter ---

my ($mail) = $x->mails(to => 'anna@shop.example');
like $mail->{headers}{subject}, qr/^Анна <anna>, весна! +Bcc: evil\@x\.example$/, 'a line end in a subject stays in the subject';
ok !exists $mail->{headers}{bcc}, 'and makes no header';
is $mail->{headers}{'list-unsubscribe-post'}, 'List-Unsubscribe=One-Click', 'RFC 8058: one click';
is_deeply [map { $_->{type} } @{ $mail->{parts} }], ['text/plain', 'text/html'], 'a plain text goes with the HTML';
my ($plain, $html) = map { $_->{text} } @{ $mail->{parts} };
like $plain, qr/Здравствуйте, Анна <anna>!/, 'the plain text has the words';
like $html, qr/Анна &lt;anna&gt;!/, 'the HTML has them escaped';
unlike $html, qr{https://shop\.example}, 'its links are ours';
cmp_ok scalar(grep { length > 998 } split /\r?\n/, $mail->{raw}), '==', 0, 'no line is too long';
my ($click) = $html =~ m{href="([^"]+/c/[^"]+)"};
my ($open) = $html =~ m{src="([^"]+/o/[^"]+)"};
my ($unsubscribe) = $mail->{headers}{'list-unsubscribe'} =~ /<(.*)>/;

# --- it is kept as it went out, and nothing else is ---

is_deeply [map { $_->[0] } $x->sql("select person_id from letter join message using (company_id, message_id) where origin_id = $campaign order by person_id")],
	[sort { $a <=> $b } @id{qw(anna boris clara)}], 'of those that were sent a copy is kept, of the refused and the deferred none';

# --- what comes back ---

is $x->http(GET => $open)->{headers}{'content-type'}, 'image/gif', 'the open pixel is a picture';
$r = $x->http(GET => $click);
like $r->{headers}{location}, qr{^https://shop\.example/sale\?c=%D0%9C%D0%B8%D0%BD%D1%81%D0%BA&x=1$}, 'a click goes where the letter said';
$x->http(GET => $click);
unlike $x->http(GET => $click =~ s{(.)$}{$1 eq 'A' ? 'B' : 'A'}er)->{headers}{location} // '', qr/shop\.example/, 'a token with another signature leads nowhere';
ok $x->wait_for(sub { my $s = stats(); ($s->{clicked} // 0) == 1 && ($s->{opened} // 0) == 1 }, 10, 'receipts'),
	'opens and clicks are counted once a person' or diag explain stats();
is $x->http(POST => $unsubscribe, body => 'List-Unsubscribe=One-Click',
	headers => { 'content-type' => 'application/x-www-form-urlencoded' })->{status}, 200, 'one-click unsubscribing is taken';
ok $x->wait_for(sub { (stats()->{unsubscribed} // 0) == 1 }, 10, 'unsubscribed'), 'and counted';
my $events = $x->api(GET => "profiles/$id{anna}/events?limit=50")->{json}{data};
my %seen = map { $_->{type} => $_ } @$events;
is_deeply [grep { !$seen{$_} } qw(email_sent email_open email_click email_unsubscribe consent_withdrawn)], [], 'the history tells it all';
is $seen{email_click}{properties}{url}, 'https://shop.example/sale?c=%D0%9C%D0%B8%D0%BD%D1%81%D0%BA&x=1', 'with the link';

$r = $x->api(POST => 'campaigns', { name => 'Лето', template_id => $template, segment_id => $segment });
my $second = $r->{json}{data}{id};
$x->api(POST => "campaigns/$second/launch");
ok $x->wait_for(sub { $x->api(GET => "campaigns/$second/stats")->{json}{data}{waiting} == 1 }, 10, 'the second campaign'), 'the next campaign goes out';
is scalar $x->mails(to => 'anna@shop.example'), 1, 'but not to who unsubscribed';
is $x->api(GET => "campaigns/$second/stats")->{json}{data}{'skipped.unsubscribed'}, 1, 'and says so';
is scalar(() = $x->mails(to => 'boris@shop.example')), 2, 'and to the others';

# --- transactional ---

$r = $x->api(POST => 'templates', { name => 'Заказ', subject => 'Заказ {{ vars.number }}', body => '<p>Спасибо, {{ profile.first_name }}</p>' });
my %message = (template => 'Заказ', to => { email => 'anna@shop.example' }, vars => { number => 'N-17' });
$r = $x->api(POST => 'messages', \%message, headers => { 'idempotency-key' => 'order-17' });
is $r->{status}, 202, 'a transactional letter is taken' or diag $r->{content};
my $again = $x->api(POST => 'messages', \%message, headers => { 'idempotency-key' => 'order-17' });
is $again->{json}{data}{id}, $r->{json}{data}{id}, 'the same key is the same letter';
ok $x->wait_for(sub { 2 == (() = $x->mails(to => 'anna@shop.example')) }, 10, 'the order'), 'it goes also to who unsubscribed, once';
my $order = ($x->mails(to => 'anna@shop.example'))[-1];
is $order->{headers}{subject}, 'Заказ N-17', 'with its variables';
ok !exists $order->{headers}{'list-unsubscribe'}, 'and nothing to unsubscribe from';
is $x->api(POST => 'messages', { %message, to => { email => 'nobody@shop.example' } })->{status}, 422, 'nobody gets no letter';

# --- figures are what a recount says ---

for my $c ($campaign, $second) {
	my %counted = map { $_->[0] => $_->[1] } $x->sql("select state, count(*) from message where origin_id = $c group by state");
	my %back = map { $_->[0] => $_->[1] } $x->sql("select r.kind, count(*) from receipt r join message m using (company_id, message_id) where m.origin_id = $c group by r.kind");
	my $f = $x->api(GET => "campaigns/$c/stats")->{json}{data};
	is_deeply [map { $f->{$_} // 0 } qw(sent failed skipped opened clicked unsubscribed)],
		[map { $_ // 0 } @counted{qw(sent failed skipped)}, @back{qw(open click unsubscribe)}], 'the figures are what a recount says';
	is $f->{queued}, 7, 'everybody was asked about';
}
$x->sql('update message set due_at_us = 0 where lane = 2');
ok $x->wait_for(sub { ($x->sql("select attempts from message where person_id = $id{later} and origin_id = $campaign"))[0][0] == 2 }, 10, 'again'),
	'a deferred letter is tried again when its time has come';
is $x->api(POST => "campaigns/$campaign/stop")->{status}, 200, 'a campaign on its way is stopped';
$x->sql('update message set due_at_us = 0 where lane = 2');
ok $x->wait_for(sub { (stats()->{'skipped.stopped'} // 0) == 1 }, 10, 'stopped'), 'and what was queued is skipped';
# --- who does not agree to analytics gets the same letter without marks ---

$x->api(POST => 'profiles', { email => 'quiet@shop.example', consent => { email => { granted => \1, proof => 'paper' } } });
$x->api(POST => 'templates', { name => 'Тихо', subject => 'Тихо', body => '<p><a href="https://shop.example/tea">чай</a></p>' });
$x->api(POST => 'messages', { template => 'Тихо', to => { email => 'quiet@shop.example' } });
ok $x->wait_for(sub { $x->mails(to => 'quiet@shop.example') }, 10, 'the quiet letter'), 'a letter to who never agreed to analytics';
my $quiet = ($x->mails(to => 'quiet@shop.example'))[0]{parts}[1]{text};
like $quiet, qr{href="https://shop.example/tea"}, 'links lead where they say';
unlike $quiet, qr{/o/|<img}, 'and no pixel is in it';

# --- copies end ---

my ($at, $company) = @{ ($x->sql('select message_id, company_id from message order by message_id limit 1'))[0] };
my $copies = sub { ($x->sql('select count(*) from letter'))[0][0] };
my $before = $copies->();
my $days = 86_400_000 << 22; # of an id: milliseconds above 22 bits (base/id.h)
$x->sql("insert into letter (company_id, message_id, html) values ($company, $at - 91 * $days, ''), ($company, $at - 89 * $days, '')");
$x->kill9('engine-jobs'); # it tidies up when it begins, and every hour
ok $x->wait_for(sub { $copies->() == $before + 1 }, 20, 'tidied'), 'after 90 days a copy goes';
is $x->api(DELETE => "profiles/$id{boris}")->{status}, 202, 'somebody is erased';
ok $x->wait_for(sub { !($x->sql("select count(*) from letter join message using (company_id, message_id) where person_id = $id{boris}"))[0][0] }, 20, 'erased'),
	'and so is every letter to them';
is $copies->(), $before + 1 - 2, 'of nobody else';

done_testing;
