#!/usr/bin/env perl
# What stands beside a rule while it is typed: parts, what narrows, overlap, reach, earlier days, why; each number beside a recount.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use JSON::PP;
use POSIX 'strftime';
use Test::More;

my $x = Cxdp->up;
my $admin = Browser->new($x)->login($x->login_path, $x->env("ADMIN_EMAIL"), $x->env("ADMIN_PASSWORD"));
sub ago ($days) { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time - $days * 86400)) }

my @batch;
for my $n (1 .. 40) {
	push @batch, { type => 'identify', userId => "u$n", messageId => "i$n", timestamp => ago(60), traits => { city => $n % 2 ? 'Минск' : 'Брест', bonus => $n, email => "u$n\@x.example" } };
	push @batch, { type => 'track', userId => "u$n", messageId => "p$n", event => 'Order Completed', timestamp => ago($n - 0.5), properties => { total => $n } } if $n <= 20;
}
is $x->v1(batch => { batch => \@batch })->{status}, 200, '40 people';
sub count ($rule) { return $x->api(POST => 'segments/preview', { rule => $rule })->{json}{data}{count} }
ok $x->wait_for(sub { (count('return event.purchase') // 0) == 20 }, 20, 'columns'), 'of whom 20 bought';
for my $n (1 .. 10) {
	$x->api(POST => 'profiles', { external_id => "u$n", consent => { email => { granted => JSON::PP::true, text => 'yes' } } });
}
my $s = $x->api(POST => 'segments', { name => 'Rich', rule => 'return field.bonus:more(10)' })->{json}{data}{id};
ok $x->wait_for(sub { $x->api(GET => "segments/$s")->{json}{data}{state} eq 'ready' }, 20, 'ready'), 'a segment beside';

sub preview ($rule, %more) { return $admin->post('/segments/preview?segment=0', { rule => $rule, %more })->{text} }
sub live ($html) { my ($json) = $html =~ /data-live="([^"]*)"/; $json =~ s/&#34;/"/g; return JSON::PP->new->decode($json) }

my @parts = ('field.city:is "Минск"', 'event.purchase:within "30d"', '~field.bonus:less(5)', 'nonsense(', '(field.city:is "Минск" | field.bonus:is(2)) -- a note');
my $rule = "return $parts[0]\n & $parts[1]\n & $parts[2]";
my $html = preview($rule, parts => JSON::PP->new->encode(\@parts), narrow => '[0,1,2]', 'with[]' => $s);
my $live = live($html);
is_deeply $live->{parts}, [20, 20, 36, undef, 21], 'how many each condition means alone; what is none has no number';
is_deeply $live->{narrow}, [20, 10, 8], 'how it narrows';
is $live->{count}, count($rule), 'the count';
is $live->{total}, 40, 'of everybody';
like $html, qr/Покупка, время/, 'what makes it look again, in words';
like $html, qr/title="5 из 30 этого сегмента"/, 'overlap: 5 of the 8 have more than 10';
like $html, qr{event\.purchase:within &#34;30d&#34;}, 'a member of the sample says why';

# numbers lead to people, whatever the rule's text
for my $text ("-- note\nlocal city = \"Минск\"\nreturn field.city:is(city)", 'return field.bonus:at_most(20) -- end') {
	my ($link) = preview($text) =~ m{id="reach".*?href="/clients\?rule=([^"]+)"}s;
	$link =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	utf8::decode($link);
	is count($link), $text =~ /city/ ? 5 : 10, 'whom of them one can write to is a rule: ' . ($text =~ s/\n/ /gr);
}

# earlier days, each beside the same question of the API
my $past = $admin->post('/segments/past?segment=0', { rule => 'return event.purchase:within "5d"' });
my $got = decode_json($past->{content});
is scalar @{ $got->{days} }, 30, 'thirty days';
my @counts = @{ $got->{counts} };
my @left = grep { !defined $counts[$_] } 0 .. 29;
if (@left) {
	my $more = decode_json($admin->post('/segments/past?segment=0', { rule => 'return event.purchase:within "5d"', places => encode_json(\@left) })->{content});
	@counts[@left] = @{ $more->{counts} };
}
is $counts[29], count('return event.purchase:within "5d"'), 'today is today';
my $then = $x->api(POST => 'segments/preview', { rule => 'return event.purchase:within "5d"', as_of => ago(10) })->{json}{data}{count};
ok grep({ ($counts[$_] // -1) == $then } 18 .. 20), "ten days ago there were $then";
like decode_json($admin->post('/segments/past?segment=0', { rule => 'return reachable "email"' })->{content})->{problem}, qr/только нынешнее/, 'of what no past is kept it says so';
is $admin->post('/segments/past?segment=0', { rule => 'return known()', places => '[99]' })->{status}, 422, 'a day that is none is refused';

# what cannot be is said
like preview('return field.city:is "Минск" & field.city:is "Брест"'), qr/исключают друг друга/, 'a contradiction is warned of, in words';

# states of a scenario, what became of letters, consents
is count('return consent "email"'), 10, 'consent';
is count('return reachable "email"'), 10, 'is reach where nothing is suppressed';
is count('return consent "sms"'), 0, 'of another channel nobody';

# a rule that takes long is counted about, and exactly when somebody wants to wait
$x->api(POST => 'profiles/bulk', { profiles => [map { { external_id => "many$_", fields => { bonus => $_ } } } 1 .. 3000] });
ok $x->wait_for(sub { (count('return known()') // 0) == 3040 }, 30, 'many'), '3,000 more';
my $slow = 'return where(function (p) local n = 0 for i = 1, 15000 do n = n + i end return p.bonus ~= nil and p.bonus > 1500 end)';
my $about = preview($slow);
SKIP: {
	skip 'this machine is quick', 3 if $about !~ /≈/;
	my ($n) = $about =~ /≈ ([\d\s\x{a0}]+)</;
	$n =~ s/\D//g;
	ok $n > 1300 && $n < 1700, "about $n";
	like $about, qr/Посчитать точно/, 'with a way to know';
	like $admin->post('/segments/preview?segment=0&exact=1', { rule => $slow })->{text}, qr/1[\s\x{a0}]?500<|долго/, 'exactly, or that it is too slow';
}
done_testing;
