/* See operator.h. */
#include "engine/operator.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/settings.h"
#include "column/ask.h"
#include "event/dead.h"
#include "store/db.h"
#include "store/migrate.h"
#include "tenant/audit.h"
#include "tenant/company.h"
#include "tenant/key.h"
#include "tenant/user.h"

#include <stdio.h>
#include <string.h>

enum { DEAD_LISTED = 1000 };

const char *
operator_option(const struct operator* o, const char *name)
{
	for (int i = 0; i + 1 < o->argc; i++)
		if (strncmp(o->argv[i], "--", 2) == 0 && strcmp(o->argv[i] + 2, name) == 0)
			return o->argv[i + 1];
	return NULL;
}

static int
need(const struct operator* o, const char *const *names, size_t n, const char **values,
	struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		values[i] = operator_option(o, names[i]);
		if (values[i] == NULL)
			return err_field(e, names[i], "--%s is missing", names[i]);
	}
	return 0;
}

static void
say(const struct operator* o, const struct val *v)
{
	struct text t = json_text(o->arena, v);
	printf("%.*s\n", (int)t.n, t.at);
}

static int
run_migrate(struct operator* o, struct err *e)
{
	int applied;
	if (migrate_run(o->arena, o->db, o->settings->sql_dir, &applied, e) < 0)
		return -1;
	struct val out = val_map(o->arena);
	val_put(o->arena, &out, "applied", val_int(applied));
	say(o, &out);
	return 0;
}

static int
run_check(struct operator* o, struct err *e)
{
	const char *version;
	bool bulk;
	if (db_version(o->arena, o->db, &version, &bulk, e) < 0)
		return -1;
	int pending = migrate_pending(o->arena, o->db, o->settings->sql_dir, e);
	if (pending < 0)
		return -1;
	int64_t queries = 0;
	if (pending == 0 && db_check_queries(o->db, &queries, e) < 0)
		return -1;
	struct val out = val_map(o->arena);
	val_put(o->arena, &out, "queries", val_int(queries));
	val_put(o->arena, &out, "store", val_text(version));
	val_put(o->arena, &out, "bulk", val_bool(bulk));
	val_put(o->arena, &out, "migrations_pending", val_int(pending));
	say(o, &out);
	return pending > 0;
}

static int
run_root_create(struct operator* o, struct err *e)
{
	static const char *const names[] = {"email", "password"};
	const char *values[2] = {NULL, NULL};
	if (need(o, names, 2, values, e) < 0)
		return -1;
	struct user root = {.company_id = PLATFORM,
		.email = values[0],
		.role = "root",
		.name = "root",
		.language = "ru"};
	if (user_create(o->arena, o->db, &root, text_of(values[1]), e) < 0 &&
		e->code != ERR_CONFLICT)
		return -1;
	struct val out = val_map(o->arena);
	val_put(o->arena, &out, "root", val_text(values[0]));
	say(o, &out);
	return 0;
}

/* The administrator, a first site to put the tag on, and a key for everything. */
static int
furnish(struct operator* o, const struct company *c, const char *email,
	const char *password, struct val *out, struct err *e)
{
	const char *key;
	const char *site = strcmp(c->language, "ru") == 0 ? "Сайт" : "Site";
	struct user admin = {.company_id = c->id,
		.email = email,
		.role = "admin",
		.name = email,
		.language = c->language};
	struct source source = {.company_id = c->id, .name = site, .kind = "site"};
	if (user_create(o->arena, o->db, &admin, text_of(password), e) < 0 ||
		source_create(o->arena, o->db, &source, e) < 0 ||
		api_key_create(o->arena, o->db, c->id, "operator", api_key_all_scopes, &key,
			e) < 0)
		return -1;
	val_put(o->arena, out, "write_key", val_text(source.write_key));
	val_put(o->arena, out, "api_key", val_text(key));
	return 0;
}

static int
run_company_create(struct operator* o, struct err *e)
{
	static const char *const names[] = {"name", "slug", "country", "currency",
		"timezone", "language", "admin-email", "admin-password"};
	const char *v[8];
	struct company c;
	struct val out = val_map(o->arena);
	if (need(o, names, 8, v, e) < 0)
		return -1;
	int found = company_by_slug(o->arena, o->db, text_of(v[1]), &c, e);
	if (found < 0)
		return -1;
	if (found == 0) {
		c = (struct company){.name = v[0],
			.slug = v[1],
			.country = v[2],
			.currency = v[3],
			.timezone = v[4],
			.language = v[5]};
		if (company_create(o->arena, o->db, &c, e) < 0 ||
			furnish(o, &c, v[6], v[7], &out, e) < 0)
			return -1;
	} else
		val_put(o->arena, &out, "exists", val_bool(true));
	val_put(o->arena, &out, "company", val_id(o->arena, c.id));
	val_put(o->arena, &out, "login_path",
		val_text(arena_printf(o->arena, "/l/%s", c.slug)));
	say(o, &out);
	return 0;
}

static int
run_columns(struct operator* o, struct err *e)
{
	struct val question = val_map(o->arena), out;
	val_put(o->arena, &question, "what", val_text("companies"));
	if (ask(o->arena, o->db, o->settings, PLATFORM, &question, 2000, &out, e) < 0)
		return -1;
	const struct val *list = val_get(&out, "companies");
	for (size_t i = 0; i < val_len(list); i++)
		say(o, &list->list->at[i]);
	return 0;
}

static int
run_audit_verify(struct operator* o, struct err *e)
{
	int64_t rows;
	struct val broken, out = val_map(o->arena);
	if (audit_verify(o->arena, o->db, &rows, &broken, e) < 0)
		return -1;
	val_put(o->arena, &out, "rows", val_int(rows));
	val_put(o->arena, &out, "broken", broken);
	say(o, &out);
	return val_len(&broken) > 0;
}

/* An id of an option, 0 nobody's: 0 also when there is none. */
static int
read_id(const struct operator* o, const char *name, int64_t *id, struct err *e)
{
	const char *value = operator_option(o, name);
	*id = 0;
	return value == NULL || strcmp(value, "0") == 0 || id_parse(text_of(value), id) == 1
		       ? 0
		       : err_field(e, name, "--%s is an id, not \"%s\"", name, value);
}

/* How many of each company and state; of one company what waits. */
static int
list_dead(struct operator* o, struct err *e)
{
	struct val rows, list;
	int64_t company_id;
	if (read_id(o, "company", &company_id, e) < 0)
		return -1;
	if (operator_option(o, "company") != NULL) {
		if (dead_list(o->arena, o->db, company_id, "waiting", 0, INT64_MAX,
			    DEAD_LISTED, &list, e) < 0)
			return -1;
	} else {
		if (dead_counts_all(o->arena, o->db, &rows, e) < 0)
			return -1;
		list = row_maps(o->arena, &rows, 0,
			DB_KEYS("company_id", "state", "count", "oldest_us"));
	}
	for (size_t i = 0; i < val_len(&list); i++)
		say(o, &list.list->at[i]);
	return 0;
}

static int
move_dead(struct operator* o, const char *verb, struct err *e)
{
	struct val out = val_map(o->arena);
	int64_t company_id, letter_id, moved;
	if (operator_option(o, "company") == NULL)
		return err_field(e, "company",
			"--company is missing: the id of one, 0 for what is nobody's");
	if (read_id(o, "company", &company_id, e) < 0 ||
		read_id(o, "id", &letter_id, e) < 0 ||
		dead_move(o->db, company_id, letter_id, 0, text_of(verb), &moved, e) < 0)
		return -1;
	val_put(o->arena, &out, verb, val_int(moved));
	say(o, &out);
	return 0;
}

static int
run_dead_letter(struct operator* o, struct err *e)
{
	const char *verb = o->argc > 0 ? o->argv[0] : "";
	return strcmp(verb, "list") == 0 ? list_dead(o, e) : move_dead(o, verb, e);
}

const struct operator_row operator_rows[] = {
	{"migrate", "", run_migrate},
	{"check", "", run_check},
	{"root create", "--email E --password P", run_root_create},
	{"company create",
		"--name N --slug S --country BY --currency BYN "
		"--language ru --timezone Europe/Minsk --admin-email E --admin-password P",
		run_company_create},
	{"columns", "", run_columns},
	{"dead-letter", "list|replay|drop [--company ID] [--id ID]", run_dead_letter},
	{"audit verify", "", run_audit_verify},
};
const size_t operator_rows_n = sizeof operator_rows / sizeof *operator_rows;
