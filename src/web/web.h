/* One request as a handler sees it: what came, who asks, what goes back. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "tenant/company.h"
#include "tenant/key.h"
#include "tenant/session.h"
#include "web/request.h"
#include "web/response.h"

struct arena;
struct db;
struct door;
struct err;
struct pages;
struct route;
struct settings;

struct web {
	struct arena *arena; /* of this request */
	struct db *db;	     /* of this thread */
	const struct settings *settings;
	const struct door *door;
	const struct route *route; /* NULL until one matched */
	struct request request;
	struct response response;
	struct val params;	 /* what the pattern's {names} matched: a map of texts */
	struct session *session; /* of a logged-in user, else NULL */
	struct session *half;	 /* of one whose code is awaited, else NULL */
	struct api_key *key;	 /* of an API call, else NULL */
	struct company
		company;     /* of the session or the key; id 0 is the platform or nobody */
	struct pages *pages; /* of this thread, NULL unless the door has pages */
	void *own;	     /* what door->own_open made for this thread */
	void *incoming;	     /* where web_read reads */
	int64_t incoming_left;
};

/* A larger body is not read before the handler, which takes it by web_read; its form's token stands in the address. */
enum { WEB_BODY_MEMORY_MAX = 64 * 1024 * 1024 };

/* The next bytes of such a body, at most n; *got 0 at its end. -1 ERR_INPUT: it ended early. */
int web_read(struct web *w, char *at, size_t n, size_t *got, struct err *e);

/* Writes w->response. 0, or -1 *e and the door's fail() answers. */
typedef int web_handler(struct web *w, struct err *e);

/* The id under a {name} of the pattern: 0, or -1 ERR_MISSING when it is no id. */
int web_id(const struct web *w, const char *name, int64_t *id, struct err *e);

/* What a look-up (1 / 0 / -1 *e) is to a page of one thing: 0 / -1, ERR_MISSING for 0. */
int web_found(int found, struct err *e);

/* An argument of the query, a field of the form (urlencoded; read at first use), trimmed; empty when there is none. */
struct text web_query(const struct web *w, const char *name);
struct text web_form(struct web *w, const char *name);
/* The same untrimmed, line ends as \n, NUL-terminated: for texts of programs, passwords. */
const char *web_form_z(struct web *w, const char *name);
/* All values of name[] as a list. */
struct val web_form_list(struct web *w, const char *name);

/* The body as JSON. 0, or -1 ERR_INPUT. */
int web_json(struct web *w, struct val *out, struct err *e);

/* The body with its Content-Encoding (gzip, deflate) undone, at most limit bytes. 0, or -1 ERR_INPUT, ERR_SIZE. */
int web_body(struct web *w, size_t limit, struct text *out, struct err *e);

#endif
