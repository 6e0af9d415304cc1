/* The route table: data, from which tests and the API's description are made too. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "tenant/user.h"
#include "web/web.h"

struct route {
	const char *method; /* "GET" answers HEAD too */
	const char *
		pattern; /* "/api/v1/profiles/{id}"; a last part "{rest*}" takes all that is left */
	web_handler *handle;
	enum right right; /* session doors: what the user must be allowed */
	const char *
		scope; /* key doors: what the key must be allowed ("a or b": either); NULL: no key is asked for */
	size_t body_max;    /* bytes; 0: no body */
	const char *object; /* what the pattern's ids name ("profile"), NULL without */
	const char *says;   /* one line for the API's description, may be NULL */
};

/* Finds the route. 1 found: *out, *params (map of texts); 0 no such path; -1 the path is there, the method is not, and
 * *allow lists those that are. */
int route_find(struct arena *a, const struct route *routes, size_t n, const char *method,
	struct text path, const struct route **out, struct val *params, const char **allow);

/* What a door's main does when it is asked for --routes: prints the table as JSON, for the tests made from it; a list of maps {method, path,
 * right, scope, object}. Returns the exit code. */
int route_print(const struct route *routes, size_t n);

#endif
