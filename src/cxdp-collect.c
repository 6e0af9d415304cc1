/* cxdp-collect: the door of pixels and SDKs. */
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "collect/collect.h"
#include "web/serve.h"

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct settings s;
	struct err e;
	if (serve_begin(a, "cxdp-collect", argc, argv, &s, &e) < 0 ||
		collect_run(&s, &e) < 0) {
		log_line(LOG_ERROR, "%s", e.text);
		return 1;
	}
	arena_free(a);
	return 0;
}
