/* cxdp-ui: the door of people. */
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "ui/door.h"

#include <string.h>

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--routes") == 0)
		return route_print(ui_routes, ui_routes_n);
	struct arena *a = arena_new();
	struct settings s;
	struct err e;
	int done = serve_begin(a, "cxdp-ui", argc, argv, &s, &e);
	if (done == 0)
		done = ui_serve(&s, &e);
	if (done < 0)
		log_line(LOG_ERROR, "%s", e.text);
	arena_free(a);
	return done < 0 ? 1 : 0;
}
