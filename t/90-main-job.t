#!/usr/bin/env perl
# The main job in a real browser: a stranger visits a client's site, leaves an e-mail, becomes a profile, enters a segment, gets a letter
# written for them, opens it, clicks, and the marketer sees it; unsubscribing stops the next one.
use v5.36;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cxdp;
use Test::More;

alarm 240;
my $x = Cxdp->up;
$ENV{"CXDP_$_"} = $x->env($_) for qw(URL LOGIN_URL ADMIN_EMAIL ADMIN_PASSWORD WRITE_KEY API_KEY MAIL_DIR);
my $pid = open my $said, '-|', 'node', "$FindBin::Bin/lib/main-job.mjs" or die "node: $!";
my $tests = 0;
while (my $line = <$said>) {
	if ($line =~ /^(not )?ok \d+ - (.*)/) {
		ok !$1, $2;
		$tests++;
	} elsif ($line =~ /^# (.*)/) {
		diag $1;
	}
}
close $said;
is $?, 0, 'the browser came to the end';
cmp_ok $tests, '>', 20, 'and looked at everything';
done_testing;
