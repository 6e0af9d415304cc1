#!/usr/bin/env perl
# The invented company of `./dev up --demo`, small: people, letters, campaigns, scenarios and segments are there through the doors.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my ($status, $said) = $x->operator('demo', '--url', $x->url, '--write-key', $x->env('WRITE_KEY'), '--api-key', $x->env('API_KEY'), '--company', 'dev', '--people', 150);
is $status, 0, 'the demo fills a company' or diag $said;
my $count = sub ($what) { scalar @{ $x->api(GET => "$what?limit=1000")->{json}{data} // [] } };
ok $x->wait_for(sub { $count->('profiles') >= 150 }, 30, 'people'), 'with people';
cmp_ok $count->($_), '>', 0, "with $_" for qw(templates campaigns scenarios segments);
ok $x->wait_for(sub { !grep { $_->{state} ne 'ready' } @{ $x->api(GET => 'segments')->{json}{data} } }, 20, 'segments'), 'whose rules all compile';
ok $x->wait_for(sub { ($x->api(POST => 'segments/preview', { rule => 'return event.purchase' })->{json}{data}{count} // 0) > 0 }, 20, 'buyers'), 'and people who bought';
my %made = map { $_->{name} => $_ } @{ $x->api(GET => 'segments')->{json}{data} };
ok((grep { $_->{static} && $_->{size} > 0 } values %made), 'a list of people among them');
ok((grep { $_->{unique} } values %made) && (grep { $_->{locked} } values %made) && (grep { $_->{archived_at} } values %made), 'one without repeats, one locked, one put away');
ok((grep { $_->{folder} && $_->{description} } values %made), 'in folders, with what they are for');
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
like $admin->get('/clients/folders')->{text}, qr/Золотые из Минска.*Позвонить самому|Позвонить самому.*Золотые из Минска/s, 'folders of the list, shared and private';
my $guest = $x->wait_for(sub { $x->api(GET => "profiles?filter=return%20event.page_view%20%26%20~field.level%3Aempty()&limit=1")->{json}{data}[0] }, 20, 'the formula');
ok $guest && $guest->{fields}{level}, 'a field that calculates itself';
my $visits = $admin->get("/clients/$guest->{id}?tab=visits")->{text};
like $visits, qr/Chrome|Safari/, 'visits know with what';
done_testing;
