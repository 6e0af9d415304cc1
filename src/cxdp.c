/* cxdp: the operator's command. Its commands are the engine's rows, and demo's, whose floor knows no operator. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "demo/demo.h"
#include "engine/operator.h"
#include "script/command.h"
#include "segment/command.h"
#include "store/db.h"
#include "web/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
run_demo(struct operator* o, struct err *e)
{
	const char *people = operator_option(o, "people"),
		   *seed = operator_option(o, "seed");
	struct demo_order d = {.url = operator_option(o, "url"),
		.write_key = operator_option(o, "write-key"),
		.api_key = operator_option(o, "api-key"),
		.company = operator_option(o, "company"),
		.db = o->db,
		.templates_dir = o->settings->templates_dir,
		.people = people != NULL ? atoll(people) : 10000,
		.seed = seed != NULL ? atoll(seed) : 1};
	if (d.url == NULL || d.write_key == NULL || d.api_key == NULL || d.people < 1)
		return err_set(e, ERR_INPUT, "demo needs --url, --write-key and --api-key");
	return demo_run(o->arena, &d, e);
}

static const struct operator_row own = {"demo",
	"--url URL --write-key K --api-key K [--company SLUG] [--people N] [--seed N]",
	run_demo};

static int
usage(void)
{
	fputs("cxdp " CXDP_VERSION "\n" SCRIPT_USAGE, stderr);
	for (size_t i = 0; i <= operator_rows_n; i++) {
		const struct operator_row *r = i < operator_rows_n ? &operator_rows[i]
								   : &own;
		fprintf(stderr, "  %s %s\n", r->words, r->options);
	}
	return 2;
}

static const struct operator_row *
find(int argc, char **argv, int *words)
{
	char both[64];
	if (argc < 4 || strcmp(argv[1], "--config") != 0)
		return NULL;
	snprintf(both, sizeof both, "%s %s", argv[3], argc > 4 ? argv[4] : "");
	for (size_t i = 0; i <= operator_rows_n; i++) {
		const struct operator_row *r = i < operator_rows_n ? &operator_rows[i]
								   : &own;
		*words = strcmp(r->words, both) == 0 ? 2 : 1;
		if (*words == 2 || strcmp(r->words, argv[3]) == 0)
			return r;
	}
	return NULL;
}

static int
run(const struct operator_row *c, struct arena *a, int words, int argc, char **argv,
	struct err *e)
{
	struct settings s;
	if (serve_begin(a, "cxdp", 3, argv, &s, e) < 0)
		return -1;
	db_library_init();
	struct operator o = {a, db_open(&s), &s, argc - words, argv + words};
	int rc = c->run(&o, e);
	db_close(o.db);
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct err e = {0};
	int words, rc;
	if (!script_test_main(a, argc, argv, &rc) && !script_main(a, argc, argv, &rc)) {
		const struct operator_row *c = find(argc, argv, &words);
		rc = c != NULL ? run(c, a, 3 + words, argc, argv, &e) : usage();
	}
	if (rc < 0)
		fprintf(stderr, "cxdp: %s\n", e.text);
	arena_free(a);
	return rc < 0 ? 1 : rc;
}
