/* See smtp.h. What the relay says is read from libcurl's trace: its error codes do not tell a refused recipient from a lost
 * connection. RFC 5321. */
#include "wire/smtp.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/time.h"
#include "wire/guard.h"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CONNECT_MS = 5000,
	REPLY_S = 30,
	LETTER_MS = 120000,
	POLL_MS = 100,
	STOP_MS = 4000,
	CONNECTIONS_MAX = 64
};

enum phase { PHASE_CONNECT, PHASE_MAIL, PHASE_RCPT, PHASE_TEXT };

struct slot { /* one letter on its way */
	struct smtp *smtp;
	CURL *easy;
	struct curl_slist *rcpt;
	struct smtp_letter *letter; /* NULL: free */
	size_t at;		    /* bytes handed out */
	enum phase phase;
	bool again; /* on a fresh connection, the kept one was dead */
};

struct smtp {
	CURLM *multi;
	struct slot slots[CONNECTIONS_MAX];
	size_t slot_n;
	char *url, *from;
	bool here_only;	     /* demo */
	struct guard *guard; /* of a tenant's relay, else NULL */
	int64_t made;
	const struct smtp_watch *watch; /* of the running smtp_send */
};

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
smtp_address_is(struct text t)
{
	const char *at = memchr(t.at, '@', t.n);
	if (t.n > SMTP_ADDRESS_MAX || at == NULL || at == t.at || at - t.at > 64)
		return false;
	for (const char *p = t.at; p < at; p++)
		if (!is_word(*p) &&
			(*p == '\0' || strchr("!#$%&'*+-/=?^_`{|}~.", *p) == NULL))
			return false;
	const char *domain = at + 1, *end = t.at + t.n;
	if (t.at[0] == '.' || at[-1] == '.' || domain == end || !is_word(end[-1]))
		return false;
	for (const char *p = domain; p < end; p++) {
		if (!is_word(*p) && *p != '-' && *p != '.')
			return false;
		if ((*p == '.' || *p == '-') && (p == domain || p[-1] == '.'))
			return false;
	}
	return true;
}

static bool
is_here(const char *host)
{
	struct in_addr v4;
	if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
		strcmp(host, "::1") == 0)
		return true;
	return inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

/* The second wall of demo: whatever the name was, the address must be this machine's. */
static curl_socket_t
open_socket(void *obj, curlsocktype purpose, struct curl_sockaddr *a)
{
	const struct smtp *smtp = obj;
	(void)purpose;
	if (smtp->here_only) {
		const struct sockaddr_in *v4 = (const void *)&a->addr;
		const struct sockaddr_in6 *v6 = (const void *)&a->addr;
		bool here = a->family == AF_INET
				    ? ntohl(v4->sin_addr.s_addr) >> 24 == 127
				    : a->family == AF_INET6 &&
					      IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
		if (!here)
			return CURL_SOCKET_BAD;
	}
	if (smtp->guard != NULL &&
		!guard_may(smtp->guard, &a->addr, guard_mail_ports,
			sizeof guard_mail_ports / sizeof *guard_mail_ports))
		return CURL_SOCKET_BAD;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t
give_text(char *to, size_t size, size_t count, void *obj)
{
	struct slot *slot = obj;
	const struct smtp_watch *watch = slot->smtp->watch;
	if (slot->at == 0 && watch != NULL && watch->begins != NULL)
		watch->begins(watch->obj, slot->letter);
	size_t left = slot->letter->text.n - slot->at;
	size_t n = size * count < left ? size * count : left;
	memcpy(to, slot->letter->text.at + slot->at, n);
	slot->at += n;
	slot->phase = PHASE_TEXT;
	return n;
}

static void
note_reply(struct smtp_letter *letter, const char *line, size_t n)
{
	/* a refusal stands: what follows it answers our QUIT */
	if (letter->code >= 400 || n < 4 || line[0] < '2' || line[0] > '5' ||
		!isdigit((unsigned char)line[1]) || !isdigit((unsigned char)line[2]) ||
		line[3] != ' ')
		return;
	while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == '\n'))
		n--;
	n = n < SMTP_REPLY_MAX - 1 ? n : SMTP_REPLY_MAX - 1;
	letter->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
	for (size_t i = 0; i < n; i++)
		letter->reply[i] = line[i] < ' ' || line[i] > '~' ? '?' : line[i];
	letter->reply[n] = '\0';
}

static int
trace(CURL *easy, curl_infotype type, char *line, size_t n, void *obj)
{
	struct slot *slot = obj;
	(void)easy;
	if (slot->letter == NULL)
		return 0;
	if (type == CURLINFO_HEADER_IN)
		note_reply(slot->letter, line, n);
	else if (type == CURLINFO_HEADER_OUT && n > 5) {
		if (strncmp(line, "MAIL ", 5) == 0)
			slot->phase = PHASE_MAIL;
		else if (strncmp(line, "RCPT ", 5) == 0)
			slot->phase = PHASE_RCPT;
		else if (strncmp(line, "DATA", 4) == 0)
			slot->phase = PHASE_TEXT;
	}
	return 0;
}

static size_t
ignore(char *bytes, size_t size, size_t count, void *obj)
{
	(void)bytes;
	(void)obj;
	return size * count;
}

static int
prepare(struct slot *slot, bool with_password)
{
	CURL *c = slot->easy = curl_easy_init();
	must(c != NULL);
	long tls = slot->smtp->here_only ? CURLUSESSL_NONE
		   : with_password	 ? CURLUSESSL_ALL
					 : CURLUSESSL_TRY;
	bool good = curl_easy_setopt(c, CURLOPT_URL, slot->smtp->url) == CURLE_OK &&
		    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
		    curl_easy_setopt(c, CURLOPT_MAIL_FROM, slot->smtp->from) == CURLE_OK;
	curl_easy_setopt(c, CURLOPT_USE_SSL, tls);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)REPLY_S);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)LETTER_MS);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, slot->smtp);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give_text);
	curl_easy_setopt(c, CURLOPT_READDATA, slot);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, trace);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, slot);
	curl_easy_setopt(c, CURLOPT_PRIVATE, slot);
	return good ? 0 : -1;
}

static void
init_once(void)
{
	must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

static int
check_url(const char *url, bool demo, bool *with_password, struct err *e)
{
	char *scheme = NULL, *host = NULL, *password = NULL;
	CURLU *u = curl_url();
	must(u != NULL);
	bool read = curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) ==
			    CURLUE_OK &&
		    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK;
	curl_url_get(u, CURLUPART_PASSWORD, &password, 0);
	*with_password = password != NULL;
	int rc = 0;
	if (!read || (strcmp(scheme, "smtp") != 0 && strcmp(scheme, "smtps") != 0))
		rc = err_field(
			e, "smtp_url", "smtp_url is smtp://HOST:PORT or smtps://HOST:PORT");
	else if (demo && !is_here(host))
		rc = err_field(e, "smtp_url",
			"this is a demonstration: its letters may only go to this machine "
			"(127.0.0.1, ::1, localhost), not to %s",
			host);
	curl_free(scheme);
	curl_free(host);
	curl_free(password);
	curl_url_cleanup(u);
	return rc;
}

static int
open_relay(const struct settings *s, const char *url, const char *from, size_t connections,
	struct guard *guard, struct smtp **out, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	bool with_password;
	pthread_once(&once, init_once);
	if (!smtp_address_is(text_of(from)))
		return err_field(
			e, "mail_from", "mail_from is one address, not \"%s\"", from);
	if (check_url(url, s->demo, &with_password, e) < 0)
		return -1;
	struct smtp *smtp = calloc(1, sizeof *smtp);
	must(smtp != NULL);
	smtp->multi = curl_multi_init();
	smtp->url = strdup(url);
	smtp->from = strdup(from);
	must(smtp->multi != NULL && smtp->url != NULL && smtp->from != NULL);
	smtp->here_only = s->demo;
	smtp->guard = guard;
	smtp->slot_n = connections < 1		       ? 1
		       : connections > CONNECTIONS_MAX ? CONNECTIONS_MAX
						       : connections;
	curl_multi_setopt(smtp->multi, CURLMOPT_MAXCONNECTS, (long)smtp->slot_n);
	curl_multi_setopt(smtp->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)smtp->slot_n);
	for (size_t i = 0; i < smtp->slot_n; i++) {
		smtp->slots[i].smtp = smtp;
		if (prepare(&smtp->slots[i], with_password) < 0) {
			smtp->guard = NULL; /* the caller's still */
			smtp_close(smtp);
			return err_set(e, ERR_INPUT, "libcurl here has no SMTP");
		}
	}
	*out = smtp;
	return 0;
}

int
smtp_open(const struct settings *s, size_t connections, struct smtp **out, struct err *e)
{
	return open_relay(s, s->smtp_url, s->mail_from, connections, NULL, out, e);
}

int
smtp_open_tenant(const struct settings *s, const char *url, const char *from,
	size_t connections, struct smtp **out, struct err *e)
{
	struct guard *guard;
	if (guard_new(s->fetch_allow, &guard, e) < 0)
		return -1;
	if (open_relay(s, url, from, connections, guard, out, e) == 0)
		return 0;
	guard_free(guard);
	return -1;
}

void
smtp_close(struct smtp *smtp)
{
	if (smtp == NULL)
		return;
	for (size_t i = 0; i < smtp->slot_n; i++) {
		struct slot *slot = &smtp->slots[i];
		if (slot->easy == NULL)
			continue;
		if (slot->letter != NULL)
			curl_multi_remove_handle(smtp->multi, slot->easy);
		curl_easy_cleanup(slot->easy);
		curl_slist_free_all(slot->rcpt);
	}
	curl_multi_cleanup(smtp->multi);
	guard_free(smtp->guard);
	free(smtp->url);
	free(smtp->from);
	free(smtp);
}

int64_t
smtp_connections_made(const struct smtp *smtp)
{
	return smtp->made;
}

static void
start(struct slot *slot, struct smtp_letter *letter, bool again)
{
	letter->code = 0;
	letter->reply[0] = '\0';
	slot->letter = letter;
	slot->at = 0;
	slot->phase = PHASE_CONNECT;
	slot->again = again;
	curl_slist_free_all(slot->rcpt);
	slot->rcpt = curl_slist_append(NULL, letter->to);
	must(slot->rcpt != NULL);
	curl_easy_setopt(slot->easy, CURLOPT_MAIL_RCPT, slot->rcpt);
	curl_easy_setopt(slot->easy, CURLOPT_FRESH_CONNECT, again ? 1L : 0L);
	must(curl_multi_add_handle(slot->smtp->multi, slot->easy) == CURLM_OK);
}

/* What became of a letter, by how far it got and what was said last. */
static void
judge(struct slot *slot, CURLcode rc)
{
	struct smtp_letter *l = slot->letter;
	bool refused = l->code >= 500, gone = slot->at == l->text.n;
	l->reached = slot->phase > PHASE_CONNECT && (rc == CURLE_OK || l->code >= 400);
	l->recipient = slot->phase == PHASE_RCPT && refused;
	if (rc == CURLE_OK)
		l->result = SMTP_ACCEPTED;
	else if (slot->phase == PHASE_TEXT && gone && l->code < 400)
		l->result = SMTP_UNKNOWN;
	else if (refused && (slot->phase >= PHASE_RCPT ||
				    (slot->phase == PHASE_MAIL && l->code == 552)))
		l->result = SMTP_REFUSED;
	else
		l->result = SMTP_LATER;
	if (rc != CURLE_OK && l->code < 400) {
		const char *words = curl_easy_strerror(rc);
		size_t n = strnlen(words, SMTP_REPLY_MAX - 1);
		memcpy(l->reply, words, n);
		l->reply[n] = '\0';
		l->code = 0;
	}
}

/* A kept connection that the relay had closed meanwhile says nothing about the letter: once more on a new one. */
static bool
deserves_again(const struct slot *slot, CURLcode rc, long connects)
{
	return rc != CURLE_OK && !slot->again && connects == 0 &&
	       slot->letter->code < 400 && slot->at == 0;
}

static size_t
take_answers(struct smtp *smtp)
{
	const struct smtp_watch *watch = smtp->watch;
	CURLMsg *m;
	int left;
	size_t done = 0;
	while ((m = curl_multi_info_read(smtp->multi, &left)) != NULL) {
		struct slot *slot = NULL;
		long connects = 0;
		CURLcode rc = m->data.result;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
		curl_easy_getinfo(m->easy_handle, CURLINFO_NUM_CONNECTS, &connects);
		smtp->made += connects;
		curl_multi_remove_handle(smtp->multi, slot->easy);
		if (deserves_again(slot, rc, connects)) {
			start(slot, slot->letter, true);
			continue;
		}
		judge(slot, rc);
		if (watch != NULL && watch->answered != NULL)
			watch->answered(watch->obj, slot->letter);
		slot->letter = NULL;
		done++;
	}
	return done;
}

static void
abandon(struct smtp *smtp)
{
	const struct smtp_watch *watch = smtp->watch;
	for (size_t i = 0; i < smtp->slot_n; i++) {
		struct slot *slot = &smtp->slots[i];
		if (slot->letter == NULL)
			continue;
		curl_multi_remove_handle(smtp->multi, slot->easy);
		judge(slot, CURLE_ABORTED_BY_CALLBACK);
		if (watch != NULL && watch->answered != NULL)
			watch->answered(watch->obj, slot->letter);
		slot->letter = NULL;
	}
}

static size_t
fill(struct smtp *smtp, struct smtp_letter *letters, size_t n)
{
	size_t begun = 0;
	for (size_t i = 0; i < smtp->slot_n && begun < n; i++) {
		if (smtp->slots[i].letter != NULL)
			continue;
		start(&smtp->slots[i], &letters[begun++], false);
	}
	return begun;
}

/* Addresses that cannot stand in a command never reach libcurl. */
static size_t
refuse_bad(struct smtp_letter *letters, size_t n)
{
	size_t good = 0;
	while (good < n && smtp_address_is(text_of(letters[good].to)))
		good++;
	if (good < n) {
		letters[good].result = SMTP_REFUSED;
		letters[good].recipient = true;
		letters[good].reached = false;
		letters[good].code = 0;
		memcpy(letters[good].reply, "not an address", 15);
	}
	return good;
}

static void
send_good(struct smtp *smtp, struct smtp_letter *letters, size_t n,
	const volatile sig_atomic_t *stop)
{
	size_t begun = 0, done = 0;
	int64_t until_us = 0;
	int running;
	while (done < n) {
		bool stopping = stop != NULL && *stop;
		if (!stopping)
			begun += fill(smtp, letters + begun, n - begun);
		else if (until_us == 0)
			until_us = time_monotonic_us() + STOP_MS * 1000;
		if (stopping && (done == begun || time_monotonic_us() > until_us))
			break;
		curl_multi_perform(smtp->multi, &running);
		size_t answered = take_answers(smtp);
		done += answered;
		if (answered == 0)
			curl_multi_poll(smtp->multi, NULL, 0, POLL_MS, NULL);
	}
	abandon(smtp);
	for (size_t i = begun; i < n; i++)
		letters[i].result = SMTP_LATER;
}

void
smtp_send(struct smtp *smtp, struct smtp_letter *letters, size_t n,
	const struct smtp_watch *watch, const volatile sig_atomic_t *stop)
{
	smtp->watch = watch;
	while (n > 0) {
		size_t good = refuse_bad(letters, n);
		send_good(smtp, letters, good, stop);
		good += good < n;
		letters += good;
		n -= good;
	}
}
