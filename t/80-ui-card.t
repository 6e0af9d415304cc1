#!/usr/bin/env perl
# The card of a client: what of it can be narrowed, changed, and found; changes go the way of all events, with who made them.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use JSON::PP;
use POSIX 'strftime';
use Test::More;

my $x = Cxdp->up;
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $now = time;
sub ago ($hours) { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($now - $hours * 3600)) }
sub person ($name) { return $x->api(GET => "profiles?external_id=$name")->{json}{data} }

for my $f (['spent', 'Потрачено', 'money'], ['sizes', 'Размеры', 'list'], ['home', 'Дом', 'geo'], ['met', 'Встреча', 'datetime'], ['vip', 'VIP', 'bool'], ['age', 'Возраст', 'number']) {
	is $x->api(POST => 'fields', { name => $f->[0], label => $f->[1], type => $f->[2] })->{status}, 201, "the field $f->[0]";
}
my @batch = ({ type => 'identify', userId => 'anna', messageId => 'i', timestamp => ago(90), traits => { firstName => 'Анна', email => 'anna@shop.example', city => 'Минск' } });
my $n = 0;
my $event = sub ($who, $name, $hours, %p) { push @batch, { type => 'track', userId => $who, messageId => 'e' . $n++, event => $name, timestamp => ago($hours), properties => \%p } };
# (what is bought is over a day before what follows: never on one day of the company, whatever the hour is now)
$event->('anna', 'Product Viewed', 55, product_id => 'tea-1', category => 'Улуны', name => 'Те Гуань Инь');
$event->('anna', 'Product Viewed', 54.9, product_id => 'tea-2', category => 'Улуны', name => 'Да Хун Пао');
$event->('anna', 'Order Completed', 54.8, order_id => 'o-1', total => 20, currency => 'BYN');
$event->('anna', 'Заявка на обучение', 30, note => 'позвоните');
$event->('anna', 'Page Viewed', 20, path => '/about', title => 'О нас', session_id => 's2', utm_campaign => 'autumn');
$event->('anna', 'Page Viewed', 19.9, path => '/tea', title => 'Чай', session_id => 's2');
# twins in taste, a stranger to it, and one who looks at everything
$event->($_->[0], 'Product Viewed', 10 + $n / 100, product_id => $_->[1], category => $_->[2]) for ['twin', 'tea-1', 'Улуны'], ['twin', 'tea-2', 'Улуны'],
	['coffee', 'beans-1', 'Кофе'], map { ['wide', "x-$_", "Всё $_"] } 1 .. 30;
$event->('wide', 'Product Viewed', 9, product_id => 'tea-1', category => 'Улуны');
push @batch, { type => 'identify', userId => $_, messageId => "i$_", traits => { firstName => ucfirst $_ } } for qw(twin coffee wide);
is $x->v1(batch => { batch => \@batch })->{status}, 200, 'what happened';
$x->wait_for(sub { (person('wide') // {})->{id} && @{ $x->api(GET => 'profiles/' . person('wide')->{id} . '/events?limit=100')->{json}{data} } > 30 }, 20, 'applied');
my $id = person('anna')->{id};
my $card = sub ($query = '') { return $admin->get("/clients/$id$query")->{text} };
my $timeline = sub ($query) { my $t = $admin->get("/clients/$id/events$query")->{text}; return [$t =~ m{<span class="md">([^<]+)</span>}g] };

# --- the timeline is narrowed ---

is_deeply $timeline->('?what=buy'), ['Покупка'], 'purchases';
is_deeply $timeline->('?what=own'), ['Заявка на обучение'], 'events of the company\'s own';
ok !grep({ /Покупка|Заявка/ } @{ $timeline->('?what=site') }), 'the site is neither';
ok scalar(grep { $_ eq 'Просмотр товара' } @{ $timeline->('?what=site') }) == 2, 'but goods that were looked at';
ok scalar(grep { $_ eq 'Новый профиль' } @{ $timeline->('?what=changes') }), 'changes';
like $card->('?what=changes'), qr{Поля изменены</span> <span class="mut">· Сайт</span>}, 'with the source they came by';
my $site = $card->('?what=site');
like $site, qr{<dt class="mono">product_id</dt><dd>tea-1</dd>}, 'an event has all that came with it';
like $site, qr{Просмотр 2 страниц.*?<dt class="mono">\d\d:\d\d</dt><dd>/about</dd>\s*<dt class="mono">\d\d:\d\d</dt><dd>/tea</dd>}s, 'pages in a row, where and when';
is_deeply $timeline->('?what=letters'), [], 'no letters, and nothing else in their stead';
my $day = strftime('%Y-%m-%d', gmtime($now - 54.8 * 3600 + 3 * 3600));
ok scalar(grep { $_ eq 'Покупка' } @{ $timeline->("?from=$day&to=$day") }), 'a day of the company has what was done on it';
ok !grep({ /Заявка|страниц/ } @{ $timeline->("?what=own&to=$day") }), 'and not what came later';
like $card->('?what=letters'), qr/Таких событий за это время нет/, 'nothing found teaches the way back';

like $card->(), qr{<dt>Куплено</dt><dd class="kv kv-m"><a class="num" href="/clients/$id\?what=buy">20\s*BYN</a></dd><dd class="kd">1 заказ с \d+ \w+ \d{4}</dd>}, 'what was bought in all leads to the purchases';
like $card->(), qr{<dt>Средний чек</dt><dd class="kv kv-m"><a class="num" href="/clients/$id\?what=buy">20\s*BYN}, 'and the average order';
unlike $admin->get('/clients/' . person('coffee')->{id})->{text}, qr/Куплено/, 'who bought nothing is not told so';
like $card->('?tab=visits'), qr{href="/clients/$id\?from=20\d\d-\d\d-\d\d&amp;to=20\d\d-}, 'a visit leads to its day';

# --- somebody is written down ---

like $admin->get('/clients')->{text}, qr{href="/clients/new"}, 'the list leads to a new client';
my $new = sub (%f) { return $admin->post('/clients/new', \%f) };
my $made = $new->(email => ' Olga@Shop.example ', phone => '8 029 555-01-77', first_name => 'Ольга', city => '');
is $made->{status}, 303, 'a client is made by hand';
my ($olga) = $made->{headers}{location} =~ m{^/clients/(\d+)$} or die;
is_deeply [@{ $x->api(GET => "profiles/$olga")->{json}{data} }{qw(email phone)}], ['olga@shop.example', '+375295550177'], 'in our spelling';
ok !exists $x->api(GET => "profiles/$olga")->{json}{data}{fields}{city}, 'what was left empty is not there';
like $admin->get("/clients/$olga/events")->{text}, qr{Новый профиль</span> <span class="mut">· [^<]+</span>}, 'the timeline says who did it';
$made = $new->(email => 'OLGA@shop.example', first_name => 'Другая');
is $made->{status}, 422, 'whom we know is not made again';
like $made->{text}, qr{href="/clients/$olga">}, 'the page leads there';
like $made->{text}, qr{value="Другая"}, 'and keeps what was typed';
is $x->api(GET => "profiles/$olga")->{json}{data}{fields}{first_name}, 'Ольга', 'nothing is changed';
for my $bad ([{ first_name => 'Кто-то' } => 'email'], [{ email => 'olga' } => 'email'], [{ phone => '12' } => 'phone'], [{ external_id => 'x' x 300 } => 'external_id']) {
	my $said = $new->(%{ $bad->[0] });
	is $said->{status}, 422, "refused: $bad->[1]";
	like $said->{text}, qr{id="e-$bad->[1]">[А-Я]}, 'said beside it in words of the user';
}

# --- fields are changed by hand ---

sub fields (%f) { return $admin->post("/clients/$id/fields", { map { my ($k, $v) = ($_, $f{$_}); ("f.$k" => $v->[1], "was.$k" => $v->[0]) } keys %f }) }
is fields(city => ['Минск', 'Гомель'], spent => ['', '1050.5'], sizes => ['', "38\n39"], home => ['', '53.9, 27.56'], vip => ['', 'true'], age => ['', '33'], met => ['', '2026-03-05T15:00:00'])->{status}, 303, 'saved';
my $p = person('anna')->{fields};
is $p->{city}, 'Гомель', 'a text';
is_deeply $p->{spent}, { amount => 105050, currency => 'BYN' }, 'money is minor units in the company\'s currency';
is_deeply $p->{sizes}, [38 . '', 39 . ''], 'a list, one a line';
is_deeply $p->{home}, { lat => 53.9, lon => 27.56 }, 'a place';
ok $p->{vip}, 'yes or no';
is $p->{age}, 33, 'a number';
like $p->{met}, qr/^2026-03-05T12:00:00/, 'a time is as the company\'s clock shows it';
my ($change) = @{ $x->api(GET => "profiles/$id/events?type=profile_updated")->{json}{data} };
my %by = map { $_->{field} => $_ } @{ $change->{properties}{changes} };
is $by{city}{old}, 'Минск', 'the event has the old value';
is $by{city}{new}, 'Гомель', 'and the new one';
like $card->('?what=changes'), qr{<span class="mut">· [^<]+</span>}, 'and the card says who did it';
like $card->('?tab=fields'), qr{name="f\.spent"[^>]*value="1050\.50 BYN"}, 'what was typed stands in the form again';

is $x->api(POST => 'fields', { name => 'half', label => 'Половина', type => 'number', options => { formula => 'age and age / 2 or nil', unit => 'лет' } })->{status}, 201, 'a calculated field';
is $x->api(POST => 'fields', { name => 'none', label => 'Никогда', type => 'text', options => { formula => 'nil' } })->{status}, 201, 'and one without a value';
$x->wait_for(sub { (person('anna')->{fields}{half} // 0) == 16.5 }, 15, 'calculated');
like $card->('?tab=fields'), qr{Половина</dt><dd[^>]*>16,5\x{a0}лет <span class="tag t-acc" title="age and age / 2 or nil">считается}, 'is shown among the fields with its unit and its formula';
like $card->('?tab=fields'), qr{Никогда</dt><dd[^>]*>— <span}, 'one without a value too';
unlike $card->('?tab=fields'), qr/name="f\.half"/, 'and is not to be typed';
is fields(half => ['16.5', '1'])->{status}, 303, 'a form that says it';
is person('anna')->{fields}{half}, 16.5, 'changes nothing';

my $r = fields(city => ['Минск', 'Брест'], age => ['33', '34']);
is $r->{status}, 422, 'what somebody else changed meanwhile is not overwritten';
like $r->{text}, qr/Пока вы правили, здесь стало «Гомель»/, 'which is said beside the field';
like $r->{text}, qr{name="f\.city"[^>]*value="Брест"}, 'and what was typed is kept';
is person('anna')->{fields}{age}, 33, 'nothing of that form is saved';
for my $bad ([age => '33', 'many'], [home => '53.9, 27.56', '91, 0'], [met => '2026-03-05T15:00:00', 'soon'], [spent => '1050.50 BYN', 'dear'], [birthday => '', '31.02.2020']) {
	my $said = fields($bad->[0] => [$bad->[1], $bad->[2]]);
	is $said->{status}, 422, "$bad->[0] is not \"$bad->[2]\"";
	like $said->{text}, qr/id="e-$bad->[0]"/, 'said beside it';
}
is fields(city => ['Гомель', ''])->{status}, 303, 'emptied';
ok !exists person('anna')->{fields}{city} || !defined person('anna')->{fields}{city}, 'is cleared';

# --- consents, notes ---

$admin->post("/clients/$id/consent", { channel => 'sms', granted => 1 });
ok !$x->api(GET => "profiles/$id/consents")->{json}{data}{sms}, 'a consent without evidence is none';
is $admin->post("/clients/$id/consent", { channel => 'sms', granted => 1, proof => 'анкета в магазине' })->{status}, 303, 'with it';
my $sms = $x->api(GET => "profiles/$id/consents")->{json}{data}{sms};
ok $sms->{granted} && $sms->{proof}{text} eq 'анкета в магазине', 'it is one';
$admin->post("/clients/$id/consent", { channel => 'sms', granted => 0 });
ok !$x->api(GET => "profiles/$id/consents")->{json}{data}{sms}{granted}, 'and is withdrawn';
is $admin->post("/clients/$id/consent", { channel => 'pigeon', granted => 1, proof => 'x' })->{status}, 422, 'of no channel there is none';

is $admin->post("/clients/$id/notes", { body => "перезвонить\n<b>вечером</b>" })->{status}, 303, 'a note';
like $card->('?tab=notes'), qr{перезвонить\n&lt;b&gt;вечером}, 'is shown as text';
is $admin->post("/clients/$id/notes", { body => ' ' })->{status}, 422, 'an empty one is none';
my $twin = person('twin')->{id};
$x->api(POST => "profiles/$id/merge", { with => $twin });
like $admin->get("/clients/$twin?tab=notes")->{text}, qr/перезвонить/, 'merged profiles share notes';
my ($merge) = $admin->get("/clients/$id?tab=merges")->{text} =~ m{/merges/(\d+)/undo};
is $admin->post("/merges/$merge/undo", { client => $id })->{status}, 303, 'parted';
unlike $admin->get("/clients/$twin?tab=notes")->{text}, qr/перезвонить/, 'they go with whom they were written about';
like $card->('?tab=notes'), qr/перезвонить/, 'and stay there';
my ($note) = $card->('?tab=notes') =~ m{/notes/(\d+)"};
is $admin->post("/clients/$twin/notes/$note")->{status}, 404, 'another\'s note is not there';
is $admin->post("/clients/$id/notes/$note")->{status}, 303, 'its own is deleted';

# --- visits, people alike ---

my $visits = $card->('?tab=visits');
is scalar(() = $visits =~ /<tr><td>/g), 2, 'a visit the tag counted, and what was done on the site half an hour round the purchase';
like $visits, qr/autumn/, 'with where it came from';
like $visits, qr/О нас → Чай/, 'from which page to which';
$x->wait_for(sub { $admin->get("/clients/$id/similar")->{text} =~ /Twin/ }, 20, 'columns');
my @alike = $admin->get("/clients/$id/similar")->{text} =~ m{/clients/\d+">(\w+)</a>.*?(\d+) %}gs;
is $alike[0], 'Twin', 'who looked at the same is the most alike';
my %alike = @alike;
ok $alike{Wide} && $alike{Wide} < $alike{Twin}, 'who looks at everything is less so';
ok !exists $alike{Coffee}, 'who shares nothing is not alike';

# --- erased with the person ---

$admin->post("/clients/$id/notes", { body => 'о ней' });
$admin->post("/clients/$id/erase");
ok $x->wait_for(sub { !($x->sql('select count(*) from note'))[0][0] }, 15, 'gone'), 'notes go with the person';

my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/ui-card.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'), $twin);
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
}
is $status, 0, 'the browser is content';
done_testing;
