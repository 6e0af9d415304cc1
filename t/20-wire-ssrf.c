/* Where a tenant's URL may lead: every spelling of what is not public is refused before a byte leaves, whatever its name says and however
 * often it leads on; answers are bounded. The server here is ours, let through by fetch_allow. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "wire/fetch.h"
#include "wire/guard.h"
#include "wire/smtp.h"

#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum { LARGE = 3 * 1024 * 1024 };

static int listen_fd, port;
static volatile int connections;
static char last_request[8192];
static unsigned char packed[65536];
static size_t packed_n;

/* --- the server: the path says what comes --- */

static void
redirect(int fd, const char *to)
{
	dprintf(fd, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", to);
}

static void
send_large(int fd, const char *headers)
{
	static char zeros[65536];
	dprintf(fd, "HTTP/1.1 200 OK\r\n%s\r\n", headers);
	for (int i = 0; i < LARGE / (int)sizeof zeros; i++)
		if (send(fd, zeros, sizeof zeros, MSG_NOSIGNAL) < 0)
			return;
}

static void
respond(int fd, const char *path)
{
	char to[100];
	if (strncmp(path, "/away ", 6) == 0)
		redirect(fd, "http://169.254.169.254/latest/meta-data/");
	else if (strncmp(path, "/file ", 6) == 0)
		redirect(fd, "file:///etc/passwd");
	else if (strncmp(path, "/gopher ", 8) == 0)
		redirect(fd, "gopher://127.0.0.1:25/_x");
	else if (strncmp(path, "/here ", 6) == 0)
		redirect(fd, "http://127.0.0.1:9/");
	else if (strncmp(path, "/loop ", 6) == 0)
		redirect(fd, "/loop");
	else if (strncmp(path, "/on ", 4) == 0)
		redirect(fd, "/echo");
	else if (strncmp(path, "/elsewhere ", 11) == 0) {
		snprintf(to, sizeof to, "http://other.example:%d/echo", port);
		redirect(fd, to);
	} else if (strncmp(path, "/large ", 7) == 0)
		send_large(fd, "Content-Length: 3145728\r\n");
	else if (strncmp(path, "/endless ", 9) == 0)
		send_large(fd, "");
	else if (strncmp(path, "/bomb ", 6) == 0) {
		dprintf(fd,
			"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
			"Content-Length: %zu\r\n\r\n",
			packed_n);
		send(fd, packed, packed_n, MSG_NOSIGNAL);
	} else if (strncmp(path, "/headers ", 9) == 0) {
		dprintf(fd, "HTTP/1.1 200 OK\r\n");
		for (int i = 0; i < 3000; i++)
			dprintf(fd, "X-%d: %060d\r\n", i, i);
		dprintf(fd, "Content-Length: 0\r\n\r\n");
	} else if (strncmp(path, "/slow ", 6) == 0)
		usleep(700000);
	else
		dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
			    "Set-Cookie: a=b\r\nContent-Length: 5\r\n\r\nhello");
}

static void *
serve(void *obj)
{
	(void)obj;
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(listen_fd, NULL, NULL);
		if (fd < 0)
			return NULL;
		struct timeval patience = {
			.tv_usec = 300000}; /* a mail client waits for us to begin */
		connections++;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		size_t n = 0;
		ssize_t k;
		memset(last_request, 0, sizeof last_request);
		while (n < sizeof last_request - 1 &&
			strstr(last_request, "\r\n\r\n") == NULL &&
			(k = recv(fd, last_request + n, sizeof last_request - 1 - n, 0)) >
				0)
			n += (size_t)k;
		const char *path = strchr(last_request, ' ');
		if (path != NULL)
			respond(fd, path + 1);
		close(fd);
	}
}

static void
start(void)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	pthread_t thread;
	listen_fd = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(listen_fd, (struct sockaddr *)&at, n) == 0 && listen(listen_fd, 16) == 0);
	must(getsockname(listen_fd, (struct sockaddr *)&at, &n) == 0);
	port = ntohs(at.sin_port);
	must(pthread_create(&thread, NULL, serve, NULL) == 0);
	pthread_detach(thread);
}

static void
pack(void)
{
	static unsigned char zeros[LARGE];
	z_stream z = {0};
	must(deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = zeros;
	z.avail_in = sizeof zeros;
	z.next_out = packed;
	z.avail_out = sizeof packed;
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	packed_n = z.total_out;
	deflateEnd(&z);
}

/* --- addresses --- */

static bool
is_public(const char *z)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, z, &v4.sin_addr) == 1)
		return guard_is_public((struct sockaddr *)&v4);
	must(inet_pton(AF_INET6, z, &v6.sin6_addr) == 1);
	return guard_is_public((struct sockaddr *)&v6);
}

static void
test_addresses(void)
{
	static const char *const no[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
		"100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
		"192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1",
		"255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
		"::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
		"100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1",
		"2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2001:db8::1",
		"2002:7f00:1::1", "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "4000::1",
		"5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1"};
	static const char *const yes[] = {"1.1.1.1", "8.8.8.8", "100.63.255.255",
		"100.128.0.1", "126.255.255.255", "128.0.0.1", "172.15.255.255",
		"172.32.0.1", "192.0.1.1", "192.167.255.255", "198.17.255.255",
		"198.20.0.1", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888",
		"2003::1", "2606:4700::1111", "2a00::1", "3ffe::1"};
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		ok(!is_public(no[i]), "%s is not public", no[i]);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		ok(is_public(yes[i]), "%s is", yes[i]);
	struct sockaddr local = {.sa_family = AF_UNIX};
	ok(!guard_is_public(&local), "a socket of this machine is not");
}

static void
test_allow(void)
{
	static const char *const wrong[] = {"127.0.0.1", "localhost:80",
		"127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80x", "::1:80",
		"[::1]", "[::1:80", "10.0.0.0/8:80", ":80"};
	struct err e;
	struct guard *g;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ok(guard_new(wrong[i], &g, &e) < 0 && strcmp(e.field, "fetch_allow") == 0,
			"\"%s\" is no address to allow", wrong[i]);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(1025)};
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok(guard_new(" 127.0.0.1:1025  [::1]:25 ", &g, &e) == 0, "two are");
	ok(guard_may(g, (struct sockaddr *)&at, guard_web_ports, 3),
		"the one goes through");
	at.sin_port = htons(1026);
	ok(!guard_may(g, (struct sockaddr *)&at, NULL, 0), "on its port only");
	at.sin_addr.s_addr = inet_addr("8.8.8.8");
	ok(!guard_may(g, (struct sockaddr *)&at, guard_web_ports, 3),
		"others on the web's");
	at.sin_port = htons(443);
	ok(guard_may(g, (struct sockaddr *)&at, guard_web_ports, 3), "there they may");
	guard_free(g);
}

/* --- requests --- */

static int
ask(struct arena *a, struct fetch *f, const struct fetch_order *o, struct fetch_answer *out,
	struct err *e)
{
	*e = (struct err){0};
	return fetch(a, f, o, out, e);
}

/* Each is refused, and nobody was asked. */
static void
test_spellings(struct arena *a, struct fetch *f)
{
	static const char *const urls[] = {"http://127.0.0.1/", "http://127.1/",
		"http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/",
		"http://0177.0.0.1/", "http://017700000001/", "http://127.0.0.1./",
		"http://127.000.000.001/", "http://0/", "http://0.0.0.0:8443/",
		"http://localhost/", "http://LOCALHOST/", "http://localhost./",
		"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/",
		"http://127\xe3\x80\x82"
		"0\xe3\x80\x82"
		"0\xe3\x80\x82"
		"1/",
		"http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/", "http://[::1]/",
		"http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
		"http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
		"http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/",
		"http://[fe80::1]/", "http://[fe80::1%25lo]/", "http://[fd00::1]/",
		"http://169.254.169.254/latest/", "http://10.0.0.1/",
		"http://192.168.0.1:8443/", "http://100.64.1.1/", "http://public.example/",
		"http://one.example/", "http://six.example/", "https://127.0.0.1/",
		"http://8.8.8.8:22/", "http://8.8.8.8:6379/", "http://127.0.0.1:11211/"};
	static const char *const never[] = {"file:///etc/passwd", "gopher://127.0.0.1/",
		"dict://127.0.0.1:11211/", "ftp://127.0.0.1/", "http:///x", "http://",
		"http://user@8.8.8.8/", "http://user:pass@8.8.8.8/",
		"http://8.8.8.8\\@127.0.0.1/", "http://127.0.0.1\r\nX: 1/",
		"http://127.0.0.1 /", "//127.0.0.1/", "127.0.0.1", "unix:/run/x", ""};
	struct fetch_answer out;
	struct err e;
	int before = connections;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct fetch_order o = {.url = urls[i], .plain = true, .timeout_ms = 400};
		int rc = ask(a, f, &o, &out, &e);
		ok(rc < 0 && (e.code == ERR_DENIED || e.code == ERR_INPUT),
			"%s is refused: %s", urls[i], e.text);
	}
	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		struct fetch_order o = {.url = never[i], .plain = true};
		ok(ask(a, f, &o, &out, &e) < 0 && e.code == ERR_INPUT,
			"address %zu is none: %s", i, e.text);
	}
	struct fetch_order o = {.url = "http://8.8.8.8/"};
	ok(ask(a, f, &o, &out, &e) < 0 && e.code == ERR_INPUT,
		"without TLS only where told");
	ok(connections == before, "nobody was asked");
}

static const char *
at(struct arena *a, const char *path)
{
	return arena_printf(a, "http://127.0.0.1:%d%s", port, path);
}

static void
test_redirects(struct arena *a, struct fetch *f)
{
	static const char *const bad[] = {"/away", "/file", "/gopher", "/here", "/loop"};
	static const char *const headers[] = {"Authorization: Bearer secret", NULL};
	struct fetch_answer out;
	struct err e;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct fetch_order o = {
			.url = at(a, bad[i]), .plain = true, .redirects = 3};
		int before = connections, rc = ask(a, f, &o, &out, &e);
		ok(rc < 0 && (e.code == ERR_DENIED || e.code == ERR_INPUT),
			"%s does not lead on: %s", bad[i], e.text);
		ok(connections - before <= 4, "after at most four requests");
	}
	struct fetch_order o = {.url = at(a, "/on"), .plain = true, .headers = headers};
	ok(ask(a, f, &o, &out, &e) == 0 && out.status == 302,
		"none is followed unless told");
	o.redirects = 1;
	ok(ask(a, f, &o, &out, &e) == 0 && text_is(out.body, "hello"), "one is");
	ok(strstr(last_request, "Bearer secret") != NULL,
		"with its headers to the same place");
	o.url = at(a, "/elsewhere");
	ok(ask(a, f, &o, &out, &e) == 0 && strstr(last_request, "other.example") != NULL,
		"another place is asked too, let through by its address");
	ok(strstr(last_request, "secret") == NULL, "without them");
	o.url = at(a, "/on");
	o.method = "POST";
	ok(ask(a, f, &o, &out, &e) == 0 && out.status == 302, "a POST is not sent on");
}

static void
test_bounds(struct arena *a, struct fetch *f)
{
	static const char *const large[] = {"/large", "/endless", "/bomb", "/headers"};
	struct fetch_answer out;
	struct err e;
	for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
		struct fetch_order o = {.url = at(a, large[i]), .plain = true};
		ok(ask(a, f, &o, &out, &e) < 0 && e.code == ERR_SIZE, "%s is too much: %s",
			large[i], e.text);
	}
	struct fetch_order o = {.url = at(a, "/bomb"), .plain = true, .body_max = LARGE};
	ok(ask(a, f, &o, &out, &e) == 0 && out.body.n == LARGE, "as much as told is taken");
	o = (struct fetch_order){.url = at(a, "/slow"), .plain = true, .timeout_ms = 300};
	int64_t from = time_monotonic_us();
	ok(ask(a, f, &o, &out, &e) < 0 && e.code == ERR_BUSY,
		"who is slow is not waited for");
	ok(time_monotonic_us() - from < 600000, "long");
	o = (struct fetch_order){.url = at(a, "/echo"), .plain = true};
	ok(ask(a, f, &o, &out, &e) == 0 && text_is(out.type, "text/plain"),
		"an answer has a type");
	ok(ask(a, f, &o, &out, &e) == 0 && strstr(last_request, "ookie") == NULL,
		"cookies are not kept");
}

static void
test_requests(struct arena *a, struct fetch *f)
{
	static const char *const wrong[] = {"Host: x", "host:x", "Content-Length: 1",
		"Transfer-Encoding: chunked", "X: a\r\nY: b", "X", "X:", ": x", "X y: z",
		"Cookie: a=b", "X: \x01"};
	struct fetch_answer out;
	struct err e;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *headers[] = {wrong[i], NULL};
		struct fetch_order o = {
			.url = at(a, "/echo"), .plain = true, .headers = headers};
		ok(ask(a, f, &o, &out, &e) < 0 && strcmp(e.field, "headers") == 0,
			"header %zu is refused", i);
	}
	const char *headers[] = {"X-Token: 7", NULL};
	struct fetch_order o = {.url = at(a, "/echo"),
		.plain = true,
		.method = "PUT",
		.headers = headers,
		.body = text_of("{}")};
	ok(ask(a, f, &o, &out, &e) == 0 && strncmp(last_request, "PUT /echo", 9) == 0 &&
			strstr(last_request, "X-Token: 7") != NULL,
		"one of one's own goes along");
	o.method = "TRACE";
	ok(ask(a, f, &o, &out, &e) < 0 && strcmp(e.field, "method") == 0,
		"no other methods");
	setenv("http_proxy", arena_printf(a, "http://127.0.0.1:%d", port), 1);
	setenv("HTTPS_PROXY", arena_printf(a, "http://127.0.0.1:%d", port), 1);
	int before = connections;
	o = (struct fetch_order){.url = "http://public.example/", .plain = true};
	ok(ask(a, f, &o, &out, &e) < 0 && connections == before,
		"a proxy of the environment is not asked");
	unsetenv("http_proxy");
	unsetenv("HTTPS_PROXY");
}

static void
test_mail(const struct settings *s)
{
	struct smtp *smtp;
	struct err e;
	const char *text = "Subject: x\r\n\r\nx\r\n";
	struct smtp_letter letter = {
		.id = 1, .to = "a@shop.example", .text = {text, strlen(text)}};
	char url[64];
	int before = connections;
	snprintf(url, sizeof url, "smtp://localhost:%d", listen_fd > 0 ? 25 : 0);
	must(smtp_open_tenant(s, url, "b@shop.example", 1, &smtp, &e) == 0);
	smtp_send(smtp, &letter, 1, NULL, NULL);
	ok(letter.result == SMTP_LATER && !letter.reached,
		"a tenant's relay on this machine is not asked");
	smtp_close(smtp);
	snprintf(url, sizeof url, "smtp://127.0.0.1:%d", port);
	must(smtp_open_tenant(s, url, "b@shop.example", 1, &smtp, &e) == 0);
	smtp_send(smtp, &letter, 1, NULL, NULL);
	ok(connections > before, "unless the operator allows it");
	smtp_close(smtp);
}

int
main(void)
{
	struct arena *a = arena_new();
	struct err e;
	struct fetch *f;
	start();
	pack();
	test_addresses();
	test_allow();
	struct settings s = {.fetch_allow = arena_printf(a, "127.0.0.1:%d", port)};
	must(fetch_open(&s, &f, &e) == 0);
	fetch_resolve(f, "public.example:80:127.0.0.1");
	fetch_resolve(f, "one.example:80:169.254.169.254");
	fetch_resolve(f, "six.example:80:[::1]");
	fetch_resolve(f,
		"localhost.:80:127.0.0.1"); /* what a resolver would say, without asking one */
	fetch_resolve(f, "127.0.0.1.:80:127.0.0.1");
	fetch_resolve(f, arena_printf(a, "other.example:%d:127.0.0.1", port));
	test_spellings(a, f);
	test_redirects(a, f);
	test_bounds(a, f);
	test_requests(a, f);
	test_mail(&s);
	fetch_close(f);
	arena_free(a);
	return tap_done();
}
