/* The API told to machines: OpenAPI 3.1 out of the route table and one table of shapes (shapes.c). Shapes are written in a small language:
 *
 *   {id: id, name: text?, fields: {*: any}, tags?: [text], state: "open|merged"}   Profile
 *
 * A ? behind a key: it may be missing; behind a type: it may be null. {*: T} has any keys. Words are id (digits as text), text, int, number,
 * bool, time, any, and the names of other shapes. */
#ifndef API_DESCRIBE_H
#define API_DESCRIBE_H

#include "base/val.h"

struct arena;
struct err;
struct route;

/* What the table says of a route, by "GET /api/v1/profiles". */
struct told {
	const char *route;
	const char *query;  /* a shape of arguments, NULL none */
	const char *body;   /* a shape, or "file": a form with a file; NULL none */
	const char *status; /* of a good answer, "201 200": the first is the usual one */
	const char *
		answer; /* a shape: it stands in data; a list's with next, but for "whole [T]"; "csv", "file", "json", "html": as it is; NULL: no body */
	const char *more; /* what else is to be said, NULL nothing */
};

/* Shapes with names. */
struct named {
	const char *name, *shape;
};

extern const struct told api_told[];
extern const size_t api_told_n;
extern const struct named api_named[];
extern const size_t api_named_n;

/* The table's row of a route, NULL when it has none. */
const struct told *api_told_of(const char *method, const char *pattern);

/* The shape of that name, NULL when there is none. */
const char *api_named_shape(const char *name);

/* "GET /api/v1/profiles/{id}" is get_profiles_id, of the group "profiles". */
const char *api_operation_id(struct arena *a, const struct route *r);
const char *api_group(struct arena *a, const struct route *r);

/* A shape as JSON Schema. 0, or -1 ERR_BUG: where it is no shape. */
int api_schema(struct arena *a, const char *shape, struct val *out, struct err *e);

/* All of it. server: its address. 0, or -1 ERR_BUG: a route is not told of, or a shape is none. */
int api_describe(struct arena *a, const char *server, struct val *out, struct err *e);

/* What --openapi does: prints it. Returns the exit code. */
int api_print(void);

#endif
