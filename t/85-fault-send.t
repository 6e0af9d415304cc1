#!/usr/bin/env perl
# kill -9 of senders, jobs and the database while a campaign goes out: marketing letters at most once, transactional ones
# at least once with the same Message-ID, figures as a recount says. CXDP_FAULT_PEOPLE and CXDP_FAULT_SECONDS make it longer.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use SmtpLedger;
use Test::More;
use Time::HiRes qw(sleep time);

my $people = $ENV{CXDP_FAULT_PEOPLE} // 300;
my $seed = $ENV{CXDP_FAULT_SEED} // time =~ s/\..*//r;
srand $seed;
note "seed $seed";
my $file = "/tmp/cxdp-relay-$$";
my $relay = SmtpLedger->new(file => $file, slow_ms => 60);
END { local $?; $relay->stop if $relay; unlink $file if defined $file }
my $x = Cxdp->up(conf => { smtp_url => $relay->url, lease_s => 5 });

for my $from (map { $_ * 200 } 0 .. ($people - 1) / 200) {
	my @batch = map { { type => 'identify', userId => "p$_", messageId => "m$_",
		traits => { email => "p$_\@shop.example", firstName => "P$_" } } } $from .. ($from + 199 < $people ? $from + 199 : $people - 1);
	is $x->v1('batch', { batch => \@batch })->{status}, 200, 'people come';
}
ok $x->wait_for(sub { ($x->sql('select count(*) from person'))[0][0] == $people }, 30, 'people'), 'they are there';
my $company = ($x->sql('select company_id from company'))[0][0];
$x->sql("insert into consent select $company, person_id, 'email', 1, 1, 0, 'test' from person");
$x->sql(q{update person set consents = '{"email":true}'});
my $template = $x->api(POST => 'templates', { name => 'T', subject => 'Hello {{ profile.first_name }}', body => '<p>Hello</p>' })->{json}{data}{id};
my $segment = $x->api(POST => 'segments', { name => 'All', rule => 'return known()' })->{json}{data}{id};
ok $x->wait_for(sub { ($x->api(GET => "segments/$segment")->{json}{data}{size} // 0) == $people }, 20, 'segment'), 'and in a segment';
my $campaign = $x->api(POST => 'campaigns', { name => 'C', template_id => $template, segment_id => $segment })->{json}{data}{id};

my @single;
is $x->api(POST => "campaigns/$campaign/launch")->{status}, 202, 'the campaign is launched';
my %killed;
my $until = time + ($ENV{CXDP_FAULT_SECONDS} // 20);
while (time < $until) {
	sleep 0.1 + rand 0.35;
	if (@single < 20) {
		my $r = $x->api(POST => 'messages', { template => 'T', to => { external_id => 'p' . int rand $people } });
		push @single, $r->{json}{data}{id} if $r->{status} == 202;
	}
	my $victim = rand() < 0.12 ? 'mysql' : rand() < 0.2 && !$killed{'engine-jobs'} ? 'engine-jobs' : 'engine-send';
	$killed{$victim}++ if eval { $x->kill9($victim) };
	my ($over) = eval { $x->sql("select count(*) from message where origin_id = $campaign and lane = 0") };
	last if $over && $over->[0] == $people;
}
note join ', ', map { "$_ killed $killed{$_} times" } sort keys %killed;
cmp_ok $killed{'engine-send'} // 0, '>=', 3, 'senders died while it went out';

ok $x->wait_for(sub {
	my ($row) = eval { $x->sql('select count(*), sum(lane = 0) from message') } or return;
	$row->[0] == $people + @single && $row->[1] == $row->[0];
}, 90, 'an end'), 'every message comes to an end' or diag explain [$x->sql('select state, lane, count(*), min(reason) from message group by 1, 2')];

my $taken = SmtpLedger::read_file($file);
my (%state, %times);
for ($x->sql('select message_id, company_id, state, transactional, reason from message')) {
	my ($id, $c, $state, $single, $reason) = @$_;
	my $n = $taken->{"$id.$c\@dev.example"} // 0;
	my $kind = $single ? 'single' : 'campaign';
	$state{$kind}{$state}++;
	$times{$kind}{twice}++ if $n > 1;
	$times{$kind}{lost}++ if $state eq 'sent' && $n == 0;
	$times{$kind}{never}++ if $n == 0;
	$times{$kind}{wrong}++ if $state !~ /^(sent|uncertain)$/;
	diag "$kind $id: $state ($reason), taken $n times" if ($single && $n == 0) || $state !~ /^(sent|uncertain)$/;
	$times{$kind}{doubted_in_vain}++ if $state eq 'uncertain' && $n == 0;
}
note explain \%state, \%times;
is $times{campaign}{twice} // 0, 0, 'no marketing letter went out twice';
is $times{campaign}{lost} // 0, 0, 'none is called sent that did not go out';
is $times{campaign}{wrong} // 0, 0, 'each is sent or uncertain';
is $times{single}{never} // 0, 0, 'every transactional letter went out';
is $state{single}{sent}, scalar @single, 'and is called sent';
cmp_ok $state{campaign}{uncertain} // 0, '<=', 8 * (($killed{'engine-send'} // 0) + ($killed{mysql} // 0)), 'only letters on their way are in doubt: at most one a connection and death';

my $f = $x->wait_for(sub { $x->api(GET => "campaigns/$campaign/stats")->{json}{data} }, 30, 'figures');
is_deeply [map { $f->{$_} // 0 } qw(audience queued sent uncertain failed skipped waiting)],
	[$people, $people, map { $_ // 0 } @{ $state{campaign} }{qw(sent uncertain failed skipped)}, 0], 'figures are what a recount says' or diag explain $f;
is(($x->sql("select count(*) from event e join event_type t using (company_id, type_id) where t.name = 'email_sent'"))[0][0],
	($state{campaign}{sent} // 0) + @single, 'each sent letter is one event');
my $c = $x->wait_for(sub { my $c = $x->api(GET => "campaigns/$campaign")->{json}{data}; ($c->{state} // '') eq 'done' && $c }, 30, 'done');
ok $c, 'and the campaign is done';
done_testing;
