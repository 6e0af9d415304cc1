#!/usr/bin/env perl
# The import as a marketer meets it, in a real Chromium: t/lib/ui-import.mjs uploads, maps, checks, runs, takes back. And a file fetched by its
# address, once and on a schedule.
use v5.36;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Browser;
use Cxdp;
use Encode ();
use IO::Socket::INET;
use Test::More;

# a little server of files: GET /base.csv, with an ETag
my $listen = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die;
my $port = $listen->sockport;
my $server = fork // die;
if ($server == 0) {
	$SIG{TERM} = 'DEFAULT';
	my $body = Encode::encode("UTF-8", "email;Город\nfeed1\@f.example;Минск\nfeed2\@f.example;Брест\n");
	while (my $c = $listen->accept) {
		my $head = '';
		while (my $line = <$c>) { last if $line =~ /^\r?\n/; $head .= $line }
		print $c $head =~ /If-None-Match: "v1"/i ? "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n"
			: $head =~ m{^GET /base\.csv} ? "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body"
			: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
		close $c;
	}
	require POSIX;
	POSIX::_exit(0);
}
END { kill TERM => $server if $server }

my $x = Cxdp->up(conf => { fetch_allow => "127.0.0.1:$port" });
my ($status, $said) = Cxdp::run('node', "$FindBin::Bin/lib/ui-import.mjs", $x->url, $x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'), "$FindBin::Bin/data");
for (split /\n/, $said) {
	if (/^(ok|not ok) \d+ - (.*)/) { ok $1 eq 'ok', $2 }
	elsif (/^# ?(.*)/) { diag $1 }
	elsif (!/^1\.\.\d+$/) { note $_ }
}
is $status, 0, 'the browser is content';

# --- by its address ---

my $admin = Browser->new($x)->login($x->login_path, $x->env('ADMIN_EMAIL'), $x->env('ADMIN_PASSWORD'));
like $admin->post('/imports/fetch', { url => 'ftp://x' })->{text}, qr{https://}, 'an address of another kind is refused beside the field';
my $r = $admin->post('/imports/fetch', { url => "http://127.0.0.1:$port/base.csv" });
my ($id) = ($r->{headers}{location} // '') =~ m{/imports/(\d+)$} or diag $r->{text};
my $state = sub ($id) { ($x->sql("select state from import where import_id = $id"))[0][0] };
ok $x->wait_for(sub { $state->($id) eq 'new' }, 15, 'the file'), 'a file is fetched' or diag $state->($id);
like $admin->get("/imports/$id")->{text}, qr{feed1\@f\.example}, 'and stands there to be mapped';
is $admin->post("/imports/$id/start", { to0 => 'email', to1 => 'city' })->{status}, 303, 'it is run';
ok $x->wait_for(sub { $state->($id) eq 'done' }, 15, 'the run'), 'to its end';
is $admin->post("/imports/$id/repeat", { url => "http://127.0.0.1:$port/base.csv", every_h => 4 })->{status}, 303, 'from now on every four hours';
my $feed = sub { ($x->sql('select feed_id, said, next_at_us > last_at_us, etag from import_feed'))[0] };
ok $x->wait_for(sub { $feed->()[1] eq 'new' }, 15, 'the first time'), 'at once for the first time' or diag "@{$feed->()}";
is $feed->()[3], '"v1"', 'its ETag is kept';
my ($second) = map { $_->[0] } $x->sql('select import_id from import where feed_id <> 0');
ok $x->wait_for(sub { $state->($second) eq 'done' }, 15, 'its run'), 'an import like the first';
is +($x->sql("select concat_ws(' ', inserted, updated, skipped) from import where import_id = $second"))[0][0], '0 0 2', 'which says nothing new';
$x->sql('update import_feed set next_at_us = 0');
$x->sql(q{update job set due_at_us = 0 where kind = 'import-feed'});
ok $x->wait_for(sub { $feed->()[1] eq 'same' }, 15, 'the next time'), 'a file that has not changed is passed over' or diag "@{$feed->()}";
is +($x->sql('select count(*) from import where feed_id <> 0'))[0][0], 1, 'without an import';
is $admin->post('/imports/feeds/' . $feed->()[0], { state => 'paused' })->{status}, 303, 'it is paused';
ok $x->wait_for(sub { ($x->sql(q{select count(*) from job where kind = 'import-feed' and state in ('queued', 'running')}))[0][0] == 0 }, 10, 'its job'), 'and rests';
my ($bad) = ($admin->post('/imports/fetch', { url => "http://127.0.0.1:$port/nothing.csv" })->{headers}{location} // '') =~ m{(\d+)$};
ok $x->wait_for(sub { $state->($bad) eq 'failed' }, 15, 'the failure'), 'what is not there fails';
my ($inside) = ($admin->post('/imports/fetch', { url => 'http://127.0.0.1:9/base.csv' })->{headers}{location} // '') =~ m{(\d+)$};
ok $x->wait_for(sub { $state->($inside) eq 'failed' }, 15, 'the failure'), 'and so does an address inside';
like +($x->sql("select error from import where import_id = $inside"))[0][0], qr/not asked/, 'which is not asked at all';
done_testing;
