/* What came: read from the parameters nginx sets and the headers of the client. All borrowed until the answer is sent. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "base/val.h"

struct arena;
struct err;

enum {
	REQUEST_PARAMS_MAX = 200,
	REQUEST_PARAMS_BYTES_MAX = 64 * 1024,
};

struct request {
	char *const *params; /* "NAME=value", NULL at the end */
	const char *id;	     /* nginx's request id, "-" without one */
	const char *method;
	struct text path;   /* decoded once, UTF-8, begins with / */
	struct text target; /* path and query as they came */
	struct val query;   /* map of texts */
	struct val form;    /* map of texts; null until web_form read it */
	struct text body;   /* as it came */
	int64_t length;	    /* Content-Length, 0 without one */
	const char *ip;
	bool secure; /* came by TLS */
};

/* Fills all but query, form and body. -1 ERR_SIZE too many or too long parameters; ERR_INPUT a broken path or length. */
int request_read(struct arena *a, char *const *params, struct request *out, struct err *e);

/* A header by its name in any case ("user-agent"), empty when there is none. */
struct text request_header(const struct request *r, const char *name);

/* The last cookie of that name, empty when there is none. */
struct text request_cookie(const struct request *r, const char *name);

/* htmx asks for a part of a page (and not for one out of its history). */
bool request_is_part(const struct request *r);

/* GET or HEAD: changes nothing. */
bool request_is_read(const struct request *r);

#endif
