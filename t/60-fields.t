#!/usr/bin/env perl
# Fields of a company's own: limits hold at every door, protected ones are not set from a site, personal ones are hidden from managers,
# what is calculated follows what it reads, a field in use stays.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use JSON::PP;
use Test::More;
use Time::HiRes 'sleep';

my $x = Cxdp->up;
my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
sub field ($name, $type, %options) { return $x->api(POST => 'fields', { name => $name, label => $name, type => $type, options => \%options }) }
sub person ($who) { return $x->api(GET => "profiles?external_id=$who")->{json}{data} }
sub put ($who, %fields) { return $x->api(POST => 'profiles', { external_id => $who, fields => \%fields }) }

# --- limits ---

is field('size', 'choice', choices => ['S', 'M', 'L'])->{status}, 201, 'a choice';
is field('tastes', 'multichoice', choices => ['зелёный', 'улун'])->{status}, 201, 'a multichoice';
is field('age', 'number', min => 14, max => 120, unit => 'лет')->{status}, 201, 'a number with limits';
is field('since', 'date', min => '2020-01-01')->{status}, 201, 'a date from a day on';
is field('code', 'text', pattern => '[A-Z]{2}\d{4}')->{status}, 201, 'a text of a form';
is_deeply +(grep { $_->{name} eq 'age' } @{ $x->api(GET => 'fields')->{json}{data} })[0]{options}, { min => 14, max => 120, unit => 'лет' }, 'and the list says so';
for my $bad ([size => 'XL'], [size => 's'], [tastes => ['улун', 'кофе']], [age => 13], [age => 121], [since => '2019-12-31'], [code => 'AB12345'], [code => 'xAB1234']) {
	my $r = put('anna', @$bad);
	is $r->{status}, 422, "$bad->[0]: refused";
	is $r->{json}{error}{field}, $bad->[0], 'by name';
}
is put('anna', size => 'M', tastes => ['улун'], age => 14, since => '2020-01-01', code => 'AB1234')->{status}, 201, 'what is within them is taken';
for my $wrong ([text => min => 1], [number => choices => ['a']], [text => pattern => '('], [number => max => 'many'], [text => unit => 'x' x 30], [list => formula => '1'], [number => formula => 'cty + 1'], [number => formula => 'age +'], [choice => choices => ['a', 'a']]) {
	my $r = field('odd', $wrong->[0], $wrong->[1] => $wrong->[2]);
	is $r->{status}, 422, "$wrong->[0] with $wrong->[1] like that is no field";
	is $r->{json}{error}{field}, $wrong->[1], 'which is said of the option';
}
my $unknown = field('odd', 'text', whatever => 1);
is $unknown->{status}, 422, 'there is no such option';
like $unknown->{json}{error}{message}, qr/"whatever"/, 'which is said';
is field('odd', 'number', min => 5, max => 4)->{status}, 422, 'the most is not less than the least';

my $im = $x->upload('sizes.csv', "external_id;age;size\nf1;50;S\nf2;7;S\nf3;50;XXL\n")->{json}{data};
$x->api(POST => "imports/$im->{id}/start", { mapping => { external_id => 'external_id', age => 'age', size => 'size' }, key => 'external_id' });
ok $x->wait_for(sub { $x->api(GET => "imports/$im->{id}")->{json}{data}{state} eq 'done' }, 20, 'import'), 'a file';
is_deeply { map { $_ => $x->api(GET => "imports/$im->{id}")->{json}{data}{$_} } qw(inserted failed) }, { inserted => 1, failed => 2 }, 'is held to them, too';

# --- protected ---

is field('credit', 'number', protected => JSON::PP::true)->{status}, 201, 'a protected field';
$x->v1(identify => { userId => 'site', traits => { credit => 1000, city => 'Минск' } });
ok $x->wait_for(sub { (person('site') // {})->{fields}{city} }, 20, 'site'), 'a page says who somebody is';
is person('site')->{fields}{credit}, undef, 'and cannot set what is protected';
is put('site', credit => 5)->{status}, 200, 'the API can';
is person('site')->{fields}{credit}, 5, 'and does';

# --- calculated ---

put("p$_", spent => $_ * 10, orders => $_ % 3) for 1 .. 30;
is $x->api(POST => 'fields', { name => $_, label => $_, type => 'number' })->{status}, 201, $_ for qw(spent orders);
is field('check', 'number', formula => 'orders > 0 and spent / orders or nil')->{status}, 201, 'a calculated field';
is put('p1', check => 5)->{status}, 422, 'nobody sets it';
my $up = $x->upload('check.csv', "external_id;check\nf1;50\n")->{json}{data}{id};
is $x->api(POST => "imports/$up/start", { mapping => { external_id => 'external_id', check => 'check' }, key => 'external_id' })->{status}, 422, 'no file either';
$x->v1(identify => { userId => 'p1', traits => { check => 7 } });
my $right = sub {
	my @wrong;
	for my $n (1 .. 30) {
		my $f = (person("p$n") // {})->{fields};
		my $want = $f->{orders} ? $f->{spent} / $f->{orders} : undef;
		push @wrong, "p$n" if ($f->{check} // 'none') ne ($want // 'none');
	}
	return "@wrong";
};
ok $x->wait_for(sub { $right->() eq '' }, 20, 'calculated'), 'everybody has it' or diag $right->();
put('p4', spent => 400);
ok $x->wait_for(sub { (person('p4')->{fields}{check} // 0) == 400 }, 20, 'followed'), 'it follows what it reads';
put('p5', orders => 0);
ok $x->wait_for(sub { !defined person('p5')->{fields}{check} }, 20, 'gone'), 'and goes where it is none any more';
put('new', spent => 90, orders => 3);
ok $x->wait_for(sub { (person('new')->{fields}{check} // 0) == 30 }, 20, 'new'), 'somebody new has it';
my $s = $x->api(POST => 'segments', { name => 'Large', rule => 'return field.check:at_least(300)' })->{json}{data}{id};
ok $x->wait_for(sub { $x->api(GET => "segments/$s")->{json}{data}{size} == 1 }, 20, 'segment'), 'segments ask for it like for any other';
is $x->api(PATCH => 'fields/check', { options => { formula => 'spent' } })->{status}, 200, 'another formula';
ok $x->wait_for(sub { (person('p5')->{fields}{check} // 0) == 50 && person('p30')->{fields}{check} == 300 }, 20, 'again'), 'and everybody is gone through again';
my $written = sub { ($x->sql(q{select count(*) from event where props like '%"field":"check"%'}))[0][0] };
my $writes = $written->();
sleep 3;
is $written->(), $writes, 'what is right is not written again and again';
is field('loop', 'number', formula => 'check + 1')->{status}, 422, 'a formula reads no calculated field';
is $x->api(PATCH => 'fields/check', { options => { formula => 'check + 1' } })->{status}, 422, 'nor itself';
is $x->api(PATCH => 'fields/orders', { label => 'Заказы' })->{status}, 200, 'another field';
is field('slow', 'number', formula => 'spent + #text.rep(text.rep("x", 9000), 9000)')->{status}, 201, 'a formula that takes too much';
ok $x->wait_for(sub { $admin->get('/fields')->{text} =~ /остановлено/ }, 20, 'stopped'), 'is stopped, and the page says so';
put('p7', spent => 70.5);
ok $x->wait_for(sub { (person('p7')->{fields}{check} // 0) == 70.5 }, 20, 'others'), 'while others go on';
$x->again;
put('p6', spent => 61);
ok $x->wait_for(sub { (person('p6')->{fields}{check} // 0) == 61 }, 20, 'after a restart'), 'it goes on after a restart';

# --- in use ---

my $r = $x->api(DELETE => 'fields/check');
is $r->{status}, 409, 'a field a segment asks for is not deleted';
like $r->{json}{error}{message}, qr/segment "Large"/, 'and it says which';
is $x->api(DELETE => 'fields/spent')->{status}, 409, 'nor one a formula reads';
like $admin->get('/fields?name=check&type=number')->{text}, qr{href="/segments/$s">Large}, 'the page shows who uses it';
my $folder = sub ($name, $of, %f) { ($admin->post('/folders/new', { name => $name, rule => "return field.$of:is 'AB1234'", %f })->{headers}{location} // '') =~ /folder=(\d+)/ ? $1 : die };
my $shared = $folder->('Коды', 'code', shared => 1);
$r = $x->api(DELETE => 'fields/code');
is $r->{status}, 409, 'nor one a folder of the list of clients asks for';
like $r->{json}{error}{message}, qr/folder "Коды"/, 'by name';
like $admin->get('/fields?name=code&type=text')->{text}, qr{href="/clients\?folder=$shared">Коды}, 'with a link';
$admin->post("/folders/$shared/delete");
my $own = $folder->('Секретное', 'code');
$r = $x->api(DELETE => 'fields/code');
is $r->{status}, 409, 'nor for a folder only its owner sees';
unlike $r->{json}{error}{message} . $admin->get('/fields?name=code&type=text')->{text}, qr/Секретное/, 'whose name is the owner\'s alone';
$admin->post("/folders/$own/delete");
my $once = $x->api(POST => 'segments', { name => 'Once', rule => 'return known()', unique => { by => 'code', keep => 'first_created' } })->{json}{data}{id} // die;
is $x->api(DELETE => 'fields/code')->{status}, 409, 'nor one by which a segment leaves out repeats';
$x->api(DELETE => "segments/$once");
$admin->post('/fields/delete', { name => 'check' });
ok grep({ $_->{name} eq 'check' } @{ $x->api(GET => 'fields')->{json}{data} }), 'nor is it by hand';
is $admin->post('/fields/delete', { name => 'code' })->{status}, 303, 'one nobody uses is';
ok !grep({ $_->{name} eq 'code' && $_->{state} eq 'active' } @{ $x->api(GET => 'fields')->{json}{data} }), 'deleted';
like $admin->post('/fields', { name => 'odd', label => '', type => 'number', formula => "1 +\ncty" })->{text}, qr/id="e-formula"/, 'what is wrong with a formula is said beside it';
is $admin->post('/fields', { name => 'colour', label => 'Цвет', type => 'choice', choices => "чёрный\nбелый\n", default => 'чёрный' })->{status}, 303, 'a choice made by hand';

# --- personal, assumed ---

is field('passport', 'text', pii => JSON::PP::true)->{status}, 201, 'a personal field';
put('anna', passport => 'MP1234567', email => 'anna@shop.example');
$x->wait_for(sub { (person('anna')->{fields}{passport} // '') ne '' }, 20, 'stored');
my $id = person('anna')->{id};
$admin->post('/company/users/new', { email => 'manager@dev.example', name => 'Маша', role => 'manager', password => 'long enough 2' });
my $manager = Browser->new($x)->login($x->login_path, 'manager@dev.example', 'long enough 2');
is $x->api(POST => 'events', { external_id => 'anna', event => 'Desk Visited', messageId => 'desk', properties => { desk => 7, passport => 'MP1234567', form => { passport => 'MP1234567' } } })->{status}, 201, 'an event that has it among its properties';
ok $x->wait_for(sub { $admin->get("/clients/$id")->{text} =~ /Desk Visited/ }, 10, 'the event'), 'is on the card';
like $admin->get("/clients/$id")->{text}, qr{<dt class="mono">passport</dt><dd>MP1234567}, 'with it for an administrator';
like $manager->get("/clients/$id")->{text}, qr{<dt class="mono">desk</dt><dd>7</dd>\s*<dt class="mono">form</dt><dd>[^<]*•••[^<]*</dd>\s*<dt class="mono">passport</dt><dd>•••}, 'without it for a manager';
my $rule = "return field.city:is('Гродно')\n  & field.passport\n  :starts('MP')";
put('anna', city => 'Гродно');
my $known = $x->api(POST => 'segments', { name => 'Known', rule => $rule })->{json}{data}{id};
ok $x->wait_for(sub { ($x->api(GET => "segments/$known")->{json}{data}{size} // 0) == 1 }, 15, 'built'), 'a segment asks for it';
put('boris', passport => 'MP7654321', city => 'Гродно'); # and one who comes in, so that the timeline has it
my $boris = person('boris')->{id};
ok $x->wait_for(sub { $admin->get("/clients/$boris")->{text} =~ /MP7654321.*MP7654321/s }, 15, 'came in'), 'an administrator sees why somebody came in';
my $seen = qr/MP1234567|MP7654321|4d5031|4d5037|6d7031|6d7037/i; # also as in a cursor
for my $who ($id, $boris) {
	unlike $manager->get("/clients/$who$_")->{text}, $seen, "a manager does not see it: the card $_" for '', '?tab=fields', '?what=changes', '?what=segments', '?tab=segments', '?tab=merges', '/similar', '/events';
}
my $many = $x->api(POST => 'profiles/actions', { action => 'set_field', ids => [$boris], field => 'passport', value => 'MP7654321' })->{json}{data}{job};
$x->wait_for(sub { $x->api(GET => "jobs/$many")->{json}{data}{state} eq 'done' }, 15, 'many');
like $admin->get('/jobs')->{text}, qr/MP7654321/, 'an administrator sees what many got';
unlike $manager->get($_)->{text}, $seen, "nor here: $_" for '/clients?c[]=passport', '/clients?q=MP12345', '/search?q=MP12345', "/segments/$known", "/segments/$known/members",
	'/segments/values?field=passport', '/', '/feed', '/duplicates', '/jobs', '/fields', '/fields?name=passport';
$manager->post('/clients/view', { 'c[]' => ['passport', 'city'] });
like $manager->get('/clients')->{text}, qr/•••/, 'it is a column of dots';
put("many$_", passport => "MP1234567$_") for 1 .. 60;
my $of_many = '/clients?sort=passport';
ok $x->wait_for(sub { $admin->get($of_many)->{text} =~ $seen && $admin->get($of_many)->{text} =~ /cursor=\d+(?:=|%3D)(?:4d|6d)/i }, 5, 'many'), 'what the next page begins behind is in its address';
unlike $manager->get($of_many)->{text}, $seen, 'a manager has no such order';
unlike $manager->post('/segments/preview', { rule => $rule })->{text}, $seen, 'nor is it in the sample\'s reasons';
like $manager->post('/segments/preview', { rule => $rule })->{text}, qr/ → •••/, 'which are there without it';
unlike $manager->post('/clients/act', { what => 'field', field => 'passport', 'id[]' => [$id, $boris] })->{text}, $seen, 'nor before many get another';
is $manager->post("/clients/$id/fields", { 'f.passport' => 'x', 'was.passport' => 'y' })->{status}, 303, 'a form that says it';
is person('anna')->{fields}{passport}, 'MP1234567', 'changes nothing, and is not told what is there';
$x->v1(track => { userId => 'anna', event => 'Checked', properties => { document => 'Paper-7' } });
my $offered = '/segments/values?event=Checked&prop=document&q=paper';
ok $x->wait_for(sub { $admin->get($offered)->{text} =~ /Paper-7/ }, 20, 'the event'), 'what stands in events is offered';
like $manager->get($offered)->{text}, qr/"values":\[\]/, 'but to no manager while there is a personal field';
is $manager->post("/clients/$id/file")->{status}, 403, 'nor takes all of the person along';
is $manager->post('/exports/new', { source => 'all', 'c[]' => ['email', 'passport'], format => 'csv', delimiter => ';' })->{status}, 403, 'nor exports it';
my $ex = $x->api(POST => 'exports', { source => 'all', fields => ['passport'], format => 'csv' })->{json}{data}{id} // die;
ok $x->wait_for(sub { $x->api(GET => "exports/$ex")->{json}{data}{state} eq 'done' }, 20, 'exported'), 'an export of somebody else';
is $manager->post("/exports/$ex/file")->{status}, 403, 'is not a manager\'s to take';
is $admin->post("/exports/$ex/file")->{status}, 200, 'but an administrator\'s';
$x->v1(identify => { traits => { passport => 'MP1234567' } }); # of nobody
my @sources = map { "/sources/$_->{id}" } @{ $x->api(GET => 'sources')->{json}{data} };
ok $x->wait_for(sub { grep { $admin->get("$_/feed")->{text} =~ $seen } @sources }, 10, 'refused'), 'a call that was refused is shown';
unlike $manager->get($_)->{text}, $seen, "not to a manager: $_" for map { ($_, "$_/feed") } @sources;
my $file = $x->upload('secret.csv', "external_id;passport;age\nvera;MP1234567;7\n")->{json}{data}{id};
$x->api(POST => "imports/$file/start", { mapping => { external_id => 'external_id', passport => 'passport', age => { to => 'age' } }, key => 'external_id' });
ok $x->wait_for(sub { $x->api(GET => "imports/$file")->{json}{data}{state} eq 'done' }, 15, 'import'), 'a file of somebody else with it';
is $manager->get("/imports/$file$_")->{status}, 403, "is not shown to a manager: $_" for '', '/errors', '/progress';
like $admin->get("/imports/$file/errors")->{text}, qr/MP1234567/, 'but to an administrator';
is $manager->get("/imports/$im->{id}")->{status}, 200, 'files without it are';
is $manager->post('/fields', { name => 'passport', label => 'P', type => 'text', known => 1 })->{status}, 403, 'a manager does not make it less personal';
is $manager->post('/fields/delete', { name => 'passport' })->{status}, 403, 'nor deletes it';
is $manager->post('/fields', { name => 'copy', label => 'C', type => 'text', formula => 'passport' })->{status}, 403, 'nor copies it by a formula';
is $manager->post('/fields', { name => 'plain', label => 'P', type => 'text' })->{status}, 303, 'but makes fields';
like $admin->get("/clients/$id")->{text}, qr/MP1234567/, 'an administrator does';
like $admin->get("/clients/$id")->{text}, qr{class="fnt" title="[^"]+">чёрный}, 'what is not known is assumed, in grey';
like $admin->get("/clients/$id")->{text}, qr/14\x{a0}лет/, 'a number has its unit';
$x->api(POST => 'templates', { name => 'Other', subject => 'Hi', body => '<p>{{ profile.colours }}</p>' });
my $t = $x->api(POST => 'templates', { name => 'T', subject => 'Цвет', body => '<p>{{ profile.colour }}!</p>' })->{json}{data}{id};
my $kept = $x->api(DELETE => 'fields/colour');
is $kept->{status}, 409, 'nor is a field a letter speaks of deleted';
like $kept->{json}{error}{message}, qr/^1 use this field: template "T"$/, 'which is named, and not one that says another';
$x->api(POST => 'messages', { template => $t, to => $id });
sub mails () { return join "\n", map { open my $f, '<', $_ or die; local $/; <$f> } glob $x->env('MAIL_DIR') . '/*' }
ok $x->wait_for(sub { mails() =~ /0YfRkdGA0L3Ri9C5|=D1=87=D1=91=D1=80=D0=BD=D1=8B=D0=B9/ }, 20, 'a letter'), 'and letters say it';

# --- letters as they were sent say what not everybody may see ---

is $x->api(POST => 'templates', { name => 'Билет', subject => 'Билет', body => '<p>№ {{ profile.passport }}. Место {{ vars.seat }}</p>' })->{status}, 201, 'a template that says it';
my $sent = $x->api(POST => 'messages', { template => 'Билет', to => { external_id => 'anna' }, vars => { seat => '12А' } })->{json}{data}{id};
ok $x->wait_for(sub { ($x->sql("select count(*) from letter where message_id = $sent"))[0][0] }, 20, 'sent'), 'a letter of it goes out';
my $template = (grep { $_->{name} eq 'Билет' } @{ $x->api(GET => 'templates')->{json}{data} })[0]{id};
is $x->api(PATCH => "templates/$template", { body => '<p>Новое: {{ profile.passport }}, {{ vars.seat }}</p>' })->{status}, 200, 'the template is another now';
my $letter = sub ($who) { $who->get("/clients/$id/letters/$sent")->{text} };
like $letter->($admin), qr/№ MP1234567\. Место 12А/, 'it is shown as it went out';
like $admin->get("/clients/$id?tab=messages")->{text}, qr/Так письмо ушло/, 'and the card says so';
like $letter->($manager), qr/Новое: , 12А/, 'to a manager it is made anew, without what is personal';
like $manager->get("/clients/$id?tab=messages")->{text}, qr/Собрано заново/, 'and the card says so';
unlike $manager->get("/clients/$id?tab=messages")->{text}, qr/Так письмо ушло/, 'nothing else';
done_testing;
