#!/usr/bin/env perl
# Pairs that may be one person: found whatever the spelling, decided one by one and many at once, not found again when they are different.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my $n = 0;
my $post = sub (%fields) {
	my %names = map { $_ => delete $fields{$_} } grep { exists $fields{$_} } qw(email phone external_id);
	my $r = $x->api(POST => 'profiles', { $names{email} || $names{phone} || $names{external_id} ? () : (external_id => 'n' . ++$n), %names, fields => \%fields });
	$r->{status} < 300 ? $r->{json}{data}{id} : die $r->{content};
};
my %pair = (
	'two alphabets' => [$post->(first_name => 'Юлия', last_name => 'Ковалёва', birthday => '1990-02-03'), $post->(first_name => 'Yuliya', last_name => 'Kovaleva', birthday => '1990-02-03')],
	'a slip in a long name' => [$post->(first_name => 'Константин', last_name => 'Воскресенский', birthday => '1981-11-30'), $post->(first_name => 'Констонтин', last_name => 'Воскресенскй', birthday => '1981-11-30')],
	'a phone in a field' => [$post->(phone => '8 029 555-77-88', first_name => 'Пётр'), $post->(email => 'petr@shop.example', first_name => 'Петр')],
	'the same mailbox' => [$post->(email => 'anna.lis@gmail.com', first_name => 'Анна'), $post->(email => 'annalis+shop@gmail.com', first_name => 'Anna')],
);
# an address that belongs to another stays a mere value of a field
$x->sql("update person set phone = '+375295557788' where email = 'petr\@shop.example'");
my %apart = (
	'twins' => [$post->(first_name => 'Мария', last_name => 'Орлова', birthday => '2001-05-05', gender => 'female'), $post->(first_name => 'Павел', last_name => 'Орлов', birthday => '2001-05-05', gender => 'male')],
	'namesakes' => [$post->(first_name => 'Иван', last_name => 'Иванов', birthday => '1970-01-01'), $post->(first_name => 'Иван', last_name => 'Иванов', birthday => '1985-01-01')],
	'a day in common' => [$post->(first_name => 'Ольга', last_name => 'Белая', birthday => '1999-09-09'), $post->(first_name => 'Софья', last_name => 'Чёрная', birthday => '1999-09-09')],
);
my $job = sub ($r) { my $id = $r->{json}{data}{job} // die $r->{content}; ok $x->wait_for(sub { $x->api(GET => "jobs/$id")->{json}{data}{state} =~ /done|failed/ }, 20, 'the job'), 'the job ends'; $x->api(GET => "jobs/$id")->{json}{data} };
my $look = sub { is $job->($x->api(POST => 'duplicates/search', {}))->{state}, 'done', 'the base is looked through' };
my $open = sub { map { join(' ', sort @$_{qw(a b)}) => $_ } @{ $x->api(GET => 'duplicates?limit=1000')->{json}{data} } };

$look->();
my %found = $open->();
ok $found{ join ' ', sort @{ $pair{$_} } }, "found: $_" for sort keys %pair;
ok !$found{ join ' ', sort @{ $apart{$_} } }, "not taken for one: $_" for sort keys %apart;
my $one = $found{ join ' ', sort @{ $pair{'two alphabets'} } };
is_deeply { map { $_->{field} => $_->{how} } @{ $one->{reasons} } }, { birthday => 'same', last_name => 'same', first_name => 'same', external_id => 'differs' }, 'with reasons';

my $keep = $one->{b};
my $r = $x->api(POST => "duplicates/$one->{id}", { keep => $keep });
is $r->{json}{data}{state}, 'merged', 'a pair is merged';
is $x->api(GET => "profiles/$one->{a}")->{json}{data}{id}, $keep, 'into the one that was chosen';
is $x->api(POST => "duplicates/$one->{id}", { keep => $keep })->{status}, 409, 'a pair is decided once';
is $x->api(POST => "merges/$r->{json}{data}{merge_id}/undo", {})->{status}, 200, 'the merge can be undone';
my $other = $found{ join ' ', sort @{ $pair{'a slip in a long name'} } };
is $x->api(POST => "duplicates/$other->{id}", { keep => undef })->{json}{data}{state}, 'different', 'or they are different';
$look->();
%found = $open->();
ok !$found{ join ' ', sort @{ $pair{'a slip in a long name'} } }, 'who is different does not come again';
is $x->api(POST => 'duplicates/merge', { least => 10 })->{status}, 422, 'not everything is merged at once';

# in the interface, and many at once
my $ui = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $page = $ui->get('/duplicates');
is $page->{status}, 200, 'the page is there';
like $page->{text}, qr/annalis\+shop\@gmail\.com/, 'both stand beside each other';
my @mail = @{ $pair{'the same mailbox'} };
my $mailbox = $found{ join ' ', sort @mail };
is $ui->post("/duplicates/$mailbox->{id}", { keep => $mailbox->{a} })->{status}, 303, 'merged by hand';
like $ui->get("/clients/$mailbox->{a}")->{text}, qr/найден как дубль/, 'the card says why';
$x->sql("update duplicate set score = 95 where state = 'open'");
is $job->($x->api(POST => 'duplicates/merge', { least => 90 }))->{done}, scalar(%{ { $open->() } }) + 1, 'all sure pairs at once';
is $x->api(GET => "profiles/$pair{'a phone in a field'}[1]")->{json}{data}{id}, $pair{'a phone in a field'}[0], 'the one that came first stays';

# what up to thirty people share brings them together, what more do tells nobody apart
my $crowd = sub ($n, $first, $last, $day) {
	my $r = $x->api(POST => 'profiles/bulk', { profiles => [map { { external_id => "$day-$_", fields => { first_name => $first, last_name => $last, birthday => $day } } } 1 .. $n] });
	$r->{status} < 300 or die $r->{content};
};
$crowd->(30, 'Наталья', 'Громова', '1977-07-07');
$crowd->(31, 'Евдокия', 'Зимина', '1966-06-06');
$x->sql("delete from duplicate where state = 'open'");
$look->();
is scalar(@{[$x->sql("select 1 from duplicate where state = 'open'")]}), 30 * 29 / 2, 'of thirty people each pair is found, of thirty-one none';
done_testing;
