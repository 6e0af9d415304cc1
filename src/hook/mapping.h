/* What came to the address of a source, to calls, by the company's own text. A request is the map {type, query, headers, body | base64};
 * calls are what SDKs send (event/call.h), trusted as those of an API key. */
#ifndef HOOK_MAPPING_H
#define HOOK_MAPPING_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct envelope;
struct err;
struct mapper;
struct settings;

enum { MAPPING_CALLS_MAX = 1000 };

/* A request as it is journaled; "body" where the bytes are UTF-8 and fit so, else "base64". */
struct val mapping_request(struct arena *a, struct text type, const struct val *query,
	const struct val *headers, struct text bytes);

/* Its body's bytes: 0, or -1 ERR_INPUT it is no request. */
int mapping_bytes(
	struct arena *a, const struct val *request, struct text *out, struct err *e);

/* 0, or -1 ERR_INPUT of the field "script" with the line. */
int mapping_check(const struct settings *s, struct text script, struct err *e);

/* Runs one text for many requests; closed by a's reset. -1 as mapping_check. */
int mapper_new(struct arena *a, const struct settings *s, struct text script,
	struct mapper **out, struct err *e);

/* The calls of a request, each checked, with a messageId that is the same for the same request. 0, or -1: ERR_INPUT with e->line where the text
 * went wrong, or what is wrong with which call; ERR_BUSY the company's scripts used up their share. *gas may be NULL. */
int mapper_run(struct arena *a, struct mapper *m, const struct val *request,
	const struct envelope *env, struct val *calls, int64_t *gas, struct err *e);

/* Texts to begin with, written by us: {name, script}, by number; NULL behind the last. The name is a word of the interface. */
const char *mapping_starter(size_t i, const char **script);

#endif
