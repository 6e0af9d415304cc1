/* A snapshot of the columns with bytes changed (offset, value: four bytes each time) or cut short is refused, or it is the base it was:
 * holes between the parts are nobody's. */
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "column/snapshot.h"
#include "fuzz.h"

#include <stdlib.h>

enum { PEOPLE = 40 };

static char *whole;
static size_t size;
static const char *had[PEOPLE + 1];
static struct arena *kept;

static struct column_base *
base_new(struct arena *a)
{
	static const char *const names[] = {"city", "age", "email", "tags"};
	struct column_base *base = column_base_new(1, zone_utc());
	for (int64_t id = 1; id <= PEOPLE; id++) {
		struct val f = val_map(a), tags = val_list(a), props = val_map(a);
		val_push(a, &tags, val_text(names[id % 4]));
		val_put(a, &f, "city", val_text(names[id % 3]));
		val_put(a, &f, "age", val_num((double)id / 3));
		val_put(a, &f, "email",
			val_text(arena_printf(a, "p%lld@x.example", (long long)id)));
		val_put(a, &f, "tags", tags);
		val_put(a, &props, "total", val_num((double)id));
		column_person_put(base, id, id % 2 == 0, &f, NULL);
		column_event_add(base, id, text_of("purchase"), id * SECOND_US, id, &props);
		column_member_set(base, 70, id, id % 3 == 0);
	}
	column_position_set(base, 4711);
	return base;
}

static const char *
seen_of(struct arena *a, const struct column_base *base, int64_t id)
{
	static const char *const names[] = {"city", "age", "email", "tags"};
	struct val all = val_list(a);
	int64_t row = column_row(base, id);
	for (size_t i = 0; row >= 0 && i < 4; i++)
		val_push(a, &all, column_value(a, base, (size_t)row, text_of(names[i])));
	val_push(a, &all, val_bool(column_member_is(base, 70, id)));
	return text_z(a, json_text(a, &all));
}

static void
make_whole(void)
{
	char path[] = "/tmp/cxdp-fuzz-XXXXXX";
	struct err e;
	kept = arena_new();
	struct column_base *base = base_new(kept);
	int fd = mkstemp(path);
	must(fd >= 0 && column_snapshot_write(base, path, 9, &e) == 0);
	close(fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = (size_t)lseek(fd, 0, SEEK_END);
	whole = malloc(size);
	must(whole != NULL && pread(fd, whole, size, 0) == (ssize_t)size);
	close(fd);
	unlink(path);
	for (int64_t id = 1; id <= PEOPLE; id++)
		had[id] = seen_of(kept, base, id);
	column_base_free(base);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct column_base *base;
	struct err e;
	int64_t fence;
	int fd;
	if (whole == NULL)
		make_whole();
	struct arena *a = arena_new();
	const char *path = fuzz_file(a, (struct text){whole, size}, &fd);
	for (size_t i = 0; i + 4 <= n; i += 4) {
		uint32_t where = bytes[i] | (uint32_t)bytes[i + 1] << 8 |
				 (uint32_t)bytes[i + 2] << 16;
		if (bytes[i + 3] == 0xff)
			must(ftruncate(fd, (off_t)(where % (size + 8192))) == 0);
		else /* the head and the first parts more often than the rest */
			must(pwrite(fd, bytes + i + 3, 1,
				     (off_t)(where % (i % 8 == 0 ? 4096 : size))) == 1);
	}
	int rc = column_snapshot_open(path, 1, zone_utc(), &base, &fence, &e);
	must(rc >= 0);
	if (rc == 1) {
		must(fence == 9 && column_position(base) == 4711);
		for (int64_t id = 1; id <= PEOPLE; id++)
			must(strcmp(seen_of(a, base, id), had[id]) == 0);
		must(column_stats(base).events == PEOPLE);
		column_base_free(base);
	} else
		must(e.text[0] != '\0');
	close(fd);
	arena_free(a);
	return 0;
}
