/* See binding.h. */
#include "tenant/binding.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { EVENT_MAX = 100, NAME_MAX = 64 };

static const char *const kinds[] = {"click", "submit", "view", "page"};
static const char *const states[] = {"draft", "published", "paused"};
static const char *const froms[] = {
	"text", "attribute", "input", "layer", "path", "query", "const"};
static const char *const types[] = {"text", "number", "bool"};

/* --- reading --- */

static struct val
of_row(struct arena *a, const struct val *row)
{
	struct val properties,
		out = row_map(a, row, 0,
			DB_KEYS("id", "event", "kind", "selector", "where", "once",
				"properties", "state", "updated_by", "updated_at_us"));
	struct err ignored;
	if (json_parse(a, val_as_text(val_get(&out, "properties")), &properties, &ignored) <
		0)
		properties = val_list(a);
	val_put(a, &out, "properties", properties);
	val_put(a, &out, "once", val_bool(row_int(row, 5) != 0));
	return out;
}

int
binding_all(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_BINDING_ALL,
		    DB_ARGS(val_int(company_id), val_int(source_id)), &rows, e) < 0)
		return -1;
	*out = val_list(a);
	for (size_t i = 0; i < val_len(&rows); i++)
		val_push(a, out, of_row(a, &rows.list->at[i]));
	return 0;
}

int
binding_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t id, struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_BINDING_BY_ID,
		DB_ARGS(val_int(company_id), val_int(source_id), val_int(id)), &row, e);
	if (found == 1)
		*out = of_row(a, &row);
	return found;
}

int
binding_published(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e)
{
	struct val row;
	struct err ignored;
	*out = val_list(a);
	int found = db_row(a, db, QUERY_BINDING_SOURCE,
		DB_ARGS(val_int(company_id), val_int(source_id)), &row, e);
	if (found == 1 && json_parse(a, row_text(&row, 0), out, &ignored) < 0)
		*out = val_list(a);
	return found < 0 ? -1 : 0;
}

/* --- checking --- */

static bool
is_one_of(struct text t, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_is(t, words[i]))
			return true;
	return false;
}

/* A trimmed text of at most 'most' bytes without control characters. */
static int
read_text(const struct val *in, const char *name, size_t most, struct text *out,
	struct err *e)
{
	*out = text_trim(val_as_text(val_get(in, name)));
	if (out->n > most)
		return err_field(
			e, name, "%s has at most %zu bytes, not %zu", name, most, out->n);
	for (size_t i = 0; i < out->n; i++)
		if ((unsigned char)out->at[i] < ' ' || out->at[i] == 127)
			return err_field(e, name, "%s has a control character in it", name);
	return 0;
}

static int
read_word(const struct val *in, const char *name, const char *const *words, size_t n,
	const char *expected, struct text *out, struct err *e)
{
	*out = val_as_text(val_get(in, name));
	if (out->n == 0)
		*out = text_of(words[0]);
	if (is_one_of(*out, words, n))
		return 0;
	return err_field(e, name, "%s is %s, not \"%.*s\"", name, expected,
		(int)(out->n < 40 ? out->n : 40), out->at);
}

static bool
is_name(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if (strchr("\"'<>{}[].", t.at[i]) != NULL)
			return false;
	return t.n > 0 && t.n <= NAME_MAX;
}

static int
read_property(struct arena *a, const struct val *in, struct val *out, struct err *e)
{
	struct text name, from, arg, at, type;
	if (read_text(in, "name", NAME_MAX, &name, e) < 0 ||
		read_text(in, "arg", BINDING_TEXT_MAX, &arg, e) < 0 ||
		read_text(in, "at", BINDING_TEXT_MAX, &at, e) < 0 ||
		read_word(in, "from", froms, 7,
			"text, attribute, input, layer, path, query or const", &from,
			e) < 0 ||
		read_word(in, "type", types, 3, "text, number or bool", &type, e) < 0)
		return -1;
	if (!is_name(name))
		return err_set(e, ERR_INPUT,
			"a property has a name of 1 to %d bytes without dots, quotes and "
			"brackets",
			NAME_MAX);
	if (arg.n == 0 && !text_is(from, "text") && !text_is(from, "path"))
		return err_set(e, ERR_INPUT,
			"the property \"%.*s\" does not say which %.*s", (int)name.n,
			name.at, (int)from.n, from.at);
	*out = val_map(a);
	val_put(a, out, "name", val_of(name));
	val_put(a, out, "from", val_of(from));
	if (arg.n > 0)
		val_put(a, out, "arg", val_of(arg));
	if (at.n > 0)
		val_put(a, out, "at", val_of(at));
	val_put(a, out, "type", val_of(type));
	return 0;
}

static int
read_properties(struct arena *a, const struct val *in, struct val *out, struct err *e)
{
	const struct val *list = val_get(in, "properties");
	*out = val_list(a);
	if (val_is_null(list))
		return 0;
	if (list->kind != VAL_LIST || val_len(list) > BINDING_PROPERTIES_MAX)
		return err_field(e, "properties", "properties is a list of at most %d",
			BINDING_PROPERTIES_MAX);
	for (size_t i = 0; i < val_len(list); i++) {
		struct val one;
		if (read_property(a, &list->list->at[i], &one, e) < 0) {
			snprintf(e->field, sizeof e->field, "properties");
			return -1;
		}
		for (size_t k = 0; k < val_len(out); k++)
			if (val_same(val_get(&out->list->at[k], "name"),
				    val_get(&one, "name")))
				return err_field(e, "properties",
					"two properties have the same name");
		val_push(a, out, one);
	}
	return 0;
}

static int
check_where(struct text kind, struct text selector, struct text url, struct err *e)
{
	bool of_page = text_is(kind, "page");
	if (of_page && selector.n > 0)
		return err_field(
			e, "selector", "an event of a page itself has no selector");
	if (!of_page && selector.n == 0)
		return err_field(e, "selector", "a selector says which element is meant");
	if (of_page && url.n == 0)
		return err_field(e, "where", "an event of a page says which pages");
	if (url.n > 0 && url.at[0] != '/' && url.at[0] != '*' &&
		!text_starts(url, "https://") && !text_starts(url, "http://"))
		return err_field(e, "where",
			"where is a path like /cart or /catalog/*, or a whole address");
	return 0;
}

/* A binding as it is stored, of what came. */
static int
read_binding(struct arena *a, const struct val *in, struct val *out, struct err *e)
{
	struct text event, kind, selector, url, state;
	struct val properties;
	if (read_text(in, "event", EVENT_MAX, &event, e) < 0 ||
		read_text(in, "selector", BINDING_TEXT_MAX, &selector, e) < 0 ||
		read_text(in, "where", BINDING_TEXT_MAX, &url, e) < 0 ||
		read_word(in, "kind", kinds, 4, "click, submit, view or page", &kind, e) <
			0 ||
		read_word(in, "state", states, 3, "draft, published or paused", &state, e) <
			0 ||
		check_where(kind, selector, url, e) < 0 ||
		read_properties(a, in, &properties, e) < 0)
		return -1;
	if (event.n == 0)
		return err_field(e, "event", "the event has no name");
	*out = val_map(a);
	val_put(a, out, "event", val_of(event));
	val_put(a, out, "kind", val_of(kind));
	val_put(a, out, "selector", val_of(selector));
	val_put(a, out, "where", val_of(url));
	val_put(a, out, "once", val_bool(val_as_bool(val_get(in, "once"), false)));
	val_put(a, out, "properties", properties);
	val_put(a, out, "state", val_of(state));
	return 0;
}

/* --- changing --- */

/* Begins a transaction that holds the source's line: changes of one source come one after another. */
static int
begin(struct arena *a, struct db *db, const struct binding_act *by, struct err *e)
{
	struct val row;
	if (db_exec(db, QUERY_BINDING_SOURCE_BEGIN,
		    DB_ARGS(val_int(by->company_id), val_int(by->source_id)), NULL,
		    e) < 0 ||
		db_begin(db, e) < 0)
		return -1;
	if (db_row(a, db, QUERY_BINDING_SOURCE_LOCK,
		    DB_ARGS(val_int(by->company_id), val_int(by->source_id)), &row, e) == 1)
		return 0;
	db_rollback(db);
	return -1;
}

/* Writes what the tag is told, and commits. */
static int
publish(struct arena *a, struct db *db, const struct binding_act *by, struct err *e)
{
	static const char *const told[] = {
		"id", "event", "kind", "selector", "where", "once", "properties"};
	struct val all, list = val_list(a);
	if (binding_all(a, db, by->company_id, by->source_id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *b = &all.list->at[i];
		struct val one = val_map(a);
		if (!text_is(val_as_text(val_get(b, "state")), "published"))
			continue;
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			val_put(a, &one, told[k], *val_get(b, told[k]));
		val_push(a, &list, one);
	}
	struct text json = json_text(a, &list);
	if (json.n > BINDING_PUBLISHED_MAX)
		return err_set(e, ERR_INPUT,
			"what is published of this source has %zu bytes, at most %d are "
			"told to its pages: pause or delete some",
			json.n, BINDING_PUBLISHED_MAX);
	if (db_exec(db, QUERY_BINDING_SOURCE_PUBLISH,
		    DB_ARGS(val_of(json), val_int(by->company_id), val_int(by->source_id)),
		    NULL, e) < 0)
		return -1;
	return db_commit(db, e);
}

/* The rest of a change: what was done in the transaction, or nothing. */
static int
end(struct arena *a, struct db *db, const struct binding_act *by, int done, struct err *e)
{
	if (done < 0 || publish(a, db, by, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

static int
insert(struct arena *a, struct db *db, const struct binding_act *by, const struct val *b,
	int64_t *id, struct err *e)
{
	struct val all;
	if (binding_all(a, db, by->company_id, by->source_id, &all, e) < 0)
		return -1;
	if (val_len(&all) >= BINDINGS_MAX)
		return err_set(
			e, ERR_INPUT, "a source has at most %d bindings", BINDINGS_MAX);
	*id = id_make();
	int64_t now = time_now_us();
	return db_exec(db, QUERY_BINDING_INSERT,
		DB_ARGS(val_int(by->company_id), val_int(*id), val_int(by->source_id),
			*val_get(b, "event"), *val_get(b, "kind"), *val_get(b, "selector"),
			*val_get(b, "where"),
			val_int(val_as_bool(val_get(b, "once"), false)),
			val_of(json_text(a, val_get(b, "properties"))),
			*val_get(b, "state"), val_int(by->user_id), val_int(by->user_id),
			val_int(now), val_int(now)),
		NULL, e);
}

static int
update(struct arena *a, struct db *db, const struct binding_act *by, const struct val *b,
	int64_t id, struct err *e)
{
	struct val was;
	int found = binding_by_id(a, db, by->company_id, by->source_id, id, &was, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such binding");
	return db_exec(db, QUERY_BINDING_UPDATE,
		DB_ARGS(*val_get(b, "event"), *val_get(b, "kind"), *val_get(b, "selector"),
			*val_get(b, "where"),
			val_int(val_as_bool(val_get(b, "once"), false)),
			val_of(json_text(a, val_get(b, "properties"))),
			*val_get(b, "state"), val_int(by->user_id), val_int(time_now_us()),
			val_int(by->company_id), val_int(by->source_id), val_int(id)),
		NULL, e);
}

int
binding_save(struct arena *a, struct db *db, const struct binding_act *by,
	const struct val *in, int64_t *id, struct err *e)
{
	struct val b;
	if (read_binding(a, in, &b, e) < 0 || begin(a, db, by, e) < 0)
		return -1;
	int done = *id == 0 ? insert(a, db, by, &b, id, e) : update(a, db, by, &b, *id, e);
	return end(a, db, by, done, e);
}

int
binding_set_state(struct arena *a, struct db *db, const struct binding_act *by, int64_t id,
	struct text state, struct err *e)
{
	struct val b;
	int found = binding_by_id(a, db, by->company_id, by->source_id, id, &b, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such binding");
	val_put(a, &b, "state", val_of(state));
	return binding_save(a, db, by, &b, &id, e);
}

int
binding_delete(struct arena *a, struct db *db, const struct binding_act *by, int64_t id,
	struct err *e)
{
	int64_t gone = 0;
	if (begin(a, db, by, e) < 0)
		return -1;
	int done = db_exec(db, QUERY_BINDING_DELETE,
		DB_ARGS(val_int(by->company_id), val_int(by->source_id), val_int(id)),
		&gone, e);
	if (done == 0 && gone == 0)
		done = err_set(e, ERR_MISSING, "no such binding");
	if (done == 0)
		done = db_exec(db, QUERY_BINDING_COUNT_DELETE,
			DB_ARGS(val_int(by->company_id), val_int(id)), NULL, e);
	return end(a, db, by, done, e);
}

/* --- where --- */

/* Whether t is what the pattern says, * standing for anything; takes at most their lengths multiplied. */
static bool
glob(struct text p, struct text t)
{
	size_t i = 0, k = 0, star = SIZE_MAX, mark = 0;
	while (k < t.n) {
		if (i < p.n && p.at[i] == '*') {
			star = i++;
			mark = k;
		} else if (i < p.n && p.at[i] == t.at[k]) {
			i++;
			k++;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			k = ++mark;
		} else
			return false;
	}
	while (i < p.n && p.at[i] == '*')
		i++;
	return i == p.n;
}

bool
binding_is_at(struct text pattern, struct text url)
{
	if (pattern.n == 0)
		return true;
	const char *end = memchr(url.at, '#', url.n);
	if (end != NULL)
		url.n = (size_t)(end - url.at);
	end = memchr(url.at, '?', url.n);
	if (end != NULL && memchr(pattern.at, '?', pattern.n) == NULL)
		url.n = (size_t)(end - url.at);
	if (!text_starts(pattern, "http")) {
		const char *host = memmem(url.at, url.n, "://", 3);
		size_t skip = host != NULL ? (size_t)(host - url.at) + 3 : 0;
		const char *path = host != NULL ? memchr(url.at + skip, '/', url.n - skip)
						: url.at;
		if (path == NULL)
			return glob(pattern, text_of("/"));
		url = (struct text){path, url.n - (size_t)(path - url.at)};
	}
	return glob(pattern, url);
}
