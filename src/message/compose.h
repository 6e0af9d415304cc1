/* A template and a person to a letter: RFC 5322, MIME with a plain and an HTML part, links and an open pixel of ours. */
#ifndef MESSAGE_COMPOSE_H
#define MESSAGE_COMPOSE_H

#include "message/link.h"
#include "message/message.h"
#include "message/template_store.h"
#include "tenant/company.h"

struct arena;
struct composer;
struct err;
struct settings;

/* Keeps compiled templates of many companies; one thread. */
struct composer *composer_new(const struct settings *s);
void composer_free(struct composer *c);

struct letter_order {
	const struct company *company;
	const struct letter_template *template;
	const struct message *message; /* id, address, transactional, vars */
	const struct origin *origin;
	const struct val *fields; /* the person's, by name */
	bool tracked; /* consents to analytics: links and the pixel tell of opens and clicks */
};

struct letter {
	struct text mail;    /* the whole letter, CR LF */
	struct text subject; /* as rendered, UTF-8 */
	struct text
		shown; /* its HTML to be looked at later: links as written, none that unsubscribes */
	struct link *links; /* to be kept (link_put) before it is sent */
	size_t link_n;
};

/* 0, or -1: ERR_INPUT or ERR_LIMIT when the template does not render for this person (line, sentence). */
int compose_letter(struct arena *a, struct composer *c, const struct letter_order *o,
	struct letter *out, struct err *e);

/* As the person would see it, nothing stored or tracked. The template need not be stored. fields: of a person, or a sample map; vars: JSON
 * as a message has it, or empty.
 * -1 with field "subject" or "body" and line. */
int compose_preview(struct arena *a, const struct settings *s,
	const struct company *company, const struct letter_template *t,
	const struct val *fields, struct text vars, struct text *html, struct text *subject,
	struct err *e);

#endif
