#!/usr/bin/env perl
# Files into profiles over the API: messy ones come through or are refused row by row; a check says what a run does; a run can be cancelled,
# killed and taken back; the same file again changes nothing.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Encode qw(decode encode);
use JSON::PP ();
use Sheet;
use Test::More;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);
my $x = Cxdp->up(conf => { lease_s => 2 });
my $yes = JSON::PP::true;

sub slurp ($path) { open my $f, '<:raw', $path or die "$path: $!"; local $/; return <$f> }

sub made ($name, $bytes = slurp("$FindBin::Bin/data/$name")) {
	my $r = $x->upload($name, $bytes);
	is $r->{status}, 201, "$name is taken" or diag decode('UTF-8', $r->{content});
	return $r->{json}{data};
}

sub ended ($id, $seconds = 30) {
	return $x->wait_for(sub { my $i = $x->api(GET => "imports/$id")->{json}{data}; $i->{state} !~ /ing$/ ? $i : undef }, $seconds, "import $id");
}

sub started ($id, %body) {
	my $r = $x->api(POST => "imports/$id/start", \%body);
	is $r->{status}, 202, 'it starts' or diag decode('UTF-8', $r->{content});
	return $r->{json}{data};
}

sub figures ($i) { return join ' ', @$i{qw(rows inserted updated skipped failed)} }

# checked_and_run(ID, body): the run's figures are those of the check; the import as it ended.
sub checked_and_run ($id, %body) {
	started($id, %body, dry_run => $yes);
	my $check = ended($id);
	is $check->{state}, 'checked', 'it is checked' or diag explain $check;
	started($id, %body);
	my $run = ended($id);
	is $run->{state}, 'done', 'and run' or diag explain $run;
	is figures($run), figures($check), 'the run does what the check said: ' . figures($check);
	return $run;
}

sub errors ($id) { return decode('UTF-8', $x->api(GET => "imports/$id/errors")->{content}) }
sub table ($what) { return join "\n", map { join '|', map { $_ // '-' } @$_ } $x->sql($what) }
sub everybody {
	return join "\n\n", table('select person_id, known, email, phone, first_name, last_name, city, birthday, gender, custom, consents from person order by 1'),
		table('select kind, value, node_id from ident order by 1, 2'), table('select node_id, field, value, at_us, source_id from node_value order by 1, 2'),
		table('select node_id, channel, granted, at_us, proof from consent order by 1, 2');
}

# --- a base in CP1251, as a shop has it ---

my $im = made('cp1251-semicolon.csv');
is_deeply $im->{guess}, { 'Фамилия' => 'last_name', 'Имя' => 'first_name', 'E-mail' => 'email', 'Моб. телефон' => 'phone', 'Дата рожд.' => 'birthday',
	'Город' => 'city', 'Сумма покупок' => undef }, 'its columns are recognised' or diag explain $im->{guess};
is_deeply [map { $_->{action} } @{ $im->{preview} }], [qw(insert insert fail fail insert)], 'the preview says what would happen';
like $im->{preview}[2]{reason}, qr/ivanova\@\@mail. is not an e-mail/, 'and why not';
is table('select count(*) from person'), '0', 'nothing is written yet';
is $x->api(POST => 'fields', { name => 'spent', label => 'Куплено', type => 'money' })->{status}, 201, 'a field for the money';
my %mapping = (mapping => { %{ $im->{guess} }, 'Сумма покупок' => 'spent' }, key => 'email');
my $run = checked_and_run($im->{id}, %mapping);
is figures($run), '5 3 0 0 2', 'three people, two rows refused';
is table(q{select email, phone, birthday, json_value(custom, '$.spent.amount'), json_value(custom, '$.spent.currency') from person order by email}),
	join("\n", 'o.kovalenko@example.by|+375295550142|1991-12-14|128450|BYN', 'office@romashka.example|+375295550144|-|10000000|BYN', 'zinchuk.p@example.com|+375335550117|1986-07-02|231090|BYN'),
	'phones, dates and money are read as they are written';
my $file = errors($im->{id});
like $file, qr/^\x{feff}?"Строка файла";"Фамилия".*;"Что не так"\r$/m, 'the file of refused rows has the file\'s columns';
like $file, qr/^4;"Иванова";"Анна";"ivanova\@\@mail";.*;"E-mail: «ivanova\@\@mail» — не адрес почты"\r$/m, 'its rows, and the reason in the company\'s language';
like $file, qr/^5;.*"Дата рожд\.: «31\.02\.1987» — такого дня нет"\r$/m, 'a day there is not';
is table('select distinct s.kind, s.name from person p join source s on s.source_id = p.source_id'), 'file|Файлы', 'everybody knows the source';
my ($person) = map { $_->[0] } $x->sql("select person_id from person where email = 'o.kovalenko\@example.by'");
my ($event) = grep { $_->{name} eq 'profile_imported' } @{ $x->api(GET => "profiles/$person/events")->{json}{data} };
is_deeply $event->{properties}, { import => $im->{id}, row => 2 }, 'the history says from which row of which import';
is $x->api(POST => "imports/$im->{id}/start", \%mapping)->{status}, 409, 'what ran is not run again';

my $again = made('cp1251-semicolon.csv');
ok $again->{remembered}, 'the mapping is known from last time';
is $again->{guess}{'Сумма покупок'}, 'spent', 'with what was chosen then';
my $before = everybody() . table('select count(*) from event');
is figures(checked_and_run($again->{id})), '5 0 0 3 2', 'the same file again: nothing new';
is everybody() . table('select count(*) from event'), $before, 'and nothing changed, no event was made';

# --- what Excel does, dates, quotes, holes ---

$im = made('excel-phones.csv');
$run = checked_and_run($im->{id}, mapping => { email => 'email', phone => 'phone' });
is figures($run), '5 4 0 0 1', 'a number that Excel rounded is refused, others are taken';
like errors($im->{id}), qr/^2;"a\@x\.example";"7,9E\+10";"phone: «7,9E\+10» — Excel округлил номер/m, 'with what to do';
is table("select email, phone from person where email like '%\@x.example' order by 1"), join("\n", 'b@x.example|+79001234567', 'c@x.example|+79001234568', 'd@x.example|+79001234569',
	'e@x.example|+79001234570'), 'E+10 with all its digits is a number';

$x->api(POST => 'fields', { name => 'seen', label => 'seen', type => 'datetime' });
$im = made('mixed-dates.csv');
is_deeply $im->{dates}, { birthday => 'day', seen => 'month' }, 'which comes first, day or month, is found for the whole column';
$run = checked_and_run($im->{id}, mapping => { email => 'email', birthday => 'birthday', seen => { to => 'seen', month_first => $yes } });
is figures($run), '6 4 0 0 2', 'mixed dates';
is table(q{select email, birthday, json_value(custom, '$.seen') from person where email like '%@d.example' order by 1}), join("\n",
	'a@d.example|1990-01-31|2024-01-30T21:00:00.000Z', 'b@d.example|1990-02-28|2023-12-31T07:15:00.000Z', 'c@d.example|1991-03-05|2024-02-02T21:00:00.000Z',
	'f@d.example|2000-02-29|2024-02-05T21:00:00.000Z'), 'are read in the company\'s zone';

for (['quotes.csv', '4 4 0 0 0'], ['open-quote.csv', '3 2 0 0 1'], ['long-rows.csv', '3 1 0 0 2'], ['empty-lines.csv', '2 2 0 0 0'], ['headerless.csv', '2 2 0 0 0'],
	['nul-bytes.csv', '2 1 0 0 1'], ['bad-utf8.csv', '31 30 0 0 1'], ['old-mac.csv', '2 2 0 0 0'], ['sep-hint.csv', '1 1 0 0 0'], ['wide.csv', '3 3 0 0 0'],
	['utf16le.csv', '5 0 1 2 2'], ['koi8r.csv', '5 0 1 2 2'], ['cp866.csv', '5 0 0 3 2'], ['unicode-names.csv', '2 2 0 0 0']) {
	my ($name, $want) = @$_;
	$im = made($name);
	started($im->{id});
	is figures(ended($im->{id}) // {}), $want, "$name: $want";
}

# --- the same through the other readers ---

{
	for my $name ('people.xlsx', 'people-1904.xlsx') {
		$im = made($name);
		is figures(checked_and_run($im->{id})), $name eq 'people.xlsx' ? '3 2 0 0 1' : '3 0 0 2 1', "$name: two people, one refused";
		like errors($im->{id}), qr/^5;"bad\@\@book"/m, 'with the row of the sheet';
	}
	is table(q{select email, phone, birthday from person where email like '%@book.example' order by 1}), "ivan\@book.example|+375295551001|1990-05-07\npetr\@book.example|+375295551002|1990-05-08",
		'numbers are phones, days are days, by either calendar';
	$im = made('people.xml');
	my ($own) = grep { /id/ } @{ $im->{columns} };
	is figures(checked_and_run($im->{id}, mapping => { %{ $im->{guess} }, $own => 'external_id' }, key => 'external_id')), '3 3 0 0 0', 'people.xml: three people';
	is table(q{select external_id, email, city from person where email = 'x1@xml.example'}), 'x1|x1@xml.example|Минск', 'attributes and elements are columns';
}

# --- modes, empty cells, lists, transforms, constants, keys ---

$x->api(POST => 'fields', { name => 'likes', label => 'likes', type => 'list' });
sub csv ($text, %body) {
	my $i = made('rows.csv', encode('UTF-8', $text));
	return checked_and_run($i->{id}, %body);
}
sub shown ($email) { return $x->api(GET => "profiles?email=$email")->{json}{data}{fields} }
my %all = (mapping => { email => 'email', city => 'city', likes => 'likes' });
is figures(csv("email;city;likes\nm\@m.example;Minsk;tea, milk\nn\@m.example;Brest;\n", %all)), '2 2 0 0 0', 'two people';
is figures(csv("email;city;likes\nm\@m.example;;honey|tea\no\@m.example;Grodno;\n", %all, mode => 'update', append => $yes)), '2 0 1 1 0', 'only updating leaves new ones out';
is_deeply shown('m@m.example')->{likes}, ['tea', 'milk', 'honey'], 'lists grow';
is shown('m@m.example')->{city}, 'Minsk', 'an empty cell says nothing';
is figures(csv("email;city;likes\nm\@m.example;;\no\@m.example;Grodno;\n", %all, mode => 'insert')), '2 1 0 1 0', 'only adding leaves known ones alone';
is figures(csv("email;city;likes\nm\@m.example;;\n", %all, overwrite_empty => $yes)), '1 0 1 0 0', 'or clears, if one says so';
is shown('m@m.example')->{city}, undef, 'then the field is empty';
is figures(csv("email;city;likes\nz\@m.example;Z;\nz\@m.example;A;\nz\@m.example;A;\n", %all)), '3 1 1 1 0', 'a person three times in a file';
is shown('z@m.example')->{city}, 'A', 'the last row counts';
is figures(csv("mail;town\nt\@m.example; МИНСК \n", mapping => { mail => 'email', town => { to => 'city', transform => 'text.title(value) .. ", " .. row.mail' } },
	constants => { country => 'BY' })), '1 1 0 0 0', 'a column with a transform, a constant';
is shown('t@m.example')->{city}, 'Минск, t@m.example', 'the script sees value and row' or diag explain shown('t@m.example');
is shown('t@m.example')->{country}, 'BY', 'and the constant is there';
$im = made('rows.csv', "mail\nu\@m.example\n");
my $r = $x->api(POST => "imports/$im->{id}/start", { mapping => { mail => { to => 'email', transform => 'value +' } } });
is_deeply [$r->{status}, $r->{json}{error}{field}], [422, 'transform'], 'a script that does not compile is said at once';
is $x->api(POST => "imports/$im->{id}/start", { mapping => { mail => 'nothing' } })->{status}, 422, 'and so is a field there is not';
is $x->api(POST => "imports/$im->{id}/start", { mapping => { mail => undef } })->{json}{error}{field}, 'key', 'and a file that names nobody';
is figures(csv("phone;email;name\n+375291110001;k1\@m.example;A\n+375291110001;k2\@m.example;B\n;k3\@m.example;C\n;;D\n", mapping => { phone => 'phone', email => 'email', name => 'first_name' },
	key => 'phone')), '4 2 1 0 1', 'by phone; a row without one goes by its e-mail; one without both is refused';
is shown('k1@m.example')->{first_name}, 'B', 'who has the phone is the one';
is figures(csv("email;phone\nk4\@m.example;+375291110001\n", mapping => { email => 'email', phone => 'phone' }, key => 'email')), '1 1 0 0 0', 'a phone that is another\'s';
isnt $x->api(GET => 'profiles?phone=%2B375291110001')->{json}{data}{id}, $x->api(GET => 'profiles?email=k4@m.example')->{json}{data}{id}, 'stays there';
is figures(csv("email;birthday\nl1\@m.example;31.02.1999\n", mapping => { email => 'email', birthday => 'birthday' }, lenient => $yes)), '1 1 0 0 0',
	'a bad value alone is left out, if one says so';

# --- consent is data with its proof ---

$im = made('consents.csv');
my %consent = (mapping => { 'E-mail' => 'email', 'Рассылка' => 'consent.email', 'Когда' => 'consent.at', 'Где' => 'consent.text' });
$run = checked_and_run($im->{id}, %consent);
is figures($run) . " $run->{warned}", '4 3 0 0 1 1', 'a yes, a yes without proof, a no, a maybe';
is table(q{select p.email, c.granted, c.at_us from consent c join person p on p.person_id = c.node_id where p.email like '%@c.example' order by 1}),
	join("\n", 'no@c.example|0|' . table(qq{select started_at_us from import where import_id = $im->{id}}), 'yes@c.example|1|1710495000000000'), 'only what is proved is granted, at its own time';
like table(q{select proof from consent where granted = 1}), qr/Хочу письма/, 'with the text';
like errors($im->{id}), qr/^3;"noproof\@c\.example".*"Загружено, но: Рассылка: Согласие не записано/m, 'who had no proof is said';
$x->api(PATCH => 'profiles/' . $x->api(GET => 'profiles?email=yes@c.example')->{json}{data}{id}, { fields => { city => 'x' }, consent => { email => JSON::PP::false } });
$im = made('consents.csv');
started($im->{id}, %consent);
ended($im->{id});
is table(q{select c.granted from consent c join person p on p.person_id = c.node_id where p.email = 'yes@c.example'}), '0', 'an older yes of a file does not undo a newer no';

# --- triggers are off ---

is table('select count(*) from event e join event_type t on t.company_id = e.company_id and t.type_id = e.type_id where t.name = \'profile_imported\' and flags & 2 = 0'), '0',
	'imported events are quiet';

# --- undo, over everything that was there ---

$before = everybody();
my $rows = 'email;phone;city;likes;Согласие;Когда;Где' . "\n" . join '', map { "u$_\@u.example;+37544" . sprintf('%07d', $_) . ";Город $_;a|b;да;01.01.2025;анкета\n" } 1 .. 1500;
$rows .= "m\@m.example;+375440009999;Новый;c;да;01.01.2025;анкета\nz\@m.example;;Другой;;нет;;\nz\@m.example;;Третий;;нет;;\n";
my %wide = (mapping => { email => 'email', phone => 'phone', city => 'city', likes => 'likes', 'Согласие' => 'consent.email', 'Когда' => 'consent.at', 'Где' => 'consent.text' });
$im = made('undo.csv', encode('UTF-8', $rows));
is figures(checked_and_run($im->{id}, %wide)), '1503 1500 3 0 0', 'many come, some change';
isnt everybody(), $before, 'a lot is different';
is $x->api(POST => "imports/$im->{id}/undo")->{status}, 202, 'it is taken back';
is ended($im->{id})->{state}, 'undone', 'all of it';
is everybody(), $before, 'everything is as it was before';
is $x->api(POST => "imports/$im->{id}/undo")->{status}, 409, 'once';
ok $x->wait_for(sub { ($x->api(GET => 'profiles?filter=' . 'return%20field.city:starts%20%22%D0%93%D0%BE%D1%80%D0%BE%D0%B4%22&limit=1')->{json}{data} // [1])->@* == 0 }, 20, 'the columns'),
	'and no rule finds them any more';

# --- cancel, kill -9 ---

my $many = "email;city\n" . join '', map { "big$_\@big.example;City " . $_ % 50 . "\n" } 1 .. 12000;
$im = made('big.csv', $many);
started($im->{id});
$x->wait_for(sub { $x->api(GET => "imports/$im->{id}")->{json}{data}{rows} > 0 }, 20, 'its first rows');
is $x->api(POST => "imports/$im->{id}/cancel")->{status}, 200, 'a run is cancelled';
my $half = ended($im->{id});
is $half->{state}, 'cancelled', 'and says so';
my $count = table(q{select count(*) from person where email like '%@big.example'});
is $count, $half->{inserted}, "what it wrote is what it says: $count";
ok $count > 0 && $count < 12000, 'and not all';
$x->api(POST => "imports/$im->{id}/undo");
is ended($im->{id})->{state}, 'undone', 'what was written is taken back';
is table(q{select count(*) from person where email like '%@big.example'}), 0, 'altogether';

$im = made('big.csv', $many . "nobody;x\n");
started($im->{id});
for (1 .. 2) {
	my $rows = $x->api(GET => "imports/$im->{id}")->{json}{data}{rows};
	$x->wait_for(sub { $x->api(GET => "imports/$im->{id}")->{json}{data}{rows} > $rows }, 20, 'more rows');
	last if $x->api(GET => "imports/$im->{id}")->{json}{data}{state} ne 'running';
	$x->kill9('engine-jobs');
}
is figures(ended($im->{id}, 60)), '12001 12000 0 0 1', 'a run killed twice goes on to its end';
is table(q{select count(*) from person where email like '%@big.example'}), 12000, 'nobody is missing';
is table(q{select count(*), count(distinct e.node_id) from event e join event_type t on t.company_id = e.company_id and t.type_id = e.type_id join person p on p.person_id = e.node_id
	where t.name = 'profile_imported' and p.email like '%@big.example'}), '12000|12000', 'and nothing is there twice';
like errors($im->{id}), qr/\A[^\n]*\n12002;"nobody";"x";[^\n]*\n\z/, 'the file of refused rows has the one row, once';

# --- a file that cannot be read on ---

$im = made('torn.csv', "email;city\n" . join('', map { "torn$_\@torn.example;x\n" } 1 .. 1500) . 'x' x 1_200_000);
started($im->{id});
my $torn = ended($im->{id});
is $torn->{state}, 'failed', 'a line without end ends the run';
like $torn->{error}, qr/line 1502 is longer than 1 MB/, 'and where is said';
is "$torn->{inserted} " . table(q{select count(*) from person where email like '%@torn.example'}), '1500 1500', 'the rows before it are there';

# --- what is no table, walls, limits ---

is $x->upload('x.csv', '')->{status}, 400, 'an empty file is refused';
is $x->upload('x.xls', "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" . 'x' x 600)->{status}, 400, 'and an old workbook';
is $x->upload('x.bin', join '', map { chr($_ % 32) } 1 .. 2000)->{status}, 400, 'and what is no text';
is $x->http(POST => '/api/v1/imports', headers => { authorization => 'Bearer ' . $x->env('API_KEY'), 'content-type' => 'multipart/form-data; boundary=q' }, body => "--q\r\nrubbish")->{status},
	400, 'and a broken form';
my ($status, $said) = $x->operator(qw(company create --name Other --slug other --country RU --currency RUB --timezone Europe/Moscow --language ru --admin-email a@other.example
	--admin-password another-secret-1));
my ($theirs) = $said =~ /"api_key":"([^"]+)"/ or diag $said;
is $x->api(GET => "imports/$im->{id}$_", undef, key => $theirs)->{status}, 404, "GET $_ is 404 for another company" for '', '/errors';
is $x->api(POST => "imports/$im->{id}/$_", {}, key => $theirs)->{status}, 404, "POST $_ too" for qw(start cancel undo);
is_deeply $x->api(GET => 'imports', undef, key => $theirs)->{json}{data}, [], 'whose list is empty';
# --- what is wrong in a workbook is said as of a table ---

$im = made('broken.xlsx', Sheet::bytes(['E-mail', 'Имя'], ['x1@base.example', 'Ада'], ['x2@base.example', \'#N/A'], ['x4@base.example', 'я' x 20000]));
is figures(checked_and_run($im->{id}, mapping => { 'E-mail' => 'email', 'Имя' => 'first_name' })), '3 1 0 0 2', 'whole rows come through';
is_deeply [errors($im->{id}) =~ /"([^"]*)"\r$/mg], ['Что не так', 'Формула ячейки B3 не посчитана: исправьте её или вставьте значения', 'Ячейка длиннее 32 КБ'], 'the others say why, in the company\'s language';

# --- a kind of identifiers of the company's own ---

is $x->api(PATCH => 'identity', { idents => [{ name => 'passport', label => 'Паспорт' }] })->{status}, 200, 'a kind of identifiers is made';
my $bytes = encode('UTF-8', "Паспорт;Имя\nMP1234567;Ядвига\nMP7654321;Тадеуш\n");
%mapping = (mapping => { 'Паспорт' => 'passport', 'Имя' => 'first_name' });
$im = made('passports.csv', $bytes);
is figures(checked_and_run($im->{id}, %mapping)), '2 2 0 0 0', 'a file says who is who by it';
is table(q{select p.first_name from ident i join person p on p.person_id = i.node_id where i.value = 'MP1234567'}), 'Ядвига', 'each has theirs';
$im = made('passports.csv', $bytes);
is_deeply $im->{guess}, $mapping{mapping}, 'the mapping is remembered';
is figures(checked_and_run($im->{id}, %mapping)), '2 0 0 2 0', 'the same file again changes nothing';

done_testing;
