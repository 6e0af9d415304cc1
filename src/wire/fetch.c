/* See fetch.h. */
#include "wire/fetch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/url.h"
#include "wire/guard.h"

#include <curl/curl.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CONNECT_MS = 3000, TOTAL_MS = 15000, SLOW_BYTES_S = 16, SLOW_S = 8 };

struct fetch {
	struct guard *guard;
	CURL *curl;
	struct curl_slist *resolve;
	/* of the call in hand */
	struct str body;
	size_t body_max, headers_n, body_n;
	bool barred, large, full;
	const int *into;
	char etag[201];
};

static void
init_once(void)
{
	must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

int
fetch_open(const struct settings *s, struct fetch **out, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct guard *guard;
	pthread_once(&once, init_once);
	if (guard_new(s->fetch_allow, &guard, e) < 0)
		return -1;
	struct fetch *f = calloc(1, sizeof *f);
	must(f != NULL);
	f->guard = guard;
	f->curl = curl_easy_init();
	must(f->curl != NULL);
	*out = f;
	return 0;
}

void
fetch_close(struct fetch *f)
{
	if (f == NULL)
		return;
	curl_easy_cleanup(f->curl);
	curl_slist_free_all(f->resolve);
	guard_free(f->guard);
	free(f);
}

void
fetch_resolve(struct fetch *f, const char *host_port_address)
{
	f->resolve = curl_slist_append(f->resolve, host_port_address);
	must(f->resolve != NULL);
}

/* Every connection of every hop comes by here, with the address it goes to. */
static curl_socket_t
open_socket(void *obj, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct fetch *f = obj;
	if (purpose != CURLSOCKTYPE_IPCXN ||
		!guard_may(f->guard, &a->addr, guard_web_ports,
			sizeof guard_web_ports / sizeof *guard_web_ports)) {
		f->barred = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* What comes here is decompressed already. */
static size_t
take_body(char *at, size_t size, size_t n, void *obj)
{
	struct fetch *f = obj;
	long code = 0;
	if (size * n > f->body_max - f->body_n) {
		f->large = true;
		return 0;
	}
	f->body_n += size * n;
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &code);
	if (f->into == NULL) {
		str_add(&f->body, at, size * n);
		return size * n;
	}
	for (size_t done = 0; code == 200 && done < size * n;) {
		ssize_t put = write(*f->into, at + done, size * n - done);
		f->full = put < 0;
		if (put < 0)
			return 0;
		done += (size_t)put;
	}
	return size * n;
}

static size_t
take_header(char *at, size_t size, size_t n, void *obj)
{
	struct fetch *f = obj;
	if (size * n > 5 && strncasecmp(at, "etag:", 5) == 0) {
		struct text t = text_trim((struct text){at + 5, size * n - 5});
		bool fits = t.n < sizeof f->etag && memchr(t.at, '\0', t.n) == NULL;
		memcpy(f->etag, t.at, fits ? t.n : 0);
		f->etag[fits ? t.n : 0] = '\0';
	}
	f->headers_n += size * n;
	f->large = f->large || f->headers_n > FETCH_HEADERS_MAX;
	return f->large ? 0 : size * n;
}

static bool
is_method(const char *method)
{
	static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i], method) == 0)
			return true;
	return false;
}

/* "Name: value", and none with which a request could become another one. */
static bool
is_header(const char *z)
{
	static const char *const ours[] = {"host", "content-length", "transfer-encoding",
		"connection", "upgrade", "expect", "te", "trailer", "proxy-authorization",
		"accept-encoding", "cookie"};
	size_t n = strspn(
		z, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
	if (n == 0 || z[n] != ':' || z[n + 1] == '\0')
		return false;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strlen(ours[i]) == n && strncasecmp(ours[i], z, n) == 0)
			return false;
	for (; *z != '\0'; z++)
		if ((unsigned char)*z < 0x20 || *z == 0x7f)
			return false;
	return true;
}

static int
check(const struct fetch_order *o, const char *url, struct err *e)
{
	struct text t = text_of(url);
	if (!url_is_web(t) || (!o->plain && strncasecmp(url, "https://", 8) != 0))
		return err_field(e, "url",
			"an address begins with %s and has no password in it",
			o->plain ? "http:// or https://" : "https://");
	if (o->method != NULL && !is_method(o->method))
		return err_field(
			e, "method", "a method is GET, POST, PUT, PATCH or DELETE");
	for (size_t i = 0; o->headers != NULL && o->headers[i] != NULL; i++)
		if (!is_header(o->headers[i]))
			return err_field(e, "headers",
				"\"%.60s\" is no header of one's own", o->headers[i]);
	return 0;
}

static void
prepare(struct fetch *f, const struct fetch_order *o, const char *url,
	struct curl_slist *headers)
{
	CURL *c = f->curl;
	const char *method = o->method != NULL ? o->method : "GET";
	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, o->plain ? "http,https" : "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L); /* fetch() follows, looking */
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, f);
	/* a kept connection would not come by open_socket again */
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, ""); /* nor one of the environment */
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "cxdp");
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
		o->timeout_ms > 0 ? (long)o->timeout_ms : (long)TOTAL_MS);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_S);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
	curl_easy_setopt(c, CURLOPT_RESOLVE, f->resolve);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
	if (strcmp(method, "GET") != 0) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, o->body.n > 0 ? o->body.at : "");
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)o->body.n);
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
	}
}

/* One request. 0 an answer, -1 *e. */
static int
ask_once(struct arena *a, struct fetch *f, const struct fetch_order *o, const char *url,
	bool with_headers, struct err *e)
{
	if (o->into != NULL && /* what a redirect wrote is not the file */
		(ftruncate(*o->into, 0) < 0 || lseek(*o->into, 0, SEEK_SET) < 0))
		return err_set(e, ERR_BUSY, "the file could not be written");
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; with_headers && o->headers != NULL && o->headers[i] != NULL; i++)
		headers = curl_slist_append(headers, o->headers[i]);
	must(headers != NULL);
	f->body = str_new(a);
	f->body_max = o->body_max > 0 ? o->body_max : FETCH_BODY_MAX;
	f->headers_n = f->body_n = 0;
	f->into = o->into;
	f->etag[0] = '\0';
	f->barred = f->large = f->full = false;
	prepare(f, o, url, headers);
	CURLcode rc = curl_easy_perform(f->curl);
	curl_slist_free_all(headers);
	if (rc == CURLE_OK)
		return 0;
	if (f->large)
		return err_set(
			e, ERR_SIZE, "the answer is larger than %zu bytes", f->body_max);
	if (f->full)
		return err_set(e, ERR_BUSY, "the answer could not be kept: no room");
	if (f->barred)
		return err_set(e, ERR_DENIED,
			"this address leads to a network or port that is not asked");
	if (rc == CURLE_URL_MALFORMAT || rc == CURLE_UNSUPPORTED_PROTOCOL)
		return err_field(e, "url", "this is no address");
	return err_set(e, ERR_BUSY, "no answer: %s", curl_easy_strerror(rc));
}

/* Scheme, host and port: what headers with a secret were meant for. */
static bool
is_same_origin(const char *x, const char *y)
{
	size_t n = 0;
	for (int slashes = 0; x[n] != '\0' && slashes < 3; n++)
		slashes += x[n] == '/';
	return strncmp(x, y, n) == 0;
}

int
fetch(struct arena *a, struct fetch *f, const struct fetch_order *o,
	struct fetch_answer *out, struct err *e)
{
	const char *url = o->url;
	bool reads = o->method == NULL || strcmp(o->method, "GET") == 0;
	bool with_headers = true;
	for (int hop = 0;; hop++) {
		char *to = NULL, *type = NULL;
		long code = 0;
		if (check(o, url, e) < 0 || ask_once(a, f, o, url, with_headers, e) < 0)
			return -1;
		curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &code);
		curl_easy_getinfo(f->curl, CURLINFO_REDIRECT_URL, &to);
		curl_easy_getinfo(f->curl, CURLINFO_CONTENT_TYPE, &type);
		if (to == NULL || !reads || o->redirects == 0) {
			*out = (struct fetch_answer){.status = (int)code,
				.body = str_text(&f->body),
				.bytes = (int64_t)f->body_n,
				.etag = text_of(arena_printf(a, "%s", f->etag)),
				.type = text_of(
					type != NULL ? arena_printf(a, "%s", type) : "")};
			return 0;
		}
		if (hop >= o->redirects || hop >= FETCH_REDIRECTS_MAX)
			return err_set(e, ERR_DENIED, "this address leads on and on");
		to = arena_printf(a, "%s", to);
		with_headers = with_headers && is_same_origin(url, to);
		url = to;
	}
}
