#!/usr/bin/env perl
# The engine under a clock that runs two months ahead (t/fault/shim.c): after each quarter of a day those who are stored as members are
# those whom the rule means when it is asked anew, in the same process and at the same time; and nobody but the clock did anything.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/fault";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 300 }
use Cxdp;
use Fault;
use POSIX qw(strftime);
use Test::More;
use Time::HiRes qw(sleep time);

binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output, Test::More->builder->todo_output;
plan skip_all => Fault::cannot() if Fault::cannot();

my $x = Cxdp->up;
my $day = 86_400;
my $data = sub ($r) { $r->{status} < 300 ? $r->{json}{data} : die $r->{content} };
my $count = sub ($rule) { my $r = $x->api(POST => 'segments/preview', { rule => $rule }); $r->{status} == 200 ? $r->{json}{data}{count} : -1 };
my $date = sub ($days) { strftime '%Y-%m-%d', gmtime time + $days * $day };

$data->($x->api(POST => 'fields', { name => 'due', label => 'Срок', type => 'datetime' }));
my @zones = qw(Europe/Minsk America/New_York Asia/Kolkata Pacific/Kiritimati);
my $n = 0;
for my $zone (@zones) {
	for my $k (0 .. 4) {
		$n++;
		$data->($x->api(POST => 'profiles', { external_id => "p$n", fields => { timezone => $zone, birthday => $k ? '1988' . substr($date->($n * 3), 4) : '1992-02-29',
			due => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + ($n * 2.7 - 2) * $day) } }));
		for my $e (0 .. $k) {
			$data->($x->api(POST => 'events', { external_id => "p$n", type => $e % 2 ? 'cart_add' : 'purchase', properties => { total => 10 + 7 * $e, city => $e % 3 ? 'Минск' : 'Брест' },
				timestamp => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time - ($e * 2.3 + $n * 0.9) * $day) }));
		}
	}
}
my %rule = (
	'за месяц' => 'event.purchase:within "30d"',
	'давно не' => '~event.purchase:within "20d" & event.purchase',
	'сумма' => 'event.purchase:within "25d":sum("total"):more(20)',
	'последняя' => 'event.purchase:last():within_last "14d"',
	'цепочка' => 'event.cart_add:within "21d":then_(event.purchase, "5d")',
	'чаще всего' => 'event.purchase:within "28d":most("city"):is "Брест"',
	'день рождения' => 'field.birthday:anniversary "2d"',
	'скоро срок' => 'field.due:within_next "3d"',
	'срок прошёл' => 'field.due:within_last "36h" | field.due:after "' . $date->(30) . '"',
	'менялся' => 'field.due:changed "15d"',
	'оба' => 'segment "за месяц" & ~field.birthday:anniversary "40d"',
);
my %id;
for my $name ((grep({ $_ ne 'оба' } sort keys %rule), 'оба')) {
	$id{$name} = $data->($x->api(POST => 'segments', { name => $name, rule => "return $rule{$name}" }))->{id};
	$x->wait_for(sub { $x->api(GET => "segments/$id{$name}")->{json}{data}{state} eq 'ready' }, 20, $name);
}
my $f = Fault->new($x);
$f->take('engine-columns');
$x->wait_for(sub { $count->('return everyone()') == $n }, 30, 'the columns');

# who is kept and not meant, or meant and not kept, of any segment; the sizes that are stored
my $differ = join ' | ', map { my $r = $rule{$_}; qq{(segment "$_" & ~($r)) | (~segment "$_" & ($r))} } sort keys %rule;
my $turns = 0;
my %was;
my $sizes = sub { my %s = map { $_->[0] => $_->[1] } $x->sql('select segment_id, count(*) from membership group by segment_id'); +{ map { $_ => $s{ $id{$_} } // 0 } keys %id } };
my ($bad, $slow, $began, $steps) = (0, 0, time, 0);
for my $step (1 .. 240) {
	$f->clock('engine-columns', $step * $day / 4 * 1_000_000);
	$steps++;
	my $at = time;
	my $left = -1;
	$left = $count->("return $differ") while $left != 0 && time < $at + 10 && ($left < 1 || sleep 0.02);
	$slow = time - $at if time - $at > $slow;
	$bad++ < 5 and diag "step $step: $left differ" if $left != 0;
	if ($step % 8 == 0) {
		my ($now, %meant);
		$x->wait_for(sub {
			$now = $sizes->();
			$meant{$_} = $count->("return $rule{$_}") for keys %rule;
			"@$now{sort keys %rule}" eq "@meant{sort keys %rule}";
		}, 10, "step $step: what is stored") or $bad++ < 5 and diag explain $now, \%meant;
		$turns += ($was{$_} // -1) != $now->{$_} for keys %$now;
		%was = %$now;
	}
	last if time > $began + 150;
}
is $bad, 0, "$steps steps of six hours: who is kept is who is meant";
is $steps, 240, sprintf 'sixty days in %.0f s, the slowest step %.1f s', time - $began, $slow;
cmp_ok $turns, '>', 3 * keys %rule, "time turned them ($turns times)";
is scalar $f->tend, 0, 'the engine lived through it';

# exits by time are told at their instant, not when the clock was looked at
my @exits = $x->sql("select e.at_us, (select max(p.at_us) from event p join event_type pt using (company_id, type_id) where p.person_id = e.person_id and pt.name = 'purchase')
	from event e join event_type t using (company_id, type_id) where t.name = 'segment_exited' and e.props like '%$id{'последняя'}%'");
cmp_ok scalar @exits, '>', 5, scalar(@exits) . ' left as a window ended';
is scalar(grep { $_->[0] != $_->[1] + 14 * $day * 1_000_000 } @exits), 0, 'each at the end of its window, to the microsecond';
done_testing;
