/* See command.h. */
#include "script/command.h"
#include "script/box.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

static int
answer(struct arena *a, const struct val *value, const struct err *e, struct box_usage u)
{
	struct val line = val_map(a);
	val_put(a, &line, "ok", val_bool(e == NULL));
	val_put(a, &line, "value", value != NULL ? *value : val_null());
	struct val error = val_null();
	if (e != NULL)
		error = e->line > 0
				? val_text(arena_printf(a, "line %d: %s", e->line, e->text))
				: val_text(e->text);
	val_put(a, &line, "error", error);
	val_put(a, &line, "limit", val_text(box_limit_word(u.limit)));
	val_put(a, &line, "gas", val_int(u.gas));
	val_put(a, &line, "us", val_int(u.us));
	struct text t = json_text(a, &line);
	printf("%.*s\n", (int)t.n, t.at);
	return e == NULL ? 0 : u.limit != BOX_LIMIT_NONE ? 2 : 1;
}

static int
read_file(struct arena *a, const char *path, struct text *out, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_MISSING, "cannot read %s: %m", path);
	char *bytes = arena_alloc(a, BOX_CHUNK_MAX + 1);
	size_t n = fread(bytes, 1, BOX_CHUNK_MAX + 1, f);
	bool broken = ferror(f) != 0;
	if (f != stdin)
		fclose(f);
	if (broken)
		return err_set(e, ERR_INPUT, "%s is no file that can be read", path);
	*out = (struct text){bytes, n};
	if (n > BOX_CHUNK_MAX)
		return err_set(
			e, ERR_SIZE, "a script of more than %d bytes", BOX_CHUNK_MAX);
	return 0;
}

static int
read_use(const char *word, enum box_use *use, struct err *e)
{
	static const char *const words[] = {"rule", "step", "adapter"};
	for (int i = 0; i < 3; i++)
		if (word != NULL && strcmp(word, words[i]) == 0) {
			*use = (enum box_use)i;
			return 0;
		}
	return err_set(e, ERR_INPUT, "--use is rule, step or adapter");
}

static int
run_file(int argc, char **argv, const struct settings *s)
{
	struct arena *a = arena_new();
	struct err e = {.code = ERR_NONE};
	enum box_use use = BOX_RULE;
	const char *path = NULL;
	struct text chunk = {"", 0};
	int rc = argc > 0 && strcmp(argv[0], "run") == 0
			 ? 0
			 : err_set(&e, ERR_INPUT,
				   "usage: script run FILE [--use rule|step|adapter]");
	for (int i = 1; rc == 0 && i < argc; i++) {
		if (strcmp(argv[i], "--use") == 0) {
			rc = read_use(i + 1 < argc ? argv[i + 1] : NULL, &use, &e);
			i++;
		} else if (strncmp(argv[i], "--use=", 6) == 0)
			rc = read_use(argv[i] + 6, &use, &e);
		else
			path = argv[i];
	}
	if (rc == 0 && path == NULL)
		rc = err_set(
			&e, ERR_INPUT, "usage: script run FILE [--use rule|step|adapter]");
	if (rc == 0)
		rc = read_file(a, path, &chunk, &e);
	if (rc < 0)
		rc = answer(a, NULL, &e, (struct box_usage){0});
	else {
		struct val value;
		struct box *box = box_new(use, s, time_now_us(), 1);
		rc = box_run(a, box, chunk, "script", NULL, &value, &e);
		rc = answer(
			a, rc == 0 ? &value : NULL, rc == 0 ? NULL : &e, box_usage(box));
		box_free(box);
	}
	arena_free(a);
	return rc;
}

bool
script_main(struct arena *a, int argc, char **argv, int *status)
{
	int at = argc > 2 && strcmp(argv[1], "--config") == 0 ? 3 : 1;
	struct settings s;
	struct err e;
	if (argc <= at || strcmp(argv[at], "script") != 0)
		return false;
	bool read = at == 3 && settings_read(a, argv[2], &s, &e) == 0;
	*status = run_file(argc - at - 1, argv + at + 1, read ? &s : NULL);
	return true;
}
