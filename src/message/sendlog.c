/* See sendlog.h. */
#include "message/sendlog.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SENDERS_MAX = 256, FILE_MAX = 4 * 1024 * 1024 };

struct sendlog {
	int fd;
};

struct on_disk { /* fixed size, so a torn end is seen */
	struct sendlog_entry entry;
	uint32_t crc, zero;
};

static struct on_disk
to_disk(const struct sendlog_entry *entry)
{
	return (struct on_disk){*entry, sign_crc(0, entry, sizeof *entry), 0};
}

static int
take_file(const struct settings *s, struct err *e)
{
	char path[512];
	if (mkdir(s->journal_dir, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", s->journal_dir);
	for (int i = 0; i < SENDERS_MAX; i++) {
		snprintf(path, sizeof path, "%s/send-%d.log", s->journal_dir, i);
		int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (fd < 0)
			return err_set(e, ERR_BUSY, "cannot open %s: %m", path);
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		close(fd);
	}
	return err_set(e, ERR_BUSY, "%d senders run already", SENDERS_MAX);
}

static int
read_all(struct arena *a, int fd, struct sendlog_entry **out, size_t *n, struct err *e)
{
	struct dict *ids = dict_new();
	char *bytes = arena_alloc(a, FILE_MAX);
	size_t got = 0;
	ssize_t more;
	arena_defer(a, (void (*)(void *))dict_free, ids);
	while (got < FILE_MAX &&
		(more = pread(fd, bytes + got, FILE_MAX - got, (off_t)got)) > 0)
		got += (size_t)more;
	if (more < 0)
		return err_set(e, ERR_BUSY, "cannot read the send log: %m");
	*out = arena_array(a, got / sizeof(struct on_disk) + 1, sizeof **out);
	*n = 0;
	for (size_t at = 0; at + sizeof(struct on_disk) <= got;
		at += sizeof(struct on_disk)) {
		struct on_disk d;
		bool added;
		memcpy(&d, bytes + at, sizeof d);
		if (d.crc != sign_crc(0, &d.entry, sizeof d.entry))
			break;
		int64_t k = dict_put_id(ids, d.entry.message_id, &added);
		(*out)[k] = d.entry; /* later ones are further on */
		*n += added;
	}
	return 0;
}

int
sendlog_open(struct arena *a, const struct settings *s, struct sendlog **out,
	struct sendlog_entry **left, size_t *n, struct err *e)
{
	int fd = take_file(s, e);
	if (fd < 0)
		return -1;
	if (read_all(a, fd, left, n, e) < 0) {
		close(fd);
		return -1;
	}
	*out = calloc(1, sizeof **out);
	must(*out != NULL);
	(*out)->fd = fd;
	return 0;
}

void
sendlog_close(struct sendlog *log)
{
	if (log == NULL)
		return;
	close(log->fd);
	free(log);
}

int
sendlog_add(
	struct sendlog *log, const struct sendlog_entry *entries, size_t n, struct err *e)
{
	struct on_disk all[64];
	for (size_t done = 0; done < n;) {
		size_t slice = n - done < 64 ? n - done : 64;
		for (size_t i = 0; i < slice; i++)
			all[i] = to_disk(&entries[done + i]);
		ssize_t want = (ssize_t)(slice * sizeof all[0]);
		if (write(log->fd, all, (size_t)want) != want)
			return err_set(e, ERR_BUSY, "cannot write the send log: %m");
		done += slice;
	}
	return 0;
}

int
sendlog_clear(struct sendlog *log, struct err *e)
{
	return ftruncate(log->fd, 0) == 0
		       ? 0
		       : err_set(e, ERR_BUSY, "cannot clear the send log: %m");
}
