/* cxdp-api: the door of integrators. */
#include "api/api.h"
#include "api/describe.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "web/serve.h"

#include <string.h>

int
main(int argc, char **argv)
{
	size_t n;
	const struct route *routes = api_routes(&n);
	if (argc == 2 && strcmp(argv[1], "--routes") == 0)
		return route_print(routes, n);
	if (argc == 2 && strcmp(argv[1], "--openapi") == 0)
		return api_print();
	struct arena *a = arena_new();
	struct settings s;
	struct err e;
	if (serve_begin(a, "cxdp-api", argc, argv, &s, &e) < 0 || api_run(&s, &e) < 0) {
		log_line(LOG_ERROR, "%s", e.text);
		return 1;
	}
	arena_free(a);
	return 0;
}
