#!/usr/bin/env perl
# What docs/ shows is tried: every rule of rules.md and what is said of wrong ones, every expression of lua.md and letters.md, the scenario,
# the calls of tracking.md, the answers it promises.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Encode qw(decode encode);
use File::Temp;
use JSON::PP;
use Test::More;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);
my $root = $ENV{CXDP_SRC} // "$FindBin::Bin/..";
my $x = Cxdp->up;

sub document ($name) {
	open my $f, '<:encoding(UTF-8)', "$root/docs/$name" or die "$name: $!";
	local $/;
	return scalar <$f>;
}

# rows(TEXT, TITLE): of the table whose first head cell is TITLE; "\|" is a bar.
sub rows ($text, $title) {
	my ($table) = $text =~ /^\| \Q$title\E \|[^\n]*\n\|[-| ]+\n((?:\|[^\n]*\n)*)/m or die "no table $title";
	return map { [map { s/\\\|/|/gr } map { s/^ +| +$//gr =~ s/^`(.*)`$/$1/r } grep { defined } (split /(?<!\\)\|/, $_, -1)[1 .. 3]] } split /\n/, $table;
}

# --- people the examples speak of ---

my $anna = $x->api(POST => 'profiles', { email => 'anna@shop.example', fields => { first_name => 'Анна', city => 'Минск', birthday => '1991-12-14' },
	consent => { email => JSON::PP::true } })->{json}{data};
is $x->api(POST => 'fields', { name => 'bonus', label => 'Баллы', type => 'number' })->{status}, 201, 'a field for the examples';
is $x->api(PATCH => "profiles/$anna->{id}", { fields => { bonus => 5 } })->{status}, 200, 'filled';
my $plain = '<p>x</p>';
is $x->api(POST => 'templates', { name => $_, subject => 'x', body => $plain })->{status}, 201, "a letter $_" for 'Забытая корзина', 'Новый урожай';
my $letter = $x->api(GET => 'templates')->{json}{data}[0]{id};
my $segment = $x->api(POST => 'segments', { name => 'Постоянные', rule => 'return known()' })->{json}{data}{id};
is $x->api(POST => 'campaigns', { name => 'Новый урожай', template_id => $letter, segment_id => $segment })->{status}, 201, 'a campaign';
is $x->api(POST => 'scenarios', { name => 'Знакомство', script => 'return scenario { on = event.signup, wait "1h" }' })->{status}, 201, 'a scenario';

# --- rules.md ---

my $rules = document('rules.md');
my $tried = 0;
for my $block ($rules =~ /^```lua\n(.*?)^```/msg) {
	for my $rule ($block =~ /^return [^\n]*(?:\n     [^\n]*)*/mg) {
		my $r = $x->api(POST => 'segments/preview', { rule => $rule });
		is $r->{status}, 200, 'a rule: ' . $rule =~ s/\n.*//sr or diag $r->{content};
		$tried++;
	}
}
cmp_ok $tried, '>', 40, 'all rules are tried';
for my $row (rows($rules, 'rule')) {
	my $r = $x->api(POST => 'segments/preview', { rule => $row->[0] });
	is $r->{status}, 422, "refused: $row->[0]";
	like $r->{json}{error}{message}, qr/\Q$row->[1]\E/, 'with what the document says';
}

# --- lua.md ---

my $lua = document('lua.md');
my $file = File::Temp->new(SUFFIX => '.lua');
for my $row (rows($lua, 'expression')) {
	open my $f, '>:encoding(UTF-8)', $file->filename or die $!;
	print $f "return $row->[0]";
	close $f;
	my ($status, $said) = Cxdp::run("$Cxdp::build/cxdp", 'script', 'run', $file->filename, '--use', 'step');
	my $got = JSON::PP->new->decode(decode('UTF-8', $said))->{value};
	is_deeply $got, JSON::PP->new->allow_nonref->decode($row->[1]), "lua: $row->[0]" or diag $said;
}
my ($script) = $lua =~ /^```lua\n(return scenario.*?)^```/ms;
my $r = $x->api(POST => 'scenarios', { name => 'Пример', script => $script });
is $r->{status}, 201, 'the scenario compiles' or diag $r->{content};
is $x->api(POST => "scenarios/$r->{json}{data}{id}/publish")->{status}, 200, 'and is published';

# --- letters.md ---

my @letters = rows(document('letters.md'), 'template');
my $body = join "\n", map { "<p id=\"e$_\">$letters[$_][0]</p>" } 0 .. $#letters;
$r = $x->api(POST => 'templates', { name => 'Примеры', subject => 'Примеры', body => $body });
is $r->{status}, 201, 'all examples compile' or diag $r->{content};
is $x->api(POST => 'messages', { template => 'Примеры', to => $anna->{id}, vars => { order => 'N-17' } })->{status}, 202, 'and are sent';
my $mail = $x->wait_for(sub { ($x->mails(to => 'anna@shop.example'))[0] }, 15, 'the letter') or diag explain [$x->sql('select state, reason from message')];
my ($html) = map { $_->{text} =~ s/\x{a0}|\x{202f}/ /gr } grep { $_->{type} eq 'text/html' } @{ $mail->{parts} };
for my $n (0 .. $#letters) {
	my ($got) = $html =~ m{<p id="e$n">(.*?)</p>}s;
	is $got, $letters[$n][1], "letter: $letters[$n][0]";
}

# --- tracking.md ---

my $tracking = document('tracking.md');
my @calls = $tracking =~ m{https://cdp\.example\.com/v1/(\w+) \\\n\s+-d '(.*?)'}sg;
is scalar @calls, 4, 'two calls are shown';
while (my ($call, $sent) = splice @calls, 0, 2) {
	is $x->v1($call, undef, raw => encode('UTF-8', $sent))->{content}, '{"success":true}', "the $call shown is taken";
}
my ($pixel) = $tracking =~ m{src="https://cdp\.example\.com(/p\.gif[^"]*)"};
$r = $x->http(GET => $pixel =~ s/WRITE_KEY/$x->env('WRITE_KEY')/er);
is length $r->{content}, 43, 'the pixel is what it says';
ok $x->wait_for(sub {
	my $p = $x->api(GET => 'profiles?external_id=user-17')->{json}{data} or return;
	my %seen = map { $_->{name} => 1 } @{ $x->api(GET => "profiles/$p->{id}/events")->{json}{data} };
	$p->{fields}{city} eq 'Минск' && $seen{purchase} && $seen{signup} && $seen{Opened};
}, 10, 'the person'), 'all of it arrives at one person';
$r = $x->v1('track', { event => 'X' });
is_deeply [$r->{status}, @{ $r->{json} }{qw(code field)}], [400, 'invalid', 'userId'], 'a call of nobody is refused as told';
is $x->v1('track', { userId => 1, event => 'X' }, key => 'x' x 32)->{json}{code}, 'unauthorized', 'and so is a wrong key';

# --- the store is away (operating.md) ---

sleep 6; # longer than a key is fresh
Cxdp::run('sv', 'down', $x->dir . '/service/mysql');
ok $x->wait_for(sub { !$x->pid('mysql') }, 20, 'the store to end'), 'the store is away';
is $x->v1('track', { userId => 'user-17', event => 'While Away' })->{status}, 200, 'a known key\'s events are taken';
is $x->v1('track', { userId => 'u', event => 'X' }, key => 'y' x 32)->{status}, 503, 'an unknown key is told to come again';
$r = $x->api(GET => 'segments');
is_deeply [$r->{status}, $r->{headers}{'retry-after'}], [503, 5], 'the API says when to come again, once';
$r = $x->http(GET => '/api/v1/health');
is_deeply [$r->{status}, $r->{json}{data}{store}], [503, 'away'], 'health knows';
Cxdp::run('sv', 'up', $x->dir . '/service/mysql');
ok $x->wait_for(sub { grep { $_->[0] } eval { $x->sql("select name from event_type where name = 'While Away'") } }, 40, 'the event'), 'what was taken arrives';
done_testing;
