/* See export.h. */
#include "exchange/export.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "profile/field.h"
#include "segment/store.h"
#include "store/db.h"
#include "store/job.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const channels[] = {"email", "sms", "viber", "push", "chatbot"};

/* --- columns --- */

static void
push_column(struct arena *a, struct val *list, const char *name)
{
	struct val v = val_map(a);
	val_put(a, &v, "name", val_text(name));
	val_put(a, &v, "label", val_text(name));
	val_put(a, &v, "type", val_text(""));
	val_push(a, list, v);
}

int
export_columns(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val fields;
	*out = val_list(a);
	if (field_all(a, db, company_id, &fields, e) < 0)
		return -1;
	push_column(a, out, "id");
	for (size_t i = 0; i < val_len(&fields); i++)
		val_push(a, out, fields.list->at[i]);
	push_column(a, out, "anonymous_id");
	push_column(a, out, "segments");
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
		push_column(a, out, arena_printf(a, "consent.%s", channels[i]));
		push_column(a, out, arena_printf(a, "consent.%s.at", channels[i]));
		push_column(a, out, arena_printf(a, "consent.%s.proof", channels[i]));
	}
	return 0;
}

static bool
is_column(const struct val *columns, struct text name)
{
	for (size_t i = 0; i < val_len(columns); i++)
		if (text_same(val_as_text(val_get(&columns->list->at[i], "name")), name))
			return true;
	return false;
}

static int
check_fields(struct arena *a, struct db *db, int64_t company_id, const struct val *fields,
	struct err *e)
{
	struct val columns, seen = val_map(a);
	if (fields == NULL || fields->kind != VAL_LIST || val_len(fields) == 0 ||
		val_len(fields) > EXPORT_COLUMNS_MAX)
		return err_field(e, "fields",
			"fields is a list of 1 to %d names of columns", EXPORT_COLUMNS_MAX);
	if (export_columns(a, db, company_id, &columns, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(fields); i++) {
		struct text name = val_as_text(&fields->list->at[i]);
		if (!is_column(&columns, name))
			return err_field(e, "fields", "there is no column \"%.*s\"",
				name.n < 64 ? (int)name.n : 64, name.at);
		if (val_get_key(&seen, name) != NULL)
			return err_field(e, "fields", "the column \"%.*s\" is there twice",
				(int)name.n, name.at);
		val_put_key(a, &seen, name, val_bool(true));
	}
	return 0;
}

/* --- one of them --- */

struct source {
	const char *kind, *rule, *name, *search;
	int64_t segment_id;
};

static int
read_source(struct arena *a, struct db *db, int64_t company_id, const struct val *v,
	struct source *out, struct err *e)
{
	struct val segment;
	const struct val *ids = val_get(v, "ids"), *search = val_get(v, "search");
	*out = (struct source){"all", "", "", "", 0};
	if (text_is(val_as_text(v), "all"))
		return 0;
	const struct val *id = val_get(v, "segment"), *rule = val_get(v, "rule");
	if (val_len(ids) > 0 && ids->kind == VAL_LIST) {
		out->kind = "ids";
		out->rule = text_z(a, json_text(a, ids));
		return val_len(ids) <= EXPORT_IDS_MAX
			       ? 0
			       : err_field(e, "source", "ids is a list of at most %d ids",
					 EXPORT_IDS_MAX);
	}
	out->search = val_as_z(a, search);
	if (text_length(val_as_text(search)) > EXPORT_SEARCH_MAX)
		return err_field(e, "source", "a search has at most %d characters",
			EXPORT_SEARCH_MAX);
	if (rule != NULL && rule->kind == VAL_TEXT &&
		(text_trim(rule->text).n > 0 || out->search[0] != '\0')) {
		out->kind = "rule";
		out->rule = val_as_z(a, rule);
		return rule->text.n <= EXPORT_RULE_MAX
			       ? 0
			       : err_field(e, "source", "a rule has at most 64 KB");
	}
	if (id == NULL)
		return err_field(e, "source",
			"source is \"all\", {\"segment\": id} or {\"rule\": \"...\"}");
	out->kind = "segment";
	out->segment_id = val_as_int(id, 0);
	int found = segment_by_id(a, db, company_id, out->segment_id, &segment, e);
	if (found == 0)
		return err_field(e, "source", "there is no such segment");
	if (found == 1)
		out->name = val_as_z(a, val_get(&segment, "name"));
	return found < 0 ? -1 : 0;
}

static int
insert(struct arena *a, struct db *db, int64_t company_id, int64_t id, int64_t job_id,
	const struct source *from, const struct val *asked, int64_t user_id, struct err *e)
{
	const struct val *fields = val_get(asked, "fields"),
			 *delimiter = val_get(asked, "delimiter");
	int64_t now_us = time_now_us();
	return db_exec(db, QUERY_EXPORT_INSERT,
		DB_ARGS(val_int(company_id), val_int(id), val_int(job_id),
			val_text(from->kind), val_int(from->segment_id),
			val_text(from->rule), val_text(from->name),
			val_of(json_text(a, fields)), *val_get(asked, "format"),
			text_is(val_as_text(delimiter), ",") ? val_text(",")
							     : val_text(";"),
			val_int(val_as_bool(val_get(asked, "raw"), false)),
			val_int(user_id), val_int(now_us), val_int(now_us + EXPORT_KEPT_US),
			val_text(from->search)),
		NULL, e);
}

int
export_add(struct arena *a, struct db *db, int64_t company_id, const struct val *asked,
	int64_t user_id, int64_t *id, int64_t *job_id, struct err *e)
{
	struct source from;
	struct val args = val_map(a);
	struct text format = val_as_text(val_get(asked, "format")),
		    delimiter = val_as_text(val_get(asked, "delimiter"));
	if (read_source(a, db, company_id, val_get(asked, "source"), &from, e) < 0 ||
		check_fields(a, db, company_id, val_get(asked, "fields"), e) < 0)
		return -1;
	if (!text_is(format, "csv") && !text_is(format, "xlsx"))
		return err_field(e, "format", "format is \"csv\" or \"xlsx\"");
	if (delimiter.n > 0 && !text_is(delimiter, ";") && !text_is(delimiter, ","))
		return err_field(e, "delimiter", "delimiter is \";\" or \",\"");
	*id = id_make();
	val_put(a, &args, "export", val_id(a, *id));
	if (db_begin(db, e) < 0)
		return -1;
	if (job_add(a, db, company_id, EXPORT_JOB, &args, user_id, job_id, e) == 0 &&
		insert(a, db, company_id, *id, *job_id, &from, asked, user_id, e) == 0 &&
		db_commit(db, e) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

#define EXPORT_KEYS                                                                        \
	DB_KEYS("id", "job_id", "source", "segment_id", "rule", "name", "fields",          \
		"format", "delimiter", "raw", "row_count", "size_bytes", "created_by",     \
		"created_at_us", "done_at_us", "until_us", "dropped_at_us", "search")

/* A row of EXPORT_BY_ID: with what its job says. */
static struct val
as_map(struct arena *a, const struct val *row)
{
	static const char *const of_job[] = {"done", "total", "error"};
	struct val out = row_map(a, row, 0, EXPORT_KEYS), fields;
	struct err ignored;
	if (json_parse(a, row_text(row, 6), &fields, &ignored) < 0)
		fields = val_list(a);
	val_put(a, &out, "fields", fields);
	bool is_gone = row_int(row, 16) != 0 || row_int(row, 15) < time_now_us();
	struct text state = row_text(row, 18);
	val_put(a, &out, "state",
		is_gone && text_is(state, "done") ? val_text("gone") : val_of(state));
	for (size_t i = 0; state.n > 0 && i < sizeof of_job / sizeof *of_job; i++)
		val_put(a, &out, of_job[i], row->list->at[19 + i]);
	return out;
}

int
export_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_EXPORT_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		*out = as_map(a, &row);
	return found;
}

int
export_all(struct arena *a, struct db *db, int64_t company_id, int64_t before_id,
	size_t limit, struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_EXPORT_ALL,
		    DB_ARGS(val_int(company_id), val_int(before_id),
			    val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		val_push(a, list, as_map(a, &rows.list->at[i]));
	return 0;
}

static void
drop_files(struct arena *a, const struct settings *s, int64_t company_id, int64_t id)
{
	files_drop(a, s, company_id, id, "out");
	files_drop(a, s, company_id, id, "ids");
}

int
export_cancel(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	int64_t id, struct err *e)
{
	struct val x;
	int found = export_by_id(a, db, company_id, id, &x, e);
	if (found < 1)
		return found;
	int done = job_cancel(db, company_id, val_as_int(val_get(&x, "job_id"), 0), e);
	if (done == 1)
		drop_files(a, s, company_id, id);
	return done;
}

/* --- the link --- */

static const char *
signed_part(struct arena *a, int64_t company_id, int64_t id, int64_t until_us)
{
	return arena_printf(a, "%lld.%lld.%lld", (long long)company_id, (long long)id,
		(long long)until_us);
}

const char *
export_token(struct arena *a, int64_t company_id, int64_t id, int64_t until_us)
{
	const char *part = signed_part(a, company_id, id, until_us);
	return arena_printf(
		a, "%s.%s", part, sign_mac(a, company_id, "export", text_of(part)));
}

int
export_token_read(struct arena *a, struct text token, int64_t now_us, int64_t *company_id,
	int64_t *id)
{
	long long company, export, until;
	char mac[32];
	if (token.n > 100 ||
		sscanf(text_z(a, token), "%19lld.%19lld.%19lld.%31[A-Za-z0-9_-]", &company,
			&export, &until, mac) != 4)
		return 0;
	*company_id = company;
	*id = export;
	const char *again = arena_printf(
		a, "%lld.%lld.%lld.%s", company, export, until, mac);
	return text_is(token, again) &&
	       sign_mac_is(company, "export",
		       text_of(signed_part(a, company, export, until)), text_of(mac)) &&
	       until > now_us;
}

struct mapped {
	void *at;
	size_t n;
};

static void
unmap(void *obj)
{
	struct mapped *m = obj;
	munmap(m->at, m->n);
}

int
export_file(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	int64_t id, struct text *bytes, const char **name, const char **type, struct err *e)
{
	struct val x;
	struct stat st;
	int found = export_by_id(a, db, company_id, id, &x, e);
	if (found < 1 || !text_is(val_as_text(val_get(&x, "state")), "done"))
		return found < 0 ? -1 : 0;
	bool is_csv = text_is(val_as_text(val_get(&x, "format")), "csv");
	struct date d = date_of_days(val_as_int(val_get(&x, "created_at_us"), 0) / DAY_US);
	int fd = open(files_path(a, s, company_id, id, "out"), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	struct mapped *m = arena_alloc(a, sizeof *m);
	m->n = fstat(fd, &st) == 0 ? (size_t)st.st_size : 0;
	m->at = m->n > 0 ? mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	if (m->at == MAP_FAILED)
		return err_set(e, ERR_BUSY, "the file cannot be read");
	arena_defer(a, unmap, m);
	*bytes = (struct text){m->at, m->n};
	*name = arena_printf(a, "clients-%04d-%02d-%02d.%s", d.year, d.month, d.day,
		is_csv ? "csv" : "xlsx");
	*type = is_csv ? "text/csv; charset=utf-8"
		       : "application/"
			 "vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	return 1;
}

int
export_tidy(struct arena *a, struct db *db, const struct settings *s, struct err *e)
{
	struct val rows;
	int64_t now_us = time_now_us();
	if (db_rows(a, db, QUERY_EXPORT_OLD, DB_ARGS(val_int(now_us)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		int64_t company_id = row_int(&rows.list->at[i], 0),
			id = row_int(&rows.list->at[i], 1);
		drop_files(a, s, company_id, id);
		if (db_exec(db, QUERY_EXPORT_DROPPED,
			    DB_ARGS(val_int(now_us), val_int(company_id), val_int(id)),
			    NULL, e) < 0)
			return -1;
	}
	return 0;
}
