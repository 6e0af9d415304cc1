/* What goes back. */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include "base/str.h"
#include "base/val.h"

#include <stdint.h>

struct arena;
struct err;
struct web;

struct response {
	int status;	    /* 0 until something was answered */
	struct str headers; /* lines "Name: value\r\n", Content-Type among them */
	struct text body;
	int fd; /* of a file to be sent instead of body, closed with the arena; -1 none */
	int64_t file_bytes;
	int retry_s; /* what Retry-After says should it be refused; 0: five seconds */
};

void response_init(struct response *r, struct arena *a);

/* Adds a header; control characters in value become spaces. */
void response_header(struct web *w, const char *name, const char *value);

/* Path=/, HttpOnly, SameSite=Lax, Secure as the settings say; max_age_s 0 ends with the browser, -1 forgets it.
 * The name is used as it is, __Host- too. */
void response_cookie(struct web *w, const char *name, const char *value, int64_t max_age_s);

/* The answer; the last one counts. body is borrowed until it is sent. */
void response_bytes(struct web *w, int status, const char *type, struct text body);
void response_html(struct web *w, int status, struct text body); /* with the pages' CSP */
void response_json(struct web *w, int status, const struct val *v);
/* The first bytes of a file of ours, sent from the disk; name (ASCII) is what it is saved as. -1 ERR_MISSING. */
int response_file(struct web *w, const char *path, int64_t bytes, const char *type,
	const char *name, struct err *e);
void response_empty(struct web *w, int status);
/* 303 to a path of ours; to htmx, which follows redirects itself, HX-Redirect. */
void response_redirect(struct web *w, const char *path);

/* The one place where an error becomes a status: ERR_INPUT is 422 with a field or a line, else 400. */
int response_status_of(const struct err *e);

/* The word for a machine: "missing", "invalid_field". */
const char *response_code(const struct err *e);

/* {"error": {code, message, field?, line?}} with the status of the error: what API doors answer. A bug's or a store's
 * sentence stays in the log. */
void response_error_json(struct web *w, const struct err *e);

/* With 429 and 503: when to come again. */
void response_retry(struct web *w, int status);

/* The sentence a stranger may read: our own faults are not described. */
const char *response_sentence(const struct err *e);

#endif
