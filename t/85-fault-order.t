#!/usr/bin/env perl
# The same calls in three other orders, in batches cut otherwise, some of them twice: people, their values, names and events are the
# same in the end.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use JSON::PP;
use List::Util 'shuffle';
use Test::More;
use Time::HiRes 'time';

my $seed = $ENV{CXDP_FAULT_SEED} // time =~ s/\..*//r;
srand $seed;
note "seed $seed";
my $x = Cxdp->up;
my $json = JSON::PP->new->canonical;

my @calls;
for my $n (1 .. 240) {
	my $person = 1 + $n * 7 % 13;
	my $at = sprintf '2026-10-%02dT%02d:%02d:%02dZ', 1 + $n % 20, $n % 24, $n * 7 % 60, $n * 13 % 60;
	# a device is one person's, as devices of honest people are
	my %who = (anonymousId => "dev-$person-" . $n % 2, $n % 3 ? (userId => "user-$person") : ());
	push @calls, { messageId => "m$n", timestamp => $at, %who, $n % 4
		? (type => 'track', event => 'Event ' . $n % 5, properties => { n => $n })
		: (type => 'identify', userId => "user-$person", traits => { city => ('Минск', 'Брест', 'Лида')[$n % 3], score => $n, $n % 8 ? (firstName => "P$person") : (lastName => "L$n") }) };
}

my @seen;
for my $k (1 .. 4) {
	my ($status, $made) = $x->operator(qw(company create --country BY --currency BYN --timezone Europe/Minsk --language ru),
		'--name', "C$k", '--slug', "order-$k", '--admin-email', "a$k\@dev.example", '--admin-password', 'long enough 1');
	my $c = decode_json($made =~ s/\A.*?(?=\{)//sr);
	my @order = $k == 1 ? @calls : (shuffle(@calls), (shuffle @calls)[0 .. 40]);
	while (my @batch = splice @order, 0, 1 + rand 40) {
		my $r = $x->v1('batch', { batch => \@batch }, key => $c->{write_key});
		$r->{status} == 200 or die "$r->{status} $r->{content}";
	}
	my $sql = sub ($text) { $x->sql($text =~ s/COMPANY/$c->{company}/gr) };
	ok $x->wait_for(sub { ($x->sql("select count(*) from event e join event_type t using (company_id, type_id) where company_id = $c->{company} and json_value(props, '\$.n') is not null"))[0][0] == 180
		&& ($x->api(GET => 'health')->{json}{data}{journal_lag_s} // 1) == 0 }, 20, 'all'), "order $k is applied";
	my %person;
	for my $p (1 .. 13) {
		my $got = $x->api(GET => "profiles?external_id=user-$p", undef, key => $c->{api_key})->{json}{data} or die "no user-$p";
		delete @{ $got->{fields} }{qw(created_at first_seen_at)};
		my $events = $x->api(GET => "profiles/$got->{id}/events?limit=1000", undef, key => $c->{api_key})->{json}{data};
		$person{$p} = { fields => $got->{fields}, names => [sort map { "$_->{kind}=$_->{value}" } @{ $got->{identities} }],
			events => [sort map { "$_->{type} " . ($_->{at} // '') . ' ' . $json->encode($_->{properties} // {}) } grep { ($_->{type} // '') =~ /^(Event|identify)/ } @$events] };
	}
	push @seen, \%person;
}
is_deeply $seen[$_], $seen[0], "order $_ leaves the same people as order 0" for 1 .. $#seen;
cmp_ok scalar(map { @{ $_->{events} } } values %{ $seen[0] }), '>=', 200, 'with all their events';
is scalar(grep { $_->{fields}{city} && $_->{fields}{score} } values %{ $seen[0] }), 13, 'and values';
done_testing;
