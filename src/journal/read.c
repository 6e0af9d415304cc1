/* The reading half. */
#include "journal/record.h"
#include "base/arena.h"
#include "base/err.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_BYTES = 4 * 1024 * 1024, SEGMENTS_MAX = 100000 };

static bool
is_segment(const char *name)
{
	size_t n = strlen(name);
	return n > 2 && n < 100 && strcmp(name + n - 2, ".j") == 0;
}

/* By the id in the name: ids are time-ordered. */
static int
by_id(const void *x, const void *y)
{
	const char *a = strrchr(*(const char *const *)x, '-'),
		   *b = strrchr(*(const char *const *)y, '-');
	long long i = a != NULL ? atoll(a + 1) : 0, k = b != NULL ? atoll(b + 1) : 0;
	return (i > k) - (i < k);
}

int
journal_list(
	struct arena *a, const char *dir, const char ***names, size_t *n, struct err *e)
{
	size_t cap = 0;
	*names = NULL;
	*n = 0;
	DIR *d = opendir(dir);
	if (d == NULL)
		return errno == ENOENT ? 0
				       : err_set(e, ERR_BUSY, "cannot read %s: %m", dir);
	struct dirent *entry;
	while ((entry = readdir(d)) != NULL && *n < SEGMENTS_MAX) {
		if (!is_segment(entry->d_name))
			continue;
		*names = arena_room(a, *names, *n, &cap, sizeof **names);
		(*names)[(*n)++] = arena_text(a, entry->d_name, strlen(entry->d_name));
	}
	closedir(d);
	if (*n > 0)
		qsort(*names, *n, sizeof **names, by_id);
	return 0;
}

static size_t
split(struct arena *a, char *bytes, size_t n, int64_t from, size_t max,
	struct journal_record **records, size_t *used)
{
	size_t count = 0, at = 0;
	*records = arena_array(a, max, sizeof **records);
	while (count < max && n - at >= sizeof(struct record_head)) {
		struct record_head head;
		memcpy(&head, bytes + at, sizeof head);
		const char *payload = bytes + at + sizeof head;
		if (head.magic != RECORD_MAGIC || head.length == 0 ||
			head.length > JOURNAL_RECORD_MAX ||
			n - at - sizeof head < head.length ||
			record_crc(head.length, payload) != head.crc)
			break;
		at += sizeof head + head.length;
		(*records)[count++] = (struct journal_record){
			.payload = {payload, head.length}, .end = from + (int64_t)at};
	}
	*used = at;
	return count;
}

/* All of it: a short read that passed for the end would make records a torn rest. */
static int
read_all(int fd, char *at, size_t n, int64_t from)
{
	while (n > 0) {
		ssize_t got = pread(fd, at, n, from);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		at += got;
		from += got;
		n -= (size_t)got;
	}
	return 0;
}

int
journal_read(struct arena *a, const char *dir, const char *name, int64_t from,
	size_t max_records, struct journal_record **records, size_t *n, bool *ended,
	int64_t *torn_bytes, struct err *e)
{
	struct stat st;
	size_t used = 0;
	*n = 0;
	*ended = false;
	*torn_bytes = 0;
	int fd = open(arena_printf(a, "%s/%s", dir, name), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, errno == ENOENT ? ERR_MISSING : ERR_BUSY,
			"journal %s: %m", name);
	/* first whether the writer is gone, then the size: in this order nothing can slip in between */
	bool gone = flock(fd, LOCK_SH | LOCK_NB) == 0;
	if (fstat(fd, &st) != 0) {
		close(fd);
		return err_set(e, ERR_BUSY, "journal %s: %m", name);
	}
	if (st.st_size < from) {
		close(fd);
		*ended = gone;
		return gone ? 0
			    : err_set(e, ERR_BUG,
				      "journal %s is shorter than what was read of it",
				      name);
	}
	int64_t left = st.st_size - from;
	size_t want = left < READ_BYTES ? (size_t)left : READ_BYTES;
	char *bytes = arena_alloc(a, want + 1);
	int rc = read_all(fd, bytes, want, from);
	close(fd);
	if (rc < 0)
		return err_set(e, ERR_BUSY, "journal %s: %m", name);
	*n = split(a, bytes, want, from, max_records, records, &used);
	if (gone && *n == 0) {
		*ended = true;
		*torn_bytes = left;
	}
	return 0;
}

int
journal_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int rc = fsync(fd);
	close(fd);
	return rc;
}

int
journal_remove(const char *dir, const char *name, int64_t torn_bytes, struct err *e)
{
	char path[512], aside[520];
	snprintf(path, sizeof path, "%s/%s", dir, name);
	snprintf(aside, sizeof aside, "%s.torn", path);
	int rc = torn_bytes > 0 ? rename(path, aside) : unlink(path);
	if (rc != 0 && errno != ENOENT)
		return err_set(e, ERR_BUSY, "journal %s: %m", name);
	return journal_sync_dir(dir) == 0 ? 0 : err_set(e, ERR_BUSY, "journal %s: %m", dir);
}

int64_t
journal_size_bytes(const char *dir)
{
	int64_t sum = 0;
	DIR *d = opendir(dir);
	struct dirent *entry;
	while (d != NULL && (entry = readdir(d)) != NULL) {
		struct stat st;
		if (is_segment(entry->d_name) &&
			fstatat(dirfd(d), entry->d_name, &st, 0) == 0)
			sum += st.st_size;
	}
	if (d != NULL)
		closedir(d);
	return sum;
}
