/* A relay that says anything, a line of the input after each line of ours ("250-x" with the next one; an empty one hangs up): what we
 * make of it is within bounds, and no more letters count as taken than came over whole. */
#include "base/settings.h"
#include "fuzz.h"
#include "wire/smtp.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { LETTERS = 2 };

struct relay {
	int listening;
	struct text script;
	int dots; /* letters that came whole */
};

/* false: it hangs up */
static bool
say(int fd, struct relay *r, bool *go_on)
{
	char out[600];
	struct text line;
	do {
		line = fuzz_line(&r->script);
		size_t n = line.n < 590 ? line.n : 590;
		memcpy(out, line.at, n);
		memcpy(out + n, "\r\n", 2);
		if (n == 0 || send(fd, out, n + 2, MSG_NOSIGNAL) < 0)
			return false;
	} while (line.n > 3 && line.at[3] == '-');
	*go_on = text_starts(line, "354");
	return true;
}

/* One connection: ends when the script does, or when nobody says anything. */
static void
talk(struct relay *r, int fd)
{
	char in[4096];
	size_t n = 0;
	bool data = false, go_on;
	if (!say(fd, r, &go_on))
		return;
	for (ssize_t got; (got = recv(fd, in + n, sizeof in - n, 0)) > 0;) {
		n += (size_t)got;
		for (char *end; (end = memmem(in, n, "\r\n", 2)) != NULL;) {
			size_t line = (size_t)(end - in) + 2;
			bool dot = data && line == 3 && in[0] == '.';
			r->dots += dot;
			if (!data || dot) {
				bool asked = line > 4 && memcmp(in, "DATA", 4) == 0;
				if (!say(fd, r, &go_on))
					return;
				data = asked && go_on;
			}
			memmove(in, in + line, n - line);
			n -= line;
		}
		if (n == sizeof in)
			return;
	}
}

static void *
serve(void *obj)
{
	struct relay *r = obj;
	int fd;
	struct timeval patience = {.tv_usec = 4000};
	while ((fd = accept(r->listening, NULL, NULL)) >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		talk(r, fd);
		close(fd);
	}
	return NULL;
}

static int
listen_here(char url[64])
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof at;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
		listen(fd, 16) == 0 && getsockname(fd, (struct sockaddr *)&at, &n) == 0);
	snprintf(url, 64, "smtp://127.0.0.1:%d", ntohs(at.sin_port));
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char url[64];
	struct relay r = {.script = {(const char *)bytes, n < 2000 ? n : 2000}};
	struct settings s = {.smtp_url = url, .mail_from = "us@x.example", .demo = true};
	struct smtp_letter letters[LETTERS] = {
		{.id = 1,
			.to = "a@x.example",
			.text = text_of("To: a\r\n\r\n.x\r\n.\r\ny\r\n")},
		{.id = 2, .to = "b@x.example", .text = text_of("\r\n")}};
	struct smtp *smtp;
	struct err e;
	pthread_t thread;
	int accepted = 0;
	r.listening = listen_here(url);
	must(pthread_create(&thread, NULL, serve, &r) == 0);
	must(smtp_open(&s, 1, &smtp, &e) == 0);
	smtp_send(smtp, letters, LETTERS, NULL, NULL);
	smtp_close(smtp);
	shutdown(r.listening, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(r.listening);
	for (int i = 0; i < LETTERS; i++) {
		const struct smtp_letter *l = &letters[i];
		size_t words = strnlen(l->reply, SMTP_REPLY_MAX);
		must(words < SMTP_REPLY_MAX && l->code >= 0 && l->code < 1000);
		for (size_t k = 0; k < words; k++)
			must(l->reply[k] >= ' ' && l->reply[k] <= '~');
		must(l->result != SMTP_REFUSED || l->code >= 500);
		accepted += l->result == SMTP_ACCEPTED;
	}
	must(accepted <= r.dots);
	return 0;
}
