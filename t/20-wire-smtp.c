/* Letters over SMTP: connections are kept, each answer of a relay means what it should, nothing gets into a command. The relay here
 * is ours and does as the recipient's name says; against another's reading of SMTP all of this is run in t/60-message-send.t. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "wire/smtp.h"

#include "tap.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LETTERS = 200 };

static int listen_fd, port;
static int taken, greetings, commands_seen;
static char last_text[65536];
static char last_rcpt[400];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
say(FILE *f, const char *line)
{
	fprintf(f, "%s\r\n", line);
	fflush(f);
}

/* false: the connection is to end now */
static bool
take_text(FILE *f, const char *rcpt)
{
	char line[4096], text[65536] = "";
	say(f, "354 go on");
	while (fgets(line, sizeof line, f) != NULL && strcmp(line, ".\r\n") != 0)
		strncat(text, line, sizeof text - strlen(text) - 1);
	if (strstr(rcpt, "gone") != NULL)
		return false;
	pthread_mutex_lock(&lock);
	taken++;
	memcpy(last_text, text, sizeof text);
	snprintf(last_rcpt, sizeof last_rcpt, "%s", rcpt);
	pthread_mutex_unlock(&lock);
	say(f, strstr(rcpt, "spam") != NULL    ? "554 5.7.1 We do not like it"
		: strstr(rcpt, "full") != NULL ? "452 4.2.2 Full"
					       : "250 taken");
	return strstr(rcpt, "last") == NULL;
}

static void *
serve(void *obj)
{
	FILE *f = fdopen((int)(intptr_t)obj, "r+");
	char line[4096], rcpt[400] = "";
	pthread_mutex_lock(&lock);
	greetings++;
	pthread_mutex_unlock(&lock);
	say(f, "220 relay");
	while (fgets(line, sizeof line, f) != NULL) {
		pthread_mutex_lock(&lock);
		commands_seen++;
		pthread_mutex_unlock(&lock);
		if (strncmp(line, "RCPT TO:", 8) == 0) {
			snprintf(rcpt, sizeof rcpt, "%.390s", line + 8);
			if (strstr(rcpt, "drop") != NULL)
				break;
			say(f, strstr(rcpt, "refuse") != NULL ? "550 5.1.1 No such mailbox"
				: strstr(rcpt, "later") != NULL ? "451 4.2.0 Later"
								: "250 ok");
		} else if (strncmp(line, "DATA", 4) == 0) {
			if (!take_text(f, rcpt))
				break;
		} else if (strncmp(line, "QUIT", 4) == 0) {
			say(f, "221 bye");
			break;
		} else
			say(f, "250 ok");
	}
	fclose(f);
	return NULL;
}

static void *
accept_all(void *obj)
{
	(void)obj;
	for (;;) {
		pthread_t t;
		int fd = accept(listen_fd, NULL, NULL);
		if (fd < 0)
			return NULL;
		pthread_create(&t, NULL, serve, (void *)(intptr_t)fd);
		pthread_detach(t);
	}
}

static void
begin_relay(void)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	pthread_t t;
	listen_fd = socket(AF_INET, SOCK_STREAM, 0);
	must(bind(listen_fd, (void *)&a, sizeof a) == 0 && listen(listen_fd, 64) == 0);
	must(getsockname(listen_fd, (void *)&a, &n) == 0);
	port = ntohs(a.sin_port);
	pthread_create(&t, NULL, accept_all, NULL);
}

static struct smtp_letter
one(struct smtp *smtp, const char *to, const char *text)
{
	struct smtp_letter l = {.to = to, .text = text_of(text)};
	smtp_send(smtp, &l, 1, NULL, NULL);
	return l;
}

static void
addresses(void)
{
	static const char *const good[] = {"a@b.example", "first.last+tag@sub.b.example",
		"o'neil@b.example", "x@xn--80ak.example"};
	static const char *const bad[] = {"", "a", "@b", "a@", "a b@c.example",
		"a@b.example>", "<a@b.example>", "a@b.example\r\nRCPT TO:<x@y>",
		"a@b.example,c@d.example", "a@b@c.example", "a@[127.0.0.1]",
		"\"a b\"@c.example", "a@b..c", "a@.b", "a@b.", "группа:a@b.example",
		"a@b.example\n", "a\t@b.example", "a@b.example SIZE=1", ".a@b.example",
		"a@-b.example", "a@b.exa%0ample"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ok(smtp_address_is(text_of(good[i])), "%s is an address", good[i]);
	bool none = true;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		none = none && !smtp_address_is(text_of(bad[i]));
	ok(none, "none of %zu others is", sizeof bad / sizeof *bad);
	int passed = 0;
	srand(7);
	for (int i = 0; i < 200000; i++) {
		char t[8];
		size_t n = (size_t)(rand() % 8);
		for (size_t k = 0; k < n; k++)
			t[k] = "ab@.@ab<>\r\n ,;:\"\\()\0\x80"[rand() % 21];
		if (!smtp_address_is((struct text){t, n}))
			continue;
		passed++;
		for (size_t k = 0; k < n; k++)
			must(strchr("ab@.", t[k]) != NULL && t[k] != '\0');
	}
	ok(passed > 20, "of random texts only plain ones pass (%d did)", passed);
}

static void
answers(struct smtp *smtp)
{
	struct smtp_letter l = one(
		smtp, "anna@b.example", "Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n");
	ok(l.result == SMTP_ACCEPTED && l.code == 250, "a letter is taken");
	is_text(last_text, "Subject: x\r\n\r\n..dot\r\n...\r\nend\r\n",
		"dots at the begin of lines are stuffed");
	ok(strncmp(last_rcpt, "<anna@b.example>", 16) == 0, "for its one recipient");
	l = one(smtp, "refuse@b.example", "x\r\n");
	ok(l.result == SMTP_REFUSED && l.recipient && l.code == 550,
		"550 to the recipient is for good");
	is_text(l.reply, "550 5.1.1 No such mailbox", "with the relay's words");
	l = one(smtp, "later@b.example", "x\r\n");
	ok(l.result == SMTP_LATER && l.reached && l.code == 451, "451 means later");
	l = one(smtp, "spam@b.example", "x\r\n");
	ok(l.result == SMTP_REFUSED && !l.recipient && l.code == 554,
		"554 behind the dot is for good, and not the recipient's fault");
	l = one(smtp, "full@b.example", "x\r\n");
	ok(l.result == SMTP_LATER && l.code == 452, "452 behind the dot means later");
	l = one(smtp, "gone@b.example", "x\r\n");
	ok(l.result == SMTP_UNKNOWN, "a connection lost behind the dot: nobody can tell");
	l = one(smtp, "drop@b.example", "x\r\n");
	ok(l.result == SMTP_LATER && l.code == 0,
		"a connection lost before the text: nothing was taken");
	int before = commands_seen;
	l = one(smtp, "a@b.example>\r\nRCPT TO:<evil@c.example", "x\r\n");
	ok(l.result == SMTP_REFUSED && commands_seen == before,
		"what is no address never reaches the relay");
	l = one(smtp, "last@b.example", "x\r\n");
	usleep(50000);
	struct smtp_letter next = one(smtp, "anna@b.example", "x\r\n");
	ok(l.result == SMTP_ACCEPTED && next.result == SMTP_ACCEPTED,
		"a kept connection that the relay closed is replaced");
}

static void
on_begins(void *obj, const struct smtp_letter *l)
{
	((char *)obj)[l->id]++;
}

static void
on_answered(void *obj, const struct smtp_letter *l)
{
	((char *)obj)[l->id] += 2;
}

static void
reuse(const struct settings *s)
{
	static struct smtp_letter letters[LETTERS];
	static char seen[LETTERS];
	struct smtp *smtp;
	struct err e;
	struct smtp_watch watch = {on_begins, on_answered, seen};
	int before = taken, good = 0, told = 0, met = greetings;
	must(smtp_open(s, 4, &smtp, &e) == 0);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < LETTERS; i++)
			letters[i] = (struct smtp_letter){.id = i,
				.to = "anna@b.example",
				.text = text_of("Subject: x\r\n\r\nx\r\n")};
		memset(seen, 0, sizeof seen);
		smtp_send(smtp, letters, LETTERS, &watch, NULL);
		for (int i = 0; i < LETTERS; i++) {
			good += letters[i].result == SMTP_ACCEPTED;
			told += seen[i] == 3;
		}
	}
	ok(good == 2 * LETTERS && taken - before == 2 * LETTERS, "%d letters are taken",
		good);
	ok(told == 2 * LETTERS, "each was told of when it began and when it was answered");
	ok(greetings - met <= 4 && smtp_connections_made(smtp) <= 4,
		"over %d connections, kept also between batches", greetings - met);
	volatile sig_atomic_t stop = 1;
	smtp_send(smtp, letters, LETTERS, &watch, &stop);
	ok(letters[0].result == SMTP_LATER && letters[LETTERS - 1].result == SMTP_LATER,
		"when told to stop, nothing more begins");
	smtp_close(smtp);
}

static void
opening(struct settings s)
{
	struct smtp *smtp = NULL;
	struct err e = {0};
	static const char *const elsewhere[] = {"smtp://mail.example:25", "smtp://10.0.0.1",
		"smtp://127.0.0.1.nip.example", "smtps://[2001:db8::1]"};
	s.demo = true;
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
		s.smtp_url = elsewhere[i];
		ok(smtp_open(&s, 1, &smtp, &e) < 0 &&
				strstr(e.text, "this machine") != NULL,
			"demo refuses %s", elsewhere[i]);
	}
	s.smtp_url = "smtp://localhost:1";
	ok(smtp_open(&s, 1, &smtp, &e) == 0, "and takes localhost");
	struct smtp_letter l = one(smtp, "anna@b.example", "x\r\n");
	ok(l.result == SMTP_LATER && !l.reached,
		"a relay that is not there means later, and was not reached");
	smtp_close(smtp);
	s.demo = false;
	s.smtp_url = "http://127.0.0.1/";
	ok(smtp_open(&s, 1, &smtp, &e) < 0, "http is no relay");
	s.smtp_url = "smtp://127.0.0.1:1";
	s.mail_from = "a@b.example\r\nRCPT TO:<x@y.example>";
	ok(smtp_open(&s, 1, &smtp, &e) < 0, "a sender that is no address is refused");
}

int
main(void)
{
	struct arena *a = arena_new();
	struct settings s = {.mail_from = "us@b.example"};
	struct smtp *smtp;
	struct err e;
	alarm(60);
	begin_relay();
	s.smtp_url = arena_printf(a, "smtp://127.0.0.1:%d", port);
	addresses();
	must(smtp_open(&s, 4, &smtp, &e) == 0);
	answers(smtp);
	smtp_close(smtp);
	reuse(&s);
	opening(s);
	arena_free(a);
	return tap_done();
}
