#!/usr/bin/env perl
# Segments live: built quietly, kept true by events, by field changes, by other segments and by time alone; entries and exits are events.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;
use Time::HiRes qw(sleep time);

my $x = Cxdp->up;

sub segment ($name, $rule) {
	my $r = $x->api(POST => 'segments', { name => $name, rule => $rule });
	is $r->{status}, 201, "segment $name" or diag $r->{content};
	my $id = $r->{json}{data}{id};
	$x->wait_for(sub { $x->api(GET => "segments/$id")->{json}{data}{state} eq 'ready' }, 10, "$name ready");
	return $id;
}
sub members ($id) { return [sort map { $_->{external_id} } @{ $x->api(GET => "segments/$id/members?limit=1000")->{json}{data} }] }
sub becomes ($id, $want, $what, $seconds = 5) {
	$x->wait_for(sub { "@{ members($id) }" eq "@$want" }, $seconds, $what);
	is_deeply members($id), $want, $what;
}
sub person ($name, %fields) { return $x->api(POST => 'profiles', { external_id => $name, fields => \%fields })->{json}{data} }
sub told ($person, $type) {
	my $id = $x->api(GET => "profiles?external_id=$person")->{json}{data}{id};
	return @{ $x->api(GET => "profiles/$id/events?type=$type")->{json}{data} };
}

my $anna = person('anna', city => 'Минск', bonus => 5);
person('boris', city => 'Брест', bonus => 50);
my $minsk = segment('Минск', 'return field.city:is "МИНСК"');
becomes($minsk, ['anna'], 'a first build finds who is there');
is scalar(told('anna', 'segment_entered')), 0, 'and writes no entry events';

my $rich = segment('Rich in Minsk', 'return segment "Минск" & field.bonus:at_least(10)');
my $recent = segment('Recent', 'return event.purchase:within "4s"');
becomes($rich, [], 'nobody is rich in Minsk');

$x->api(PATCH => "profiles/$anna->{id}", { fields => { bonus => 10 } });
becomes($rich, ['anna'], 'a changed field lets in');
my ($entry) = told('anna', 'segment_entered');
is $entry->{properties}{segment}, $rich, 'the entry is an event';
ok length $entry->{properties}{reason}, "with its reason: $entry->{properties}{reason}";
my $data = $x->api(GET => "profiles/$anna->{id}")->{json}{data};
is_deeply [sort map { $_->{name} } @{ $data->{segments} }], ['Rich in Minsk', 'Минск'], 'the card names where the person is';

$x->api(PATCH => "profiles/$anna->{id}", { fields => { city => 'Гродно' } });
becomes($minsk, [], 'moving away leaves the city');
becomes($rich, [], 'and what asks for it');
is scalar(told('anna', 'segment_exited')), 2, 'both exits are events';

my $at = time;
$x->v1(track => { userId => 'boris', event => 'Order Completed', properties => { total => 5 } });
becomes($recent, ['boris'], 'an event lets in within moments');
becomes($recent, [], 'and time alone lets out', 8);
my ($exit) = told('boris', 'segment_exited');
my ($bought) = told('boris', 'purchase');
my $s = sub ($t) { $t =~ /:(\d\d\.\d+)Z/; $1 };
my $span = $s->($exit->{at}) - $s->($bought->{at});
$span += 60 if $span < 0;
cmp_ok abs($span - 4), '<', 0.01, "exactly when the window ends: after $span s";

# the engine is away while time passes: the exit still carries its instant
$x->v1(track => { userId => 'boris', event => 'Order Completed', properties => { total => 6 } });
becomes($recent, ['boris'], 'in again');
kill 'STOP', $x->pid('engine-columns');
sleep 6;
kill 'CONT', $x->pid('engine-columns');
becomes($recent, [], 'out again after the engine slept');
($exit) = told('boris', 'segment_exited');
($bought) = told('boris', 'purchase');
$span = $s->($exit->{at}) - $s->($bought->{at});
$span += 60 if $span < 0;
cmp_ok abs($span - 4), '<', 0.01, 'the exit carries the instant, not the waking';
is scalar(told('boris', 'segment_entered')), 2, 'two entries';
is scalar(told('boris', 'segment_exited')), 2, 'and two exits, none twice';

# edits
is $x->api(PATCH => "segments/$minsk", { rule => 'return field.city:is "Брест"' })->{status}, 200, 'a rule is changed';
becomes($minsk, ['boris'], 'its members follow');
my $bad = $x->api(PATCH => "segments/$minsk", { rule => "return field.city:is \"a\"\n  and field.bonus:more(1)" });
is $bad->{status}, 422, 'a rule that means something else is refused';
ok $bad->{json}{error}{line}, "with its line: $bad->{json}{error}{message}";
becomes($minsk, ['boris'], 'and the old one holds');
is $x->api(POST => 'segments', { name => 'Circle', rule => 'return segment "Rich in Minsk"' })->{status}, 201, 'one that asks for another';
is $x->api(PATCH => "segments/$minsk", { rule => 'return segment "Circle"' })->{status}, 422, 'but not in a circle';
is $x->api(PATCH => "segments/$rich", { name => 'Rich "people"' })->{status}, 200, 'a segment gets another name';
my ($circle) = grep { $_->{name} eq 'Circle' } @{ $x->api(GET => 'segments')->{json}{data} };
is $circle->{rule}, 'return segment "Rich \\"people\\""', 'and the rules that ask for it go on meaning it';
is $x->api(POST => 'segments/preview', { rule => $circle->{rule} })->{status}, 200, 'they still compile';
is $x->api(POST => 'segments', { name => 'Минск', rule => 'return everyone()' })->{status}, 409, 'a name is one segment\'s';

# anonymous persons
$x->v1(page => { anonymousId => 'nobody' });
my $preview = sub ($rule) { $x->api(POST => 'segments/preview', { rule => $rule })->{json}{data}{count} };
ok $x->wait_for(sub { $preview->('return ~known()') == 1 }, 20, 'the anonymous one'), 'anonymous visitors are counted where they are asked for';
is $preview->('return everyone()'), 2, 'and nowhere else';

# a restart finds everything as it was
$x->kill9('engine-columns');
$x->wait_for(sub { ($x->api(GET => 'health')->{json}{data}{columns} // '') eq 'ok' && $preview->('return everyone()') }, 20, 'columns back');
becomes($minsk, ['boris'], 'after a kill the members are the same');
is $x->api(DELETE => "segments/$minsk")->{status}, 409, 'a segment that others ask for is not deleted';
$x->api(DELETE => "segments/$_") for $circle->{id}, $rich;
is $x->api(DELETE => "segments/$minsk")->{status}, 204, 'one that nobody asks for is';
is $x->api(GET => "segments/$minsk")->{status}, 404, 'and gone';
done_testing;
