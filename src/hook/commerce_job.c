/* See commerce_job.h. */
#include "hook/commerce_job.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "catalog/product.h"
#include "event/apply.h"
#include "hook/commerce.h"
#include "hook/commerce_parts.h"
#include "hook/talk.h"
#include "markup/pack.h"
#include "store/db.h"
#include "store/job.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 200, PIECE = 64 * 1024 };

static const char *const count_names[] = {
	"orders", "unchanged", "clients", "products", "offers", "passed"};

/* --- the store --- */

static int
also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct commerce_run *r = obj;
	(void)applied;
	if (r->orders_n > 0 && db_bulk(db, QUERY_HOOK_ORDER_PUT, r->orders.list->at,
				       r->orders_n, COMMERCE_ORDER_WIDTH, NULL, e) < 0)
		return -1;
	for (int part = 0; part < PRODUCT_PARTS; part++) /* goods first, they have names */
		if (product_put_part(r->batch, db, r->company.id, (enum product_part)part,
			    r->products[part].list, r->products[part].n, e) < 0)
			return -1;
	return job_progress(r->batch, db, r->job, r->lease_us, e);
}

static void
begin_batch(struct commerce_run *r)
{
	arena_reset(r->batch);
	r->upsert = NULL;
	r->arrivals = NULL;
	memset(r->products, 0, sizeof r->products);
	r->n = r->cap = r->orders_n = r->products_n = 0;
	r->orders = val_list(r->batch);
}

static int
flush(struct commerce_run *r, struct err *e)
{
	struct applied *applied = arena_array(r->batch, r->n + 1, sizeof *applied);
	int rc = event_apply(
		r->batch, r->db, r->types, r->arrivals, r->n, applied, also, r, e);
	begin_batch(r);
	return rc;
}

/* --- the file --- */

static int
see(void *obj, struct arena *record, enum commerce_kind kind, const struct val *in,
	struct err *e)
{
	struct commerce_run *r = obj;
	struct val person, v;
	int rc = 1;
	(void)record;
	if (r->n + r->products_n >= BATCH && flush(r, e) < 0)
		return -1;
	v = val_copy(r->batch, in);
	switch (kind) {
	case COMMERCE_ORDER:
		rc = commerce_take_order(r, &v, e);
		break;
	case COMMERCE_CLIENT:
		rc = commerce_take_person(r, &v, &person, e);
		r->counts[CLIENTS] += rc == 1;
		break;
	case COMMERCE_PRODUCT:
		commerce_take_product(r, &v);
		break;
	case COMMERCE_OFFER:
		commerce_take_offer(r, &v);
		break;
	case COMMERCE_OTHER:
		break;
	}
	r->counts[PASSED] += rc == 0;
	return rc < 0 ? -1 : 0;
}

static int
read_plain(struct commerce_run *r, int fd, struct err *e)
{
	static char buffer[PIECE]; /* the jobs role has one thread */
	for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) != 0;) {
		if (got < 0)
			return err_set(e, ERR_BUSY, "cannot read what was sent: %m");
		if (commerce_feed(r->reader, buffer, (size_t)got, e) < 0)
			return -1;
	}
	return commerce_end(r->reader, e);
}

/* The usual names in an archive. */
static int
read_pack(struct commerce_run *r, struct arena *a, const char *path, struct err *e)
{
	static const char *const names[] = {"import.xml", "offers.xml", "orders.xml"};
	static char buffer[PIECE];
	struct pack *p;
	int any = 0;
	if (pack_open(a, path, &p, e) < 0)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		struct pack_part *part;
		int found = pack_part(p, names[i], &part, e);
		long got = 1;
		int rc = 0;
		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		any = 1;
		commerce_free(r->reader);
		r->reader = commerce_new(see, r);
		while (rc == 0 && (got = pack_read(part, buffer, sizeof buffer, e)) > 0)
			rc = commerce_feed(r->reader, buffer, (size_t)got, e);
		pack_close(part);
		if (rc < 0 || got < 0 || commerce_end(r->reader, e) < 0)
			return -1;
	}
	return any ? 0
		   : err_set(e, ERR_INPUT,
			     "the archive has none of import.xml, offers.xml, orders.xml");
}

static int
read_all(struct commerce_run *r, struct arena *a, const char *path, struct err *e)
{
	char head[2] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_MISSING, "what was sent is not there any more");
	bool packed = pread(fd, head, 2, 0) == 2 && memcmp(head, "PK", 2) == 0;
	r->reader = commerce_new(see, r);
	int rc = packed ? read_pack(r, a, path, e) : read_plain(r, fd, e);
	close(fd);
	return rc < 0 ? -1 : flush(r, e);
}

static const char *
report_of(struct arena *a, const struct commerce_run *r)
{
	struct val out = val_map(a);
	for (int i = 0; i < COUNTS; i++)
		val_put(a, &out, count_names[i], val_int(r->counts[i]));
	return text_z(a, json_text(a, &out));
}

static int
run_file(struct commerce_run *r, struct arena *a, int64_t file_id, struct err *e)
{
	const char *path = files_path(
		a, r->settings, r->company.id, file_id, TALK_FILE_KIND);
	r->types = event_types_new();
	r->batch = arena_new();
	begin_batch(r);
	int rc = read_all(r, a, path, e);
	commerce_free(r->reader);
	event_types_free(r->types);
	arena_free(r->batch);
	return rc;
}

int
commerce_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	int64_t source_id = val_as_int(val_get(&j->args, "source"), 0),
		file_id = val_as_int(val_get(&j->args, "file"), 0);
	struct text name = val_as_text(val_get(&j->args, "name"));
	struct commerce_run r = {.db = db,
		.settings = s,
		.job = j,
		.lease_us = lease_us,
		.now_us = time_now_us()};
	int found = company_by_id(a, db, j->company_id, &r.company, e);
	if (found == 1)
		found = hook_of_source(a, db, j->company_id, source_id, &r.hook, e);
	if (found < 1)
		return found < 0 ? -1 : job_end(a, db, j, "its source is gone", e);
	r.zone = zone_find(text_of(r.company.timezone));
	if (r.zone == NULL)
		r.zone = zone_utc();
	int rc = run_file(&r, a, file_id, e);
	if (rc < 0 && (e->code == ERR_BUSY || e->code == ERR_CONFLICT))
		return -1;
	struct err why = *e;
	const char *said = rc == 0 ? report_of(a, &r)
			   : why.line > 0
				   ? arena_printf(a, "line %d: %s", why.line, why.text)
				   : arena_printf(a, "%s", why.text);
	if (talk_end(db, j->company_id, source_id, name, file_id, rc == 0, said, e) < 0)
		return -1;
	files_drop(a, s, j->company_id, file_id, TALK_FILE_KIND);
	return job_end(a, db, j, rc == 0 ? NULL : said, e);
}
