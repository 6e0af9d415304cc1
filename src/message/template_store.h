/* Templates of letters as they are kept. A text is compiled before it is stored, so what is stored renders or says why not. */
#ifndef MESSAGE_TEMPLATE_STORE_H
#define MESSAGE_TEMPLATE_STORE_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct settings;

enum {
	TEMPLATE_NAME_MAX = 100,
	TEMPLATE_SUBJECT_MAX = 500,
	TEMPLATE_BODY_MAX = 512 * 1024
};

struct letter_template {
	int64_t id; /* 0: a new one */
	const char *name;
	const char *channel;	    /* "email" */
	const char *subject, *body; /* template texts: plain, HTML */
	int64_t version;	    /* one more with each change */
	int64_t created_at_us, updated_at_us;
};

/* Newest change first: list of maps {id, name, channel, subject, version, created_at_us, updated_at_us}; without bodies. */
int message_template_all(struct arena *a, struct db *db, int64_t company_id,
	struct val *list, struct err *e);

/* Those whose subject or body has the word anywhere, within others too: list of maps {id, name, subject, body}. */
int message_template_saying(struct arena *a, struct db *db, int64_t company_id,
	const char *word, struct val *list, struct err *e);

/* 1 / 0 / -1. */
int message_template_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct letter_template *out, struct err *e);
int message_template_by_name(struct arena *a, struct db *db, int64_t company_id,
	struct text name, struct letter_template *out, struct err *e);

/* The same as a map, all of it. */
struct val message_template_val(struct arena *a, const struct letter_template *t);

/* Makes (t->id 0) or changes a template; fills id. ERR_INPUT with field (name, subject, body) and line; ERR_CONFLICT
 * the name is taken; ERR_MISSING no such template. */
int message_template_put(struct db *db, const struct settings *s, int64_t company_id,
	struct letter_template *t, struct err *e);

#endif
