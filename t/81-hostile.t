#!/usr/bin/env perl
# Tracking data, names and texts are hostile HTML, endless, right to left: every page opened with them in a real Chromium. No script
# of theirs runs, no address of theirs is asked, nothing is refused by the policy because nothing gets that far, nothing is too wide.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
BEGIN { $ENV{CXDP_TEST_SECONDS} //= 300 }
use Cxdp;
use Encode qw(encode);
use Test::More;

my @hostile = ('<script>window.planted=alert(1)</script>', '"><img src=https://evil.example/x onerror=alert(2)>', q{'-alert(3)-'},
	'javascript:alert(4)', '{{7*7}}${7*7}<%= 7*7 %>', '</textarea></script><svg/onload=alert(5)>', '" onmouseover="alert(6)" autofocus onfocus="alert(7)',
	'<iframe srcdoc="<script>parent.alert(8)</script>">', "\x{202e}RTL\x{202c} مرحبا بالعالم עברית", '👩‍👩‍👧‍👦🏳️‍🌈' x 20, 'Щ' x 900, 'a' x 1500,
	'--><!--<style>*{display:none}</style>', '&lt;b&gt;&amp;%3Cscript%3E', "Z\x{337}\x{321}\x{34f}a\x{337}l\x{337}g\x{337}o" x 10);

my $x = Cxdp->up;
sub cut ($t, $bytes) { chop $t while length encode('UTF-8', $t) > $bytes; return $t }
my $quoted = sub ($t) { '"' . $t =~ s/(["\\])/\\$1/gr . '"' };

my $made = 0;
for my $i (0 .. $#hostile) {
	my $t = $hostile[$i];
	my $name = substr $t, 0, 90;
	my $p = $x->api(POST => 'profiles', { external_id => "h$i", email => "h$i\@shop.example", consent => { email => { granted => \1, proof => $t } },
		fields => { first_name => $name, last_name => $name, city => $name, cut($t, 60) => $name } });
	my %page = (title => $t, url => $t, path => $t, referrer => $t, search => $t);
	my $b = $x->v1(batch => { batch => [
		{ type => 'track', userId => "h$i", event => cut($t, 100), properties => { cut($t, 60) => $t, total => $t, currency => $t, deep => { $name => [$t] } } },
		{ type => 'track', userId => "h$i", event => 'Order Completed', properties => { order_id => $t, total => 5, currency => $t, products => [{ name => $t }] } },
		{ type => 'page', userId => "h$i", name => $t, category => $t, properties => \%page, context => { userAgent => $t,
			campaign => { source => $t, medium => $t, name => $t }, page => { url => 'javascript:alert(9)' } } },
		{ type => 'identify', userId => "h$i", traits => { avatar => $t, website => $t, cut("x$t", 60) => $name } },
		{ type => $t }, { type => 'track', userId => $t, event => '' } ] });
	my $s = $x->api(POST => 'segments', { name => $name, rule => 'return field.city:is ' . $quoted->($name) . " -- $t" });
	my $l = $x->api(POST => 'templates', { name => $name, subject => 'S ' . $name =~ s/[{}]//gr,
		body => '<p>{{ profile.first_name }}</p>' . ($t =~ /\{\{|<!--/ ? '' : $t) });
	my $c = $x->api(POST => 'campaigns', { name => $name, segment_id => $s->{json}{data}{id}, template_id => $l->{json}{data}{id} });
	my $r = $x->api(POST => 'scenarios', { name => $name, script => 'return scenario { on = event.purchase, send(' . $quoted->($name) . ") } -- $t" });
	my @refused = map { "$_->{status} $_->{content}" } grep { $_->{status} > 201 } $p, $b, $s, $l, $c, $r;
	$made++ unless @refused;
	diag "text $i: @refused" if @refused;
}
is $made, scalar @hostile, 'all of it is taken as what it is: text';
$x->wait_for(sub { ($x->sql('select count(*) from dead_letter'))[0][0] >= 2 * @hostile }, 5, 'what was refused');
$x->wait_for(sub { !grep { $_->{state} ne 'ready' } @{ $x->api(GET => 'segments?limit=100')->{json}{data} } }, 15, 'the segments');

my $link = $x->env('LOGIN_URL') =~ s{^https?://[^/]+}{}r;
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/hostile.mjs", $x->url, $link, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
my $pages = 0;
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { $pages++; ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
}
cmp_ok $pages, '>', 100, 'the pages were walked' or diag $said;
is $status, 0, 'the browser is content';
done_testing;
