#!/usr/bin/env perl
# A segment's life in a real Chromium: t/lib/ui-segments.mjs sets options, freezes, archives, compares versions, fills lists by hand and
# drags segments over each other.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 400 }
use Browser;
use Cxdp;
use Test::More;

my $x = Cxdp->up;
my $n = 0;
for my $city ('Минск', 'Минск', 'Минск', 'Брест', 'Брест', 'Лида') {
	$n++;
	$x->api(POST => 'profiles', { external_id => "p$n", email => "p$n\@shop.example", fields => { first_name => "Человек $n", city => $city, bonus => $n } })->{status} == 201 or die;
}
my %id = map {
	my $r = $x->api(POST => 'segments', { name => $_->[0], rule => $_->[1] });
	$_->[0] => $r->{json}{data}{id} // die $r->{content};
} ['Минчане', 'return field.city:is "Минск"'], ['Богатые', 'return field.bonus:more(2)'], ['Не из Лиды', "return field.city:is_not \"Лида\"\n     & known()"];
$x->wait_for(sub { !grep { $_->[0] ne 'ready' } $x->sql('select state from segment') }, 15, 'the segments');
$x->api(POST => 'campaigns', { name => 'Письмо минчанам', segment_id => $id{'Минчане'},
	template_id => $x->api(POST => 'templates', { name => 'Письмо', subject => 'Тема', body => '<p>x</p>' })->{json}{data}{id} })->{status} == 201 or die;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/ui-segments.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
	elsif (!/^1\.\.\d+$/) { note $_ }
}
is $status, 0, 'the browser is content';
my %did = map { $_->[0] => 1 } $x->sql("select action from audit_log where action like 'segment.%'");
is join(' ', sort keys %did), 'segment.archive segment.change segment.create segment.options segment.put segment.restore segment.take', 'the log of actions tells it';

# who may touch a locked one
my ($link, $mail, $password) = ($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $admin = Browser->new($x)->login($link, $mail, $password);
$admin->post('/company/users/new', { email => 'masha@dev.example', name => 'Маша', role => 'manager', password => 'long enough 2' });
my ($masha) = $x->sql("select user_id from user where email = 'masha\@dev.example'");
my $other = $masha ? Browser->new($x)->login($link, 'masha@dev.example', 'long enough 2') : die 'no manager';
my $closed = $id{'Минчане'};
my $row = sub { join ' ', map { $_ // '-' } @{ ($x->sql("select name, version, locked, folder, archived_at_us from segment where segment_id = $closed"))[0] } };
my $was = $row->();
like $was, qr/ 1 Города/, 'a locked one';
for (["/segments/$closed" => { name => 'Моё', rule => 'return known()' }], ["/segments/$closed/options" => { folder => 'Моё' }],
	["/segments/$closed/archive" => { away => 1 }], ["/segments/$closed/delete" => {}], ["/segments/$closed/people" => { people => 'p1', do => 'put' }]) {
	is $other->post(@$_)->{status}, 303, "$_->[0] of another user leads back";
}
is $row->(), $was, 'and changes nothing';
like $other->get("/segments/$closed/options")->{text}, qr/закрыт/i, 'the page says why';
is $other->post("/segments/$closed/copy", {})->{status}, 303, 'a copy may be made';
is $admin->post("/segments/$closed/options", { folder => 'Все' })->{status}, 303, 'the administrator takes the lock off';
like $row->(), qr/ 0 Все/, 'as asked';
is $other->post("/segments/$closed/options", { folder => 'Моё' })->{status}, 303, 'then others may';
like $row->(), qr/ 0 Моё/, 'change it';

# what a folder of the list of clients asks for is used
my $free = $x->api(POST => 'segments', { name => 'Гости', rule => 'return known()' })->{json}{data}{id};
my $folder = ($other->post('/folders/new', { name => 'Тайная', rule => 'return segment "Гости"' })->{headers}{location} // '') =~ /folder=(\d+)/ ? $1 : die;
like $admin->get("/segments/$free/options")->{text}, qr/личная, Маша/, 'a folder of one user uses a segment';
$admin->post("/segments/$free/delete", {});
my $r = $x->api(DELETE => "segments/$free");
is $r->{status}, 409, 'which is not deleted then';
unlike $r->{content} . $admin->get("/segments/$free/options")->{text}, qr/Тайная/, 'its name stays the owner\'s';
$other->post("/folders/$folder", { do => 'name', name => 'Явная', shared => 1 });
like $admin->get("/segments/$free/options")->{text}, qr{href="/clients\?folder=$folder">Явная}, 'one for everybody is named, with a link';
$other->post("/folders/$folder", { do => 'name', name => 'Тайная' });
$x->sql("update user set state = 'disabled' where user_id = $masha->[0]");
is $x->api(DELETE => "segments/$free")->{status}, 204, 'whose owner is gone does not hold it for ever';
done_testing;
