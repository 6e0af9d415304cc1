#!/usr/bin/env perl
# Tracking data, names and texts are hostile HTML, endless, right to left: each of t/lib/xss-corpus.txt comes in by every way there is, then
# every page of the door's table is opened with them in a real Chromium. No script of theirs runs, no address of theirs is asked, nothing is
# refused by the policy because nothing gets that far, nothing is too wide.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 300 }
use Browser;
use Cxdp;
use Encode qw(encode);
use Test::More;
use Walls;

my @long = ('Щ' x 900, 'a' x 1500, "Z\x{337}\x{321}\x{34f}a\x{337}l\x{337}g\x{337}o" x 10); # not HTML, but wide and high
my %plain = (n => "\n", r => "\r", t => "\t", 0 => "\0", '\\' => '\\');
open my $f, '<:encoding(UTF-8)', "$FindBin::Bin/lib/xss-corpus.txt" or die $!;
my @hostile = map { chomp; s/\\(?:x\{(\w+)\}|(.))/defined $1 ? chr hex $1 : $plain{$2} \/\/ $2/ger } grep { !/^#|^$/ } <$f>;
cmp_ok scalar @hostile, '>=', 60, 'there are enough of them';
push @hostile, @long;

my $x = Cxdp->up;
my $link = $x->login_path;
my $admin = Browser->new($x)->login($link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $root = Browser->new($x)->login('/login', $x->env('ROOT_EMAIL'), $x->env('ROOT_PASSWORD'));
sub cut ($t, $bytes) { chop $t while length encode('UTF-8', $t) > $bytes; return $t }
my $quoted = sub ($t) { '"' . $t =~ s/(["\\])/\\$1/gr =~ s/[\r\n\0]/ /gr . '"' };
my $url = sub ($t) { encode('UTF-8', $t) =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger };

my @refused;
my $taken = sub ($i, $what, $r, $most = 201) { push @refused, "text $i, $what: $r->{status} " . substr $r->{content}, 0, 200 if $r->{status} > $most; return $r };
for my $i (0 .. $#hostile) {
	my $t = $hostile[$i];
	my $name = substr $t, 0, 90;
	my $line = $t =~ s/[\r\n\0]/ /gr; # of programs: one line
	$taken->($i, 'profile', $x->api(POST => 'profiles', { external_id => "h$i", email => "h$i\@shop.example", consent => { email => { granted => \1, proof => $t } },
		fields => { first_name => $name, last_name => $name, city => $name, cut($t, 60) => $name } }));
	my %page = (title => $t, url => $t, path => $t, referrer => $t, search => $t);
	$taken->($i, 'batch', $x->v1(batch => { batch => [
		{ type => 'track', userId => "h$i", event => cut($t, 100), properties => { cut($t, 60) => $t, total => $t, currency => $t, deep => { $name => [$t] } } },
		{ type => 'track', userId => "h$i", event => 'Order Completed', properties => { order_id => $t, total => 5, currency => $t, products => [{ name => $t }] } },
		{ type => 'page', userId => "h$i", name => $t, category => $t, properties => \%page, context => { userAgent => $t,
			campaign => { source => $t, medium => $t, name => $t }, page => { url => 'javascript:alert(9)' } } },
		{ type => 'identify', userId => "h$i", traits => { avatar => $t, website => $t, cut("x$t", 60) => $name } },
		{ type => $t }, { type => 'track', userId => $t, event => '' } ] }));
	$x->http(GET => '/p.gif?k=' . $x->env('WRITE_KEY') . '&e=' . $url->(cut($t, 90)) . '&u=h' . $i . '&url=' . $url->($t) . '&title=' . $url->($t) . '&utm_source=' . $url->($t),
		headers => { referer => 'https://shop.example/?' . $url->($t), 'user-agent' => $url->($t) });
	my $s = $taken->($i, 'segment', $x->api(POST => 'segments', { name => $name, rule => 'return field.city:is ' . $quoted->($name) . " -- $line" }));
	my $l = $taken->($i, 'template', $x->api(POST => 'templates', { name => $name, subject => 'S ' . $name =~ s/[{}]//gr,
		body => '<p>{{ profile.first_name }}</p>' . ($t =~ /\{[{%]|<!--|-->|<script|<style|<template|<svg|on\w+=|srcdoc|style=/ ? '' : $t) }));
	$taken->($i, 'campaign', $x->api(POST => 'campaigns', { name => $name, segment_id => $s->{json}{data}{id}, template_id => $l->{json}{data}{id} }));
	$taken->($i, 'scenario', $x->api(POST => 'scenarios', { name => $name, script => 'return scenario { on = event.purchase, send(' . $quoted->($name) . ") } -- $line" }));
	$taken->($i, 'field', $x->api(POST => 'fields', { name => "f$i", label => $name, type => 'text' }));
	$taken->($i, 'product', $x->api(POST => 'products/bulk', { products => [{ external_id => "h$i", name => $name, price => { amount => 100, currency => 'BYN' }, category => $name, vendor => $name, url => 'https://shop.example/' . $url->($name) }] }), 202);
	if ($i % 6 == 0) {
		my $cell = '"' . encode('UTF-8', $line =~ s/"/""/gr) . '"';
		my $file = $taken->($i, 'import', $x->upload("x$i.csv", "email,$cell,$cell\nh$i\@shop.example,$cell,1\n$cell,x,y\n"), 202);
		$taken->($i, 'feed', $admin->post('/feeds/new', { name => $name, url => "https://feeds.invalid/$i", every_h => 24 }), 303);
		$taken->($i, 'export', $x->api(POST => 'exports', { source => { segment => $s->{json}{data}{id} }, fields => ['email', "f$i"], format => 'csv' }), 202);
	}
	my ($source) = ($taken->($i, 'source', $admin->post('/sources/new', { name => $name, kind => $i % 2 ? 'site' : 'system' }), 303)->{headers}{location} // '') =~ m{(\d+)$};
	$taken->($i, 'binding', $admin->post("/sources/$source/bindings/new", { event => cut($t, 100), kind => 'click', selector => 'a[title=' . $quoted->($line) . ']', where => "/$line", properties => '' }), 422) if $i % 2; # what is no selector is refused
	$taken->($i, 'user', $admin->post('/company/users/new', { email => "u$i\@dev.example", name => $name, role => 'manager', password => '' }), 303) if $i % 6 == 0;
	$taken->($i, 'key', $admin->post('/company/keys/new', { name => $name, 'scope[]' => 'events:read' }), 303);
	$taken->($i, 'company', $root->post('/platform/new', { name => $name, slug => "hostile$i", country => 'BY', currency => 'BYN', timezone => 'Europe/Minsk', language => 'ru',
		email => "boss\@h$i.example", password => 'long enough 1' }), 303) if $i % 6 == 0;
}
cmp_ok(($x->sql('select count(*) from binding'))[0][0], '>', 20, 'many bindings are taken');
is scalar(@refused), 0, 'all of it is taken as what it is: text' or diag join "\n", @refused[0 .. ($#refused < 12 ? $#refused : 12)];
$x->sql('update company set name = (select n from (select name n from segment order by segment_id limit 1) first) where slug = "dev"');
$x->wait_for(sub { ($x->sql('select count(*) from dead_letter'))[0][0] >= 50 }, 5, 'what was refused');
$x->wait_for(sub { !grep { $_->[0] ne 'ready' } $x->sql('select state from segment') }, 30, 'the segments');

# letters of hostile templates to hostile people: they stand in a sandbox on the card
my @people = map { $_->[0] } $x->sql('select person_id from person where company_id = (select company_id from company where slug = "dev") limit 6');
my @templates = map { $_->[0] } $x->sql('select template_id from template limit 6');
is $x->api(POST => 'messages', { template => "$templates[$_]", to => "$people[$_]" })->{status}, 202, 'a letter to one of them' for 0 .. $#templates;
push my @letters, map { "/clients/$_?tab=messages" } @people;

# what comes back in a header cannot end it
for my $t ("/x\r\nX-Planted: 1", "/%0d%0aX-Planted:%201", "/x\n\nbody") {
	my $b = Browser->new($x);
	for my $r ($b->post($link, { email => $x->env('ADMIN_EMAIL'), password => $x->env('ADMIN_PASSWORD'), next => $t }, csrf => undef), $b->get('/l/' . $url->($t)), $b->get('/segments?x=' . $url->($t)),
		$b->post('/language', { language => 'en', next => $t }, csrf => undef), $x->http(GET => '/clients', headers => { cookie => 'company=' . $url->($t) })) {
		ok !(grep { /planted/i } keys %{ $r->{headers} }), 'no header of theirs: ' . $t =~ s/[\r\n]/./gr;
	}
}

# pages that say again what they were asked; a few texts for each
my @asked = ('/search?q=', '/clients?q=', '/clients?all=1&rule=', '/clients?sort=', '/fields?name=', '/segments/new?rule=', '/campaigns/new?segment=', '/company/audit?action=',
	'/company/audit?user=', '/clients?cursor=', '/pass?k=', '/login?next=', "$link?next=", '/login/code?next=');
my @again = map { $asked[$_ % @asked] . $url->($hostile[$_]) } 0 .. $#hostile;
my @pages = grep { !$Walls::ui{ $_->{name} }{stranger} && $_->{path} !~ m{/(?:errors|rows)$} && $_->{method} eq 'GET' && $_->{right} =~ /^(?:none|self|work|company)$/ } Walls::routes('ui');
my $list = $x->dir . '/paths';
open my $out, '>', $list or die $!;
print $out "$_\n" for @again, @letters, map { $_->{path} =~ s/\{slug\}/dev/r } grep { $_->{path} !~ /\{(?!slug)/ } @pages;
my %of = (clients => 'person', imports => 'import', segments => 'segment', campaigns => 'campaign', sources => 'source', 'company/users' => 'user');
my $binding = sub ($source) { ($x->sql("select binding_id from binding where source_id = $source"))[0][0] // 0 };
for my $page (grep { $_->{path} =~ m{^/([\w/]+)/\{id\}/} } @pages) {
	my $table = $of{ $page->{path} =~ s{^/([\w/]+?)/\{.*}{$1}r };
	my $only = $page->{path} =~ m{/(?:hook|mapping)$} ? "kind = 'system'" : $page->{path} =~ m{/bindings} ? 'source_id in (select source_id from binding)' : '1';
	print $out $page->{path} =~ s/\{id\}/$_->[0]/r =~ s/\{binding\}/$binding->($_->[0])/er, "\n" for $x->sql("select ${table}_id from $table where $only and company_id = (select company_id from company where slug = 'dev') limit 12");
}
close $out;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/hostile.mjs", $x->url, $link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'), $list);
my ($seen, %kind) = (0);
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { $seen++; $kind{$2}++; ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
}
cmp_ok $seen, '>', 300, 'the pages were walked' or diag $said;
is $status, 0, 'the browser is content';
for my $page (@pages) {
	my $like = $page->{path} =~ s/\{slug\}/dev/r =~ s/\{\w+\}/N/gr;
	ok $kind{$like}, "$like was opened";
}
done_testing;
