/* See template_store.h. */
#include "message/template_store.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "script/template.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

int
message_template_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_TEMPLATE_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0,
		DB_KEYS("id", "name", "channel", "subject", "version", "created_at_us",
			"updated_at_us"));
	return 0;
}

int
message_template_saying(struct arena *a, struct db *db, int64_t company_id,
	const char *word, struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_TEMPLATE_SAYING,
		    DB_ARGS(val_int(company_id), val_text(word), val_text(word)), &rows,
		    e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, DB_KEYS("id", "name", "subject", "body"));
	return 0;
}

static void
from_row(struct arena *a, const struct val *row, struct letter_template *out)
{
	*out = (struct letter_template){.id = row_int(row, 0),
		.name = row_z(a, row, 1),
		.channel = row_z(a, row, 2),
		.subject = row_z(a, row, 3),
		.body = row_z(a, row, 4),
		.version = row_int(row, 5),
		.created_at_us = row_int(row, 6),
		.updated_at_us = row_int(row, 7)};
}

int
message_template_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct letter_template *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_TEMPLATE_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		from_row(a, &row, out);
	return found;
}

int
message_template_by_name(struct arena *a, struct db *db, int64_t company_id,
	struct text name, struct letter_template *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_TEMPLATE_BY_NAME,
		DB_ARGS(val_int(company_id), val_of(name)), &row, e);
	if (found == 1)
		from_row(a, &row, out);
	return found;
}

struct val
message_template_val(struct arena *a, const struct letter_template *t)
{
	struct val map = val_map(a);
	val_put(a, &map, "id", val_id(a, t->id));
	val_put(a, &map, "name", val_text(t->name));
	val_put(a, &map, "channel", val_text(t->channel));
	val_put(a, &map, "subject", val_text(t->subject));
	val_put(a, &map, "body", val_text(t->body));
	val_put(a, &map, "version", val_int(t->version));
	val_put(a, &map, "created_at_us", val_int(t->created_at_us));
	val_put(a, &map, "updated_at_us", val_int(t->updated_at_us));
	return map;
}

static int
compile(struct template_set *set, struct text text, const char *field,
	enum template_mode mode, struct err *e)
{
	struct template *t;
	if (template_compile(set, text, field, mode, &t, e) < 0) {
		snprintf(e->field, sizeof e->field, "%s", field);
		return -1;
	}
	template_drop(t);
	return 0;
}

static int
compile_both(const struct settings *s, struct text subject, struct text body, struct err *e)
{
	struct template_set *set = template_set_letters(s);
	int rc = compile(set, subject, "subject", TEMPLATE_SUBJECT, e) < 0 ||
				 compile(set, body, "body", TEMPLATE_HTML, e) < 0
			 ? -1
			 : 0;
	template_set_free(set);
	return rc;
}

static int
check(const struct settings *s, const struct letter_template *t, struct err *e)
{
	size_t name_n = text_length(text_of(t->name));
	if (text_trim(text_of(t->name)).n == 0 || name_n > TEMPLATE_NAME_MAX)
		return err_field(
			e, "name", "a name has 1 to %d characters", TEMPLATE_NAME_MAX);
	if (strcmp(t->channel, "email") != 0)
		return err_field(
			e, "channel", "a channel is \"email\", not \"%s\"", t->channel);
	if (text_trim(text_of(t->subject)).n == 0 ||
		text_length(text_of(t->subject)) > TEMPLATE_SUBJECT_MAX)
		return err_field(e, "subject", "a subject has 1 to %d characters",
			TEMPLATE_SUBJECT_MAX);
	if (t->body[0] == '\0' || strlen(t->body) > TEMPLATE_BODY_MAX)
		return err_field(
			e, "body", "a letter has 1 to %d bytes", TEMPLATE_BODY_MAX);
	return compile_both(s, text_of(t->subject), text_of(t->body), e);
}

int
message_template_put(struct db *db, const struct settings *s, int64_t company_id,
	struct letter_template *t, struct err *e)
{
	int64_t now_us = time_now_us(), changed = 0;
	if (check(s, t, e) < 0)
		return -1;
	bool is_new = t->id == 0;
	int rc;
	if (is_new) {
		t->id = id_make();
		t->version = 1;
		t->created_at_us = now_us;
		rc = db_exec(db, QUERY_TEMPLATE_INSERT,
			DB_ARGS(val_int(company_id), val_int(t->id), val_text(t->name),
				val_text(t->channel), val_text(t->subject),
				val_text(t->body), val_int(now_us), val_int(now_us)),
			&changed, e);
	} else
		rc = db_exec(db, QUERY_TEMPLATE_UPDATE,
			DB_ARGS(val_text(t->name), val_text(t->subject), val_text(t->body),
				val_int(now_us), val_int(company_id), val_int(t->id)),
			&changed, e);
	if (rc < 0 && e->code == ERR_CONFLICT) {
		err_field(e, "name", "there is a template \"%.100s\" already", t->name);
		e->code = ERR_CONFLICT;
		return -1;
	}
	if (rc == 0 && changed == 0)
		return err_set(e, ERR_MISSING, "no such template");
	t->updated_at_us = now_us;
	return rc;
}
