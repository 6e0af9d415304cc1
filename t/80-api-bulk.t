#!/usr/bin/env perl
# Ten thousand profiles in one request: a job, errors by place, once only, also when its process dies in the middle.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my @profiles = map { { external_id => "b$_", email => "b$_\@bulk.example", fields => { first_name => "Имя $_", score => $_ } } } 1 .. 9997;
push @profiles, { fields => { city => 'Минск' } }, { external_id => 'b-bad', fields => { birthday => 'soon' } }, 'no object';
my $known = $x->api(POST => 'profiles', { external_id => 'b1', fields => { city => 'Брест' } })->{json}{data}{id};
my $gone = $x->api(POST => 'profiles', { external_id => 'b2' })->{json}{data}{id};
is $x->api(DELETE => "profiles/$gone")->{status}, 202, 'somebody is erased';
is $x->api(POST => 'profiles/bulk', { profiles => [] })->{status}, 422, 'none is too few';
is $x->api(POST => 'profiles/bulk', { profiles => [@profiles, {}] })->{status}, 422, '10,001 are too many';
my %once = (headers => { 'idempotency-key' => 'bulk-1' });
my $r = $x->api(POST => 'profiles/bulk', { profiles => \@profiles }, %once);
is $r->{status}, 202, 'ten thousand are a job' or diag $r->{content};
my $job = $r->{json}{data}{job};
is $x->api(POST => 'profiles/bulk', { profiles => \@profiles }, %once)->{json}{data}{job}, $job, 'the same key is the same job';
ok $x->wait_for(sub { $x->api(GET => "jobs/$job")->{json}{data}{done} > 0 }, 20, 'a beginning'), 'it tells how far it is';
$x->kill9('engine-jobs');
my $told;
ok $x->wait_for(sub { $told = $x->api(GET => "jobs/$job")->{json}{data}; $told->{state} eq 'done' }, 90, 'the job'), 'its process is killed, it comes to its end';
my $result = $told->{result};
is_deeply [@$result{qw(created updated failed)}], [9995, 1, 4], 'made, changed and failed are counted once' or diag explain $result;
is_deeply [map { "$_->{index} $_->{field}" } sort { $a->{index} <=> $b->{index} } @{ $result->{errors} }], ['1 ', '9997 external_id', '9998 birthday', '9999 '], 'errors say which, and which field';
like $result->{errors}[0]{message}, qr/erased/, 'who was erased is not brought back';
is(($x->sql("select count(*) from person where email like '%bulk.example'"))[0][0], 9996, 'the others are there');
is $x->api(GET => "profiles/$known")->{json}{data}{fields}{first_name}, 'Имя 1', 'a known one is changed';
is(($x->sql("select count(*) from event e join event_type t using (company_id, type_id) where t.name = 'identify'"))[0][0], 9996 + 1, 'nothing twice');
ok $x->wait_for(sub { $x->api(POST => 'segments/preview', { rule => 'return field.email:contains "bulk.example"' })->{json}{data}{count} == 9996 }, 20, 'the columns'), 'rules see them';
is scalar(() = glob($x->dir . '/files/*/*.bulk')), 0, 'what was sent is removed';
done_testing;
