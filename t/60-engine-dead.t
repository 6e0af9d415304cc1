#!/usr/bin/env perl
# Poison: a call that fails by itself, one that takes the engine down, a company full of them. Each is set aside with its reason and
# its whole payload, nobody else waits for it long, and it can be applied once more, or dropped.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
use Browser;
use Cxdp;
use Encode ();
use Fault;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up;
my ($company) = map { $_->[0] } $x->sql('select company_id from company');
my ($status, $made) = $x->operator(qw(company create --name Other --slug other --country BY --currency BYN --timezone Europe/Minsk
	--language en --admin-email a@other.example --admin-password), 'long enough 1');
my $other = decode_json($made =~ s/\A.*?(?=\{)//sr);
my $count = sub ($name) { ($x->sql("select count(*) from event e join event_type t using (company_id, type_id) where t.name = '$name'"))[0][0] };
my $dead = sub ($where = '1') { ($x->sql("select count(*) from dead_letter where $where"))[0][0] };
my $call = sub ($n, $name, %p) { { type => 'track', event => $name, userId => "u$n", messageId => "$name-$n", properties => { n => $n, %p } } };

# the store refuses what says POISON, as it would refuse what is wrong with a call in a way nobody thought of
my $poison = "alter table event add constraint poison check (props not like '%POISON%')";
$x->sql($poison);

my $from = time;
is $x->v1('batch', { batch => [map { $call->($_, 'Mixed', $_ == 4 ? (word => 'POISON', text => 'Ёлки') : ()) } 1 .. 7] })->{status}, 200, 'a batch with one poisoned call is accepted';
is $x->v1('batch', { batch => [map { $call->($_, 'Theirs') } 1 .. 5] }, key => $other->{write_key})->{status}, 200, 'and another company\'s';
ok $x->wait_for(sub { $count->('Theirs') == 5 && $count->('Mixed') == 6 && $dead->() == 1 }, 10, 'the rest'), 'all others go in';
cmp_ok time - $from, '<', 5, sprintf 'a poisoned call delays its lane less than 5 s: %.2f s', time - $from;
my ($row) = $x->sql('select company_id, state, code, tries, reason, payload, letter_id from dead_letter');
is_deeply [@$row[0 .. 3]], [$company, 'waiting', 'set_aside', 1], 'it waits, its company\'s';
like $row->[4], qr/poison/, 'with the reason';
my $record = decode_json(Encode::encode('UTF-8', $row->[5]));
is_deeply $record->{items}, [{ %{ $call->(4, 'Mixed', word => 'POISON', text => 'Ёлки') } }], 'and its payload is the call, whole';

# its page
my $ui = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $theirs = Browser->new($x)->login('/l/other', 'a@other.example', 'long enough 1');
my $id = $row->[6];
like $ui->get('/set-aside')->{text}, qr{/set-aside/$id"}, 'the page shows it';
like $ui->get("/set-aside/$id")->{text}, qr/Ёлки/, 'its own page what it holds';
unlike $theirs->get('/set-aside')->{text}, qr/$id/, 'another company does not see it';
is $theirs->get("/set-aside/$id")->{status}, 404, 'nor open it';
is $theirs->post("/set-aside/$id", { do => 'drop' })->{status}, 404, 'nor drop it';
is $ui->post("/set-aside/$id", { do => 'frobnicate' })->{status}, 400, 'there are two things to do with it, no third';
$ui->post("/set-aside/$id", { do => 'replay' });
ok $x->wait_for(sub { $dead->('state = "waiting" and tries = 2') }, 10, 'a second failure'), 'applied again, it fails again and waits again';
$x->sql('alter table event drop constraint poison');
$ui->post("/set-aside/$id", { do => 'replay' });
ok $x->wait_for(sub { $dead->('state = "replayed"') }, 10, 'the replay'), 'with the cause gone it goes in';
is $count->('Mixed'), 7, 'as one event';
$ui->post("/set-aside/$id", { do => 'replay' });
$x->sql("update dead_letter set state = 'queued' where letter_id = $id");
ok $x->wait_for(sub { $dead->('state = "replayed"') }, 10, 'the replay'), 'applied a third time';
is $count->('Mixed'), 7, 'it is still one event';
my $events = $x->api(GET => 'profiles?external_id=u4')->{json}{data}{id};
is scalar(grep { $_->{type} eq 'Mixed' } @{ $x->api(GET => "profiles/$events/events")->{json}{data} }), 1, 'of its person';
like $ui->get('/company/audit')->{text}, qr/Отложенное применено/, 'the log of changes says who did it';

# a key that is there twice is no lock of another's that will be let go
$x->sql("alter table event add column twin varchar(20) as (json_value(props, '\$.twin')), add unique key twin (twin)");
$from = time;
$x->v1('batch', { batch => [map { $call->($_, 'Twin', $_ < 3 ? (twin => 'one') : ()) } 1 .. 5] });
$x->v1('batch', { batch => [map { $call->($_, 'Near') } 1 .. 5] }, key => $other->{write_key});
ok $x->wait_for(sub { $count->('Near') == 5 && $count->('Twin') == 4 }, 20, 'the rest'), 'a call that conflicts for ever: all others go in';
cmp_ok time - $from, '<', 5, sprintf 'in less than 5 s: %.2f s', time - $from;
is $dead->('state = "waiting" and reason like "%Duplicate%"'), 1, 'it is set aside';
$x->sql('alter table event drop key twin, drop column twin');
$x->operator('dead-letter', 'replay', '--company', $company);
ok $x->wait_for(sub { $count->('Twin') == 5 }, 10, 'it'), 'and goes in later';

# a company full of poison
$x->sql($poison =~ s/POISON/TOXIN/r);
$from = time;
for my $k (0 .. 3) {
	$x->v1('batch', { batch => [map { $call->($k * 500 + $_, 'Flood', word => 'TOXIN') } 1 .. 500] });
	$x->v1('batch', { batch => [map { $call->($k * 5 + $_, 'Beside') } 1 .. 5] }, key => $other->{write_key});
}
ok $x->wait_for(sub { $count->('Beside') == 20 }, 30, 'the other company'), '2000 poisoned calls of one company';
cmp_ok time - $from, '<', 10, sprintf 'keep another waiting a bounded time: %.1f s', time - $from;
ok $x->wait_for(sub { $dead->('state = "waiting"') == 2000 }, 30, 'them'), 'all of them are set aside';
$x->sql('alter table event drop constraint poison');
my $said;
($status, $said) = $x->operator('dead-letter', 'list');
like $said, qr/"state":"waiting","count":2000/, 'the operator sees how many';
($status, $said) = $x->operator('dead-letter', 'replay', '--company', $company);
is $status, 0, 'and has them applied' or diag $said;
ok $x->wait_for(sub { $count->('Flood') == 2000 && $dead->('state = "replayed"') == 2002 }, 40, 'the flood'), 'all go in';
($status, $said) = $x->operator('dead-letter', 'drop');
isnt $status, 0, 'without a company nothing is dropped';

SKIP: {
	skip Fault::cannot(), 6 if Fault::cannot();
	# a call at whose sight the engine dies
	my $f = Fault->new($x, seed => 1);
	$f->take('engine-apply', { FAULT_POISON => 'KILLER' });
	$from = time;
	$x->v1('batch', { batch => [map { $call->($_, 'Deadly', $_ == 3 || $_ == 9 ? (word => 'KILLER') : ()) } 1 .. 12] });
	$x->v1('batch', { batch => [map { $call->($_, 'After') } 1 .. 5] }, key => $other->{write_key});
	ok $x->wait_for(sub { $f->tend; $count->('Deadly') == 10 && $count->('After') == 5 }, 20, 'the rest'), 'two calls that kill the engine: all others go in';
	cmp_ok $f->{deaths}, '<=', 4, "after $f->{deaths} deaths";
	is $dead->('code = "crash" and state = "waiting"'), 2, 'both are set aside';
	note sprintf 'it took %.2f s without the supervisor\'s pauses', time - $from;
	my $before = $f->{deaths};
	$x->operator('dead-letter', 'replay', '--company', $company);
	ok $x->wait_for(sub { $f->tend; $f->{deaths} == $before + 2 && $dead->('code = "crash" and state = "waiting" and tries = 2') == 2 }, 20, 'two deaths more'), 'applied again they kill it once each, and wait';
	$f->stop('engine-apply');
	delete $f->{of}{'engine-apply'}{env}{FAULT_POISON};
	$f->start('engine-apply');
	$x->operator('dead-letter', 'replay', '--company', $company);
	ok $x->wait_for(sub { $count->('Deadly') == 12 }, 20, 'them'), 'with the cause gone they go in';
	$f->stop('engine-apply');
	is $f->{of}{'engine-apply'}{status}, 0, 'the engine ends well';
}
done_testing;
