/* See snapshot.h. One walk over the base's arrays serves writing and reading: it tells each array by where its pointer stands. The
 * file: a head, the parts from page to page with room behind them to grow into (holes), and the table of parts. */
#include "column/snapshot.h"
#include "base/err.h"
#include "column/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	LAYOUT = 3 /* grows when a struct keeps its size and changes its meaning */
};
static const char magic[8] = "CXDPCOL";

struct part {
	uint64_t at, bytes, room, sum;
};

struct head {
	char magic[8];
	uint64_t layout;
	int64_t company_id, position, fence;
	uint64_t part_n, table_at, table_sum, file_bytes;
	uint64_t sum; /* of all above */
};

struct walk {
	struct column_base *base;
	bool writing;
	int fd;
	char *map;
	uint64_t at; /* where the next part begins */
	struct part *parts;
	size_t n, cap;
	struct err *e;
};

/* Eight bytes at a time, four lanes: as fast as memory, and any changed bit shows. */
static uint64_t
sum_of(const void *at, size_t n)
{
	const char *p = at;
	uint64_t lanes[4] = {n, 1, 2, 3}, word;
	size_t i = 0;
	for (; i + 32 <= n; i += 32)
		for (int k = 0; k < 4; k++) {
			memcpy(&word, p + i + 8 * k, 8);
			lanes[k] = (lanes[k] ^ word) * 0x9FB21C651E98DF25u;
			lanes[k] ^= lanes[k] >> 29;
		}
	for (; i < n; i++)
		lanes[0] = (lanes[0] ^ (unsigned char)p[i]) * 0x9FB21C651E98DF25u;
	return lanes[0] ^ lanes[1] * 3 ^ lanes[2] * 5 ^ lanes[3] * 7;
}

static uint64_t
layout_of_build(void)
{
	const uint64_t sizes[] = {LAYOUT, sizeof(struct column_field),
		sizeof(struct column_prop), sizeof(struct column_event),
		sizeof(struct column_history), sizeof(struct column_total),
		sizeof(struct column_sum), sizeof(struct column_base), sizeof(void *)};
	return sum_of(sizes, sizeof sizes);
}

static uint64_t
pages(uint64_t bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

static int
write_at(int fd, const void *at, size_t n, uint64_t offset, struct err *e)
{
	const char *p = at;
	while (n > 0) {
		ssize_t done = pwrite(fd, p, n, (off_t)offset);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return err_set(e, ERR_BUSY, "a snapshot cannot be written: %m");
		p += done;
		n -= (size_t)done;
		offset += (uint64_t)done;
	}
	return 0;
}

static int
write_part(struct walk *w, const void *at, size_t bytes, size_t room)
{
	if (w->n == w->cap) {
		w->cap = w->cap > 0 ? w->cap * 2 : 256;
		w->parts = reallocarray(w->parts, w->cap, sizeof *w->parts);
		must(w->parts != NULL);
	}
	w->parts[w->n++] = (struct part){w->at, bytes, room, sum_of(at, bytes)};
	int rc = write_at(w->fd, at, bytes, w->at, w->e);
	w->at += pages(room);
	return rc;
}

static int
read_part(struct walk *w, void **at, size_t bytes, size_t room)
{
	const struct part *p = &w->parts[w->n];
	if (w->n++ >= w->cap || p->bytes != bytes || p->room != room || p->at != w->at)
		return err_set(w->e, ERR_INPUT, "its parts are not as its counts say");
	*at = room > 0 ? w->map + p->at : NULL;
	w->at += pages(room);
	return sum_of(w->map + p->at, bytes) == p->sum
		       ? 0
		       : err_set(w->e, ERR_INPUT, "a part of it is damaged");
}

static int
take(void *obj, void **at, size_t bytes, size_t room)
{
	struct walk *w = obj;
	return w->writing ? write_part(w, *at, bytes, room) : read_part(w, at, bytes, room);
}

/* Room to grow into without moving. */
static size_t
roomy(size_t n)
{
	return n + n / 8 + 512;
}

/* An array of n things; *cap becomes what there is room for when it is read. */
static int
grown(struct walk *w, void *at, size_t n, size_t *cap, size_t size)
{
	if (!w->writing)
		*cap = roomy(n);
	return take(w, at, n * size, roomy(n) * size);
}

#define GROWN(array, n, cap) grown(w, (void *)&b->array, b->n, &b->cap, sizeof *b->array)

struct counts { /* what has to be known before the arrays */
	uint64_t n, field_n, unused_n, row_slot_n, merged_n, prop_n, list_n, wide_n,
		event_n, total_n, sum_n, member_n, type_n, events_n, changed_n, puts,
		suppressed_n, names_n, texts_n;
	int64_t folded_before_us;
};

static int
walk_counts(struct walk *w)
{
	struct column_base *b = w->base;
	struct counts c = {b->n, b->field_n, b->unused_n, b->row_slot_n,
		dict_count(b->merged), b->prop_n, b->list_n, b->wide_n, b->event_n,
		b->total_n, b->sum_n, b->member_n, b->type_cap, b->events.n, b->changed.n,
		b->puts, dict_count(b->suppressed), b->distinct_cap, dict_count(b->texts),
		b->folded_before_us};
	void *at = &c;
	int rc = take(w, &at, sizeof c, sizeof c);
	if (rc != 0 || w->writing)
		return rc;
	memcpy(&c, at, sizeof c);
	b->n = c.n, b->field_n = c.field_n, b->unused_n = c.unused_n;
	b->row_slot_n = c.row_slot_n, b->merged_cap = c.merged_n;
	b->prop_n = c.prop_n, b->list_n = c.list_n, b->wide_n = c.wide_n;
	b->event_n = c.event_n, b->total_n = c.total_n, b->sum_n = c.sum_n;
	b->member_n = b->member_cap = c.member_n, b->type_cap = c.type_n;
	b->events.n = c.events_n, b->changed.n = c.changed_n, b->puts = (uint32_t)c.puts;
	b->suppressed_cap = c.suppressed_n, b->distinct_cap = c.names_n;
	b->fold_cap = c.texts_n, b->folded_before_us = c.folded_before_us;
	return 0;
}

static int
walk_dicts(struct walk *w)
{
	struct column_base *b = w->base;
	struct dict *dicts[] = {b->texts, b->folds, b->merged, b->types, b->names,
		b->type_props, b->distinct, b->channels, b->suppressed, b->zone_names};
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof dicts / sizeof dicts[0]; i++)
		rc = dict_walk(dicts[i], w->writing ? NULL : &b->room, take, w);
	return rc;
}

static int
walk_rows(struct walk *w)
{
	struct column_base *b = w->base;
	size_t n = b->n, cap = roomy(n);
	if (!w->writing)
		b->cap = cap;
	return take(w, (void **)&b->ids, n * sizeof *b->ids, cap * sizeof *b->ids) != 0 ||
			       take(w, (void **)&b->flags, n, cap) != 0 ||
			       take(w, (void **)&b->consents, n * sizeof *b->consents,
				       cap * sizeof *b->consents) != 0 ||
			       take(w, (void **)&b->zones, n * sizeof *b->zones,
				       cap * sizeof *b->zones) != 0 ||
			       take(w, (void **)&b->histories, n * sizeof *b->histories,
				       cap * sizeof *b->histories) != 0 ||
			       take(w, (void **)&b->changes, n * sizeof *b->changes,
				       cap * sizeof *b->changes) != 0 ||
			       take(w, (void **)&b->totals, n * sizeof *b->totals,
				       cap * sizeof *b->totals) != 0 ||
			       take(w, (void **)&b->row_slots,
				       b->row_slot_n * sizeof *b->row_slots,
				       b->row_slot_n * sizeof *b->row_slots) != 0 ||
			       GROWN(unused, unused_n, unused_cap) != 0
		       ? -1
		       : 0;
}

/* Arrays whose elements have pointers of their own: the elements are copied out, then each one's array is taken; behind one that
 * fails the pointers are the writer's, so the elements end there. */
static int
walk_owned(struct walk *w, void *array, size_t n, size_t size)
{
	void **at = array, *held = *at;
	if (take(w, &held, n * size, n * size) != 0)
		return -1;
	if (w->writing)
		return 0;
	*at = calloc(n + 1, size);
	must(*at != NULL);
	if (n > 0)
		memcpy(*at, held, n * size);
	return 0;
}

static int
walk_fields(struct walk *w)
{
	struct column_base *b = w->base;
	int rc = walk_owned(w, (void *)&b->fields, b->field_n, sizeof *b->fields);
	b->field_cap = w->writing ? b->field_cap : b->field_n;
	for (size_t i = 0; rc == 0 && i < b->field_n; i++) {
		struct column_field *f = &b->fields[i];
		size_t size = column_cell_size(f->kind);
		rc = take(w, &f->cells, b->n * size, roomy(b->n) * size);
		if (rc == 0 && f->changed_us != NULL)
			rc = take(w, (void **)&f->changed_us, b->n * sizeof *f->changed_us,
				roomy(b->n) * sizeof *f->changed_us);
		if (rc != 0)
			b->field_n = i;
	}
	return rc;
}

static int
walk_bits(struct walk *w)
{
	struct column_base *b = w->base;
	int rc = walk_owned(w, (void *)&b->type_list, b->type_cap, sizeof *b->type_list);
	for (size_t i = 0; rc == 0 && i < b->type_cap; i++) {
		struct column_type *t = &b->type_list[i];
		rc = take(w, (void **)&t->rows, t->word_n * sizeof *t->rows,
			t->word_n * sizeof *t->rows);
		if (rc != 0)
			b->type_cap = i;
	}
	if (rc == 0)
		rc = walk_owned(w, (void *)&b->members, b->member_n, sizeof *b->members);
	for (size_t i = 0; rc == 0 && i < b->member_n; i++) {
		struct column_members *m = &b->members[i];
		rc = take(w, (void **)&m->words, m->word_n * sizeof *m->words,
			m->word_n * sizeof *m->words);
		if (rc != 0)
			b->member_n = i;
	}
	return rc;
}

static int
walk_pools(struct walk *w)
{
	struct column_base *b = w->base;
	size_t n = dict_count(b->texts), merged = dict_count(b->merged),
	       suppressed = dict_count(b->suppressed);
	return GROWN(events.at, events.n, events.cap) != 0 ||
			       GROWN(changed.at, changed.n, changed.cap) != 0 ||
			       GROWN(props, prop_n, prop_cap) != 0 ||
			       GROWN(lists, list_n, list_cap) != 0 ||
			       GROWN(wides, wide_n, wide_cap) != 0 ||
			       GROWN(total_list, total_n, total_cap) != 0 ||
			       GROWN(sums, sum_n, sum_cap) != 0 ||
			       grown(w, (void *)&b->fold_of, n, &b->fold_cap,
				       sizeof *b->fold_of) != 0 ||
			       grown(w, (void *)&b->merged_into, merged, &b->merged_cap,
				       sizeof *b->merged_into) != 0 ||
			       grown(w, (void *)&b->is_suppressed, suppressed,
				       &b->suppressed_cap, 1) != 0 ||
			       take(w, (void **)&b->distinct_n,
				       b->distinct_cap * sizeof *b->distinct_n,
				       b->distinct_cap * sizeof *b->distinct_n) != 0
		       ? -1
		       : 0;
}

static int
walk(struct walk *w)
{
	return walk_counts(w) != 0 || walk_dicts(w) != 0 || walk_rows(w) != 0 ||
			       walk_fields(w) != 0 || walk_bits(w) != 0 ||
			       walk_pools(w) != 0
		       ? -1
		       : 0;
}

static int
write_all(struct walk *w, int64_t fence, struct err *e)
{
	struct head h = {.layout = layout_of_build(),
		.company_id = w->base->company_id,
		.position = w->base->position,
		.fence = fence};
	memcpy(h.magic, magic, sizeof h.magic);
	if (walk(w) != 0)
		return -1;
	size_t bytes = w->n * sizeof *w->parts;
	h.part_n = w->n, h.table_at = w->at, h.table_sum = sum_of(w->parts, bytes);
	h.file_bytes = w->at + pages(bytes);
	h.sum = sum_of(&h, offsetof(struct head, sum));
	if (write_at(w->fd, w->parts, bytes, w->at, e) < 0 ||
		write_at(w->fd, &h, sizeof h, 0, e) < 0)
		return -1;
	if (ftruncate(w->fd, (off_t)h.file_bytes) != 0 || fdatasync(w->fd) != 0)
		return err_set(e, ERR_BUSY, "a snapshot cannot be written: %m");
	return 0;
}

int
column_snapshot_write(
	struct column_base *base, const char *path, int64_t fence, struct err *e)
{
	char making[4096];
	column_tidy(base);
	column_slots_grow(base, roomy(base->n)); /* for the rows there will be room for */
	if ((size_t)snprintf(making, sizeof making, "%s.new", path) >= sizeof making)
		return err_set(e, ERR_INPUT, "the path of a snapshot is too long");
	int fd = open(making, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", making);
	struct walk w = {.base = base, .writing = true, .fd = fd, .at = PAGE, .e = e};
	int rc = write_all(&w, fence, e);
	free(w.parts);
	close(fd);
	if (rc == 0 && rename(making, path) != 0)
		rc = err_set(e, ERR_BUSY, "cannot put %s in place: %m", path);
	if (rc < 0)
		unlink(making);
	return rc;
}

void
column_room_close(const struct room *r)
{
	munmap((void *)r->from, (size_t)(r->to - r->from));
}

static int
check_head(const struct head *h, uint64_t bytes, int64_t company_id, const char *map,
	struct err *e)
{
	if (bytes < PAGE || memcmp(h->magic, magic, sizeof magic) != 0 ||
		h->layout != layout_of_build())
		return err_set(e, ERR_INPUT, "it is of another build");
	if (h->company_id != company_id)
		return err_set(e, ERR_INPUT, "it is another company's");
	if (h->sum != sum_of(h, offsetof(struct head, sum)) || h->file_bytes != bytes ||
		h->table_at > bytes ||
		h->part_n > (bytes - h->table_at) / sizeof(struct part) ||
		sum_of(map + h->table_at, h->part_n * sizeof(struct part)) != h->table_sum)
		return err_set(e, ERR_INPUT, "it is damaged");
	const struct part *parts = (const struct part *)(const void *)(map + h->table_at);
	for (size_t i = 0; i < h->part_n; i++)
		if (parts[i].at % PAGE != 0 || parts[i].bytes > parts[i].room ||
			parts[i].at > h->table_at ||
			parts[i].room > h->table_at - parts[i].at)
			return err_set(e, ERR_INPUT, "it is damaged");
	return 0;
}

static void
zones_find(struct column_base *b)
{
	b->zone_cap = dict_count(b->zone_names) + 1;
	b->zone_list = calloc(b->zone_cap, sizeof *b->zone_list);
	must(b->zone_list != NULL);
	for (size_t i = 0; i + 1 < b->zone_cap; i++) {
		const struct zone *zone = zone_find(dict_text(b->zone_names, (int64_t)i));
		b->zone_list[i] = zone != NULL ? zone : b->zone;
	}
}

int
column_snapshot_open(const char *path, int64_t company_id, const struct zone *zone,
	struct column_base **out, int64_t *fence, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? (err_set(e, ERR_MISSING, "there is none yet"), 0)
				       : err_set(e, ERR_BUSY, "cannot read %s: %m", path);
	if (fstat(fd, &st) != 0 || st.st_size < PAGE) {
		close(fd);
		err_set(e, ERR_INPUT, "it is too short");
		return 0;
	}
	size_t bytes = (size_t)st.st_size;
	char *map = mmap(
		NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return err_set(e, ERR_BUSY, "cannot map %s: %m", path);
	const struct head *h = (const struct head *)(const void *)map;
	if (check_head(h, bytes, company_id, map, e) < 0) {
		munmap(map, bytes);
		return 0;
	}
	struct column_base *base = column_base_new(company_id, zone);
	free(base->lists);
	base->lists = NULL;
	base->room = (struct room){map, map + bytes};
	struct walk w = {.base = base,
		.map = map,
		.at = PAGE,
		.parts = (struct part *)(void *)(map + h->table_at),
		.cap = h->part_n,
		.e = e};
	if (walk(&w) != 0 || base->row_slot_n < base->cap * 2) {
		/* half of it is read: arrays that were not reached have no elements */
		base->field_n = base->fields != NULL ? base->field_n : 0;
		base->type_cap = base->type_list != NULL ? base->type_cap : 0;
		base->member_n = base->members != NULL ? base->member_n : 0;
		column_base_free(base);
		return 0;
	}
	zones_find(base);
	base->position = h->position;
	*fence = h->fence;
	*out = base;
	return 1;
}
