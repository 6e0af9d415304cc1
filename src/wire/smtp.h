/* Letters to a relay over SMTP (libcurl): a few connections, kept open from batch to batch, one recipient a letter. */
#ifndef WIRE_SMTP_H
#define WIRE_SMTP_H

#include "base/val.h"

#include <signal.h>

struct err;
struct settings;
struct smtp;

enum { SMTP_REPLY_MAX = 200, SMTP_ADDRESS_MAX = 254 };

enum smtp_result {
	SMTP_ACCEPTED, /* 250 behind the final dot */
	SMTP_REFUSED,  /* 5xx to the recipient or to the text: for good */
	SMTP_LATER,    /* 4xx, or the relay did not get that far: nothing was taken */
	SMTP_UNKNOWN   /* the connection went after the text had: nobody can tell */
};

struct smtp_letter {
	int64_t id;	  /* the caller's */
	const char *to;	  /* one address */
	struct text text; /* header and body, lines ended by CR LF; dots are stuffed here */
	/* the answer */
	enum smtp_result result;
	bool reached;	/* the relay answered this letter, not just nobody */
	bool recipient; /* it was the recipient that was refused */
	int code;	/* SMTP's, 0 none */
	char reply[SMTP_REPLY_MAX];
};

/* begins is called before the first byte of a letter's text can leave (its recipient was taken; without the text nothing is sent),
 * answered when its result stands. */
struct smtp_watch {
	void (*begins)(void *obj, const struct smtp_letter *letter);
	void (*answered)(void *obj, const struct smtp_letter *letter);
	void *obj;
};

/* Reads smtp_url and mail_from; connects to nothing yet. ERR_INPUT: no such URL, no such address, or, under demo, a relay
 * that is not this machine (127.0.0.0/8, ::1, localhost). Close with smtp_close (NULL is fine). */
int smtp_open(
	const struct settings *s, size_t connections, struct smtp **out, struct err *e);
void smtp_close(struct smtp *smtp);

/* The same of a relay that a tenant named: it must stand at a public address and a mail port, or where fetch_allow lets it
 * (wire/guard.h). ERR_INPUT fields "smtp_url", "mail_from". */
int smtp_open_tenant(const struct settings *s, const char *url, const char *from,
	size_t connections, struct smtp **out, struct err *e);

/* Sends n letters, several at a time, and fills their answers. When *stop becomes true, letters not begun are LATER and
 * those on their way get a few seconds. watch and stop may be NULL. */
void smtp_send(struct smtp *smtp, struct smtp_letter *letters, size_t n,
	const struct smtp_watch *watch, const volatile sig_atomic_t *stop);

/* How many connections were made so far: for figures and tests of reuse. */
int64_t smtp_connections_made(const struct smtp *smtp);

/* One plain address (RFC 5321 Mailbox without quoting, literals, comments or routes): nothing that could end a command. */
bool smtp_address_is(struct text address);

#endif
