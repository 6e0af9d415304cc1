/* cxdp-engine: everything nobody waits for, and the columns; one role per process. */
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "engine/apply.h"
#include "engine/columns.h"
#include "engine/jobs.h"
#include "engine/send.h"
#include "store/db.h"
#include "web/serve.h"

#include <signal.h>
#include <string.h>

static volatile sig_atomic_t stop;

static const struct role {
	const char *name;
	int (*run)(const struct settings *s, volatile sig_atomic_t *stop, struct err *e);
} roles[] = {
	{"apply", engine_apply_run},
	{"columns", engine_columns_run},
	{"send", engine_send_run},
	{"jobs", engine_jobs_run},
};

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* Takes --role NAME out of the arguments. */
static const struct role *
take_role(int *argc, char **argv)
{
	for (int i = 1; i + 1 < *argc; i++) {
		if (strcmp(argv[i], "--role") != 0)
			continue;
		const char *name = argv[i + 1];
		memmove(argv + i, argv + i + 2, (size_t)(*argc - i - 1) * sizeof *argv);
		*argc -= 2;
		for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
			if (strcmp(roles[k].name, name) == 0)
				return &roles[k];
	}
	return NULL;
}

static int
play(struct arena *a, const struct role *role, int argc, char **argv, struct err *e)
{
	struct settings s;
	char *program = arena_printf(a, "cxdp-engine.%s", role->name);
	if (serve_begin(a, program, argc, argv, &s, e) < 0)
		return -1;
	db_library_init();
	log_line(LOG_INFO, "begins");
	if (role->run(&s, &stop, e) < 0)
		return -1;
	log_line(LOG_INFO, "ends");
	return 0;
}

int
main(int argc, char **argv)
{
	struct err e;
	const struct role *role = take_role(&argc, argv);
	if (role == NULL) {
		fprintf(stderr, "usage: cxdp-engine --config FILE --role "
				"apply|columns|send|jobs\n");
		return 2;
	}
	struct sigaction act = {.sa_handler = on_signal};
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	struct arena *a = arena_new();
	int rc = play(a, role, argc, argv, &e);
	if (rc < 0)
		log_line(LOG_ERROR, "%s", e.text);
	arena_free(a);
	return rc < 0 ? 1 : 0;
}
