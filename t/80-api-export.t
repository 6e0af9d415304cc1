#!/usr/bin/env perl
# Files out: who is in them, what stands in which column, what a spreadsheet must not take for a formula, links that end, and that a file brought
# back in changes nothing.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Encode qw(decode);
use Test::More;

my $x = Cxdp->up(conf => { lease_s => 5 });
my $data = sub ($r, $status, $what) { is $r->{status}, $status, $what or diag $r->{content}; return $r->{json}{data} };
$x->api(POST => 'fields', { name => 'bonus', label => 'Бонусы', type => 'number' });
my @people = (
	{ external_id => 'c1', email => 'anna@shop.example', phone => '8 029 555-01-42', fields => { first_name => 'Анна', city => 'Минск', bonus => -12.5, birthday => '1991-12-14' },
		consent => { email => { granted => \1, proof => 'paper form 7' } } },
	{ external_id => 'c2', email => 'evil@shop.example', fields => { first_name => '=cmd|calc', last_name => '@SUM(1)', middle_name => "-1;\"2\"\nx", city => 'Минск' } },
	{ external_id => 'c3', email => 'olga@shop.example', fields => { first_name => 'Ольга', city => 'Брест' } },
);
my @id = map { $data->($x->api(POST => 'profiles', $_), 201, "a person")->{id} } @people;
my $segment = $data->($x->api(POST => 'segments', { name => 'Минчане', rule => 'return field.city:is "Минск"' }), 201, 'a segment')->{id};
$x->wait_for(sub { $x->api(GET => "segments/$segment")->{json}{data}{size} == 2 }, 15, 'the segment');

# run(BODY): the export when it is over.
my $run = sub ($body) {
	my $made = $data->($x->api(POST => 'exports', $body), 202, 'it begins');
	like $made->{job}, qr/^\d+$/, 'with a job';
	return $x->wait_for(sub { my $got = $x->api(GET => "exports/$made->{id}")->{json}{data}; $got->{state} =~ /done|failed/ && $got }, 20, 'the export');
};
# file(EXPORT): its text.
my $get = sub ($export) { $x->http(GET => $export->{url} =~ s{^https?://[^/]+}{}r) };
my $text = sub ($export) { decode('UTF-8', $get->($export)->{content}) };

my $all = $run->({ source => 'all', fields => [qw(external_id email phone first_name last_name middle_name city bonus birthday consent.email consent.email.proof)], format => 'csv' });
is_deeply [@$all{qw(state rows done total)}], ['done', 3, 3, 3], 'everybody is in it';
my $r = $get->($all);
is $r->{status}, 200, 'the link gives the file';
like $r->{headers}{'content-disposition'}, qr/^attachment; filename="clients-\d{4}-\d\d-\d\d\.csv"$/, 'to be saved';
my $csv = $text->($all);
like $csv, qr/^\x{feff}"external_id";"email";"phone";/, 'CSV with its mark, columns in their order';
like $csv, qr/^"c1";"anna\@shop\.example";"\+375295550142";"Анна";;;"Минск";-12\.5;"1991-12-14";true;"paper form 7"\r\n/m, 'numbers stay numbers, a phone a phone';
like $csv, qr/^"c2";"evil\@shop\.example";;"'=cmd\|calc";"'\@SUM\(1\)";"'-1;""2""\nx";"Минск";;;;\r\n/m, 'what begins like a formula is defused';
my $raw = $text->($run->({ source => 'all', fields => ['first_name'], format => 'csv', raw => \1, delimiter => ',' }));
like $raw, qr/"=cmd\|calc"/, 'but for machines, who ask for it raw';

$x->api(PATCH => "profiles/$id[2]", { fields => { '=HYPERLINK(1)' => 'x' } });
my $head = $run->({ source => { rule => 'return field.city:is "Брест"' }, fields => ['=HYPERLINK(1)'], format => 'csv' });
like $text->($head), qr/^\x{feff}"'=HYPERLINK\(1\)"/, 'so is a name of a field';

my $part = $run->({ source => { segment => $segment }, fields => ['email', 'segments', 'id'], format => 'csv', delimiter => ',' });
is $part->{rows}, 2, 'a segment';
like $text->($part), qr/"anna\@shop\.example","Минчане","$id[0]"/, 'with names of segments and the id';
is $run->({ source => { rule => 'return field.city:is "Брест"' }, fields => ['email'], format => 'csv' })->{rows}, 1, 'a rule';
is $run->({ source => { rule => 'return field.city:is "Гродно"' }, fields => ['email'], format => 'csv' })->{rows}, 0, 'nobody: a file with a head';

my $sheet = $run->({ source => 'all', fields => [qw(external_id first_name bonus)], format => 'xlsx' });
is $sheet->{rows}, 3, 'a workbook';
$r = $get->($sheet);
like $r->{content}, qr/^PK\x03\x04/, 'is one';
is $r->{headers}{'content-type'}, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'and says so';

# --- what is refused ---

for my $case ([{ fields => ['email'], format => 'csv' }, 'source'], [{ source => 'some', fields => ['email'], format => 'csv' }, 'source'],
	[{ source => { segment => '12345' }, fields => ['email'], format => 'csv' }, 'source'], [{ source => 'all', fields => [], format => 'csv' }, 'fields'],
	[{ source => 'all', fields => ['nothing'], format => 'csv' }, 'fields'], [{ source => 'all', fields => ['email', 'email'], format => 'csv' }, 'fields'],
	[{ source => 'all', fields => ['email'], format => 'pdf' }, 'format'], [{ source => 'all', fields => ['email'], format => 'csv', delimiter => 'x' }, 'delimiter'],
	[{ source => { rule => 'return field.cty:is(1)' }, fields => ['email'], format => 'csv' }, 'rule']) {
	my $got = $x->api(POST => 'exports', $case->[0]);
	is_deeply [$got->{status}, $got->{json}{error}{field}], [422, $case->[1]], 'named: ' . ($got->{json}{error}{message} // '');
}

# --- links ---

my ($token) = $all->{url} =~ /k=(.*)/;
my $try = sub ($k) { $x->http(GET => "/api/v1/exports/file?k=$k")->{status} };
is $try->($token), 200, 'a link works without a key';
my ($company, $id, $until, $mac) = split /\./, $token;
is $try->(join '.', $company, $part->{id}, $until, $mac), 404, 'not for another file';
is $try->(join '.', $company + 1, $id, $until, $mac), 404, 'another company';
is $try->(join '.', $company, $id, $until + 1, $mac), 404, 'or a longer time';
is $try->("$company.$id.$until."), 404, 'nor without its sign';
cmp_ok $until / 1e6 - time, '<', 3601, 'it ends within the hour';
is +($x->sql("select count(*) from audit_log where action = 'export.create'"))[0][0], 7, 'each is noted';
cmp_ok +($x->sql("select count(*) from audit_log where action = 'export.download'"))[0][0], '>=', 6, 'and each look at a file';
$x->sql("update export set until_us = 1 where export_id = $id");
is $try->($token), 404, 'the file is over, and so is the link';
is_deeply [@{ $x->api(GET => "exports/$id")->{json}{data} }{qw(state url)}], ['gone', undef], 'and it says so';

# --- many, and the engine dies in the middle ---

my ($of) = map { $_->[0] } $x->sql("select company_id from company where slug = 'dev'");
my $many = 30000;
$x->sql("insert into node (company_id, node_id, parent_id, root_id, created_at_us) select $of, 1000000 + seq, null, 1000000 + seq, 1 from seq_1_to_$many");
$x->sql("insert into person (company_id, person_id, known, external_id, email, first_name, custom, source_id, created_at_us, updated_at_us)
	select $of, 1000000 + seq, 1, concat('m', seq), concat('m', seq, '\@shop.example'), 'Мария', '{}', 0, 1, 1 from seq_1_to_$many");
$x->sql("insert into membership (company_id, segment_id, person_id, since_us, reason) select $of, $segment, 1000000 + seq, 1, '' from seq_1_to_$many");
my $begin = sub ($format) { $data->($x->api(POST => 'exports', { source => { segment => $segment }, fields => ['id', 'external_id', 'email'], format => $format }), 202, 'a large one') };
my $half = sub ($job) { $x->wait_for(sub { my ($done) = ($x->sql("select done from job where job_id = $job"))[0][0]; $done >= 2000 && $done }, 20, 'the half of it') };
my $made = $begin->('csv');
cmp_ok $half->($made->{job}), '<', $many, 'it is in the middle of it';
$x->kill9('engine-jobs');
my $whole = $x->wait_for(sub { my $got = $x->api(GET => "exports/$made->{id}")->{json}{data}; $got->{state} =~ /done|failed/ && $got }, 40, 'the rest');
is_deeply [@$whole{qw(state rows)}], ['done', $many + 2], 'another engine goes on';
my %seen;
$seen{$_}++ for $text->($whole) =~ /^"(\d+)";/mg;
is_deeply [scalar keys %seen, scalar grep { $_ != 1 } values %seen], [$many + 2, 0], 'everybody is in the file, and once';
$made = $begin->('xlsx');
$half->($made->{job});
is $x->api(DELETE => "jobs/$made->{job}")->{status}, 200, 'one is cancelled in the middle';
is $x->api(GET => "exports/$made->{id}")->{json}{data}{state}, 'cancelled', 'and says so';
my $left = sub { my @files = glob $x->dir . "/files/$of/$made->{id}.*"; @files };
ok $x->wait_for(sub { !$left->() }, 10, 'the files to go'), 'nothing of it is left';

# --- brought back in, it changes nothing ---

{
	my $again = $run->({ source => { rule => 'return field.external_id:starts "c"' }, fields => [qw(external_id email phone first_name last_name middle_name city bonus birthday)], format => 'csv' });
	my $before = join "\n", map { join '|', map { $_ // '' } @$_ } $x->sql('select external_id, email, phone, first_name, last_name, middle_name, city, birthday, custom from person order by person_id');
	my $file = $get->($again)->{content};
	my $key = $x->env('API_KEY');
	my $up = $x->http(POST => '/api/v1/imports', headers => { authorization => "Bearer $key", 'content-type' => 'multipart/form-data; boundary=xxyy' },
		body => "--xxyy\r\nContent-Disposition: form-data; name=\"file\"; filename=\"again.csv\"\r\nContent-Type: text/csv\r\n\r\n$file\r\n--xxyy--\r\n");
	my $import = eval { JSON::PP::decode_json($up->{content})->{data} } // {};
	ok $import->{id}, 'the file goes up' or diag $up->{content};
	is $x->api(POST => "imports/$import->{id}/start", { mapping => $import->{guess}, key => 'external_id' })->{status}, 202, 'by what it guesses of the columns';
	my $ended = eval { $x->wait_for(sub { my $got = $x->api(GET => "imports/$import->{id}")->{json}{data}; $got->{state} =~ /done|failed/ && $got }, 20, 'the import') } // {};
	is $ended->{state}, 'done', 'and is read';
	is_deeply [@$ended{qw(inserted failed)}], [0, 0], 'nobody is new, nothing is wrong';
	my $after = join "\n", map { join '|', map { $_ // '' } @$_ } $x->sql('select external_id, email, phone, first_name, last_name, middle_name, city, birthday, custom from person order by person_id');
	is $after, $before, 'and nothing changed';
}
done_testing;
