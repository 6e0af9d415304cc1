/* cxdp: the operator's command. Each command is a row of the table. */
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "demo/demo.h"
#include "engine/operator.h"
#include "script/command.h"
#include "store/db.h"
#include "web/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The demo floor stands beside the engine's: its options are read here. */
static int
run_demo(struct operator* o, struct err *e)
{
	const char *people = operator_option(o, "people");
	const char *seed = operator_option(o, "seed");
	struct demo_order d = {.url = operator_option(o, "url"),
		.write_key = operator_option(o, "write-key"),
		.api_key = operator_option(o, "api-key"),
		.templates_dir = o->settings->templates_dir,
		.people = people != NULL ? atoll(people) : 10000,
		.seed = seed != NULL ? atoll(seed) : 1};
	if (d.url == NULL || d.write_key == NULL || d.api_key == NULL || d.people < 1)
		return err_set(e, ERR_INPUT, "demo needs --url, --write-key and --api-key");
	return demo_run(o->arena, &d, e);
}

static const struct command {
	const char *words, *usage;
	operator_command *run;
} commands[] = {
	{"migrate", "migrate", operator_migrate},
	{"check", "check", operator_check},
	{"root create", "root create --email E --password P", operator_root_create},
	{"company create",
		"company create --name N --slug S --country BY --currency BYN --language "
		"ru "
		"--timezone Europe/Minsk --admin-email E --admin-password P",
		operator_company_create},
	{"demo", "demo --url URL --write-key K --api-key K [--people N] [--seed N]",
		run_demo},
	{"script run", "script run FILE [--use rule|step|adapter]", operator_script_run},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int
usage(void)
{
	fputs("cxdp " CXDP_VERSION "\nusage: cxdp --config FILE COMMAND\n", stderr);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(stderr, "  %s\n", commands[i].usage);
	return 2;
}

static const struct command *
find(const char *one, const char *two, int *words)
{
	char both[64];
	snprintf(both, sizeof both, "%s %s", one, two != NULL ? two : "");
	for (size_t i = 0; i < COMMANDS; i++) {
		*words = strcmp(commands[i].words, both) == 0 ? 2 : 1;
		if (*words == 2 || strcmp(commands[i].words, one) == 0)
			return &commands[i];
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct operator o;
	struct settings s;
	struct err e = {0};
	int words, rc;
	if (script_main(a, argc, argv, &rc))
		return rc;
	bool asked = argc > 3 && strcmp(argv[1], "--config") == 0;
	const struct command *c = asked ? find(argv[3], argc > 4 ? argv[4] : NULL, &words)
					: NULL;
	if (c == NULL)
		return usage();
	if (serve_begin(a, "cxdp", 3, argv, &s, &e) < 0) {
		fprintf(stderr, "cxdp: %s\n", e.text);
		return 1;
	}
	db_library_init();
	o = (struct operator){a, db_open(&s), &s, argc - 3 - words, argv + 3 + words};
	rc = c->run(&o, &e);
	if (rc < 0)
		fprintf(stderr, "cxdp: %s\n", e.text);
	db_close(o.db);
	return rc < 0 ? 1 : rc;
}
