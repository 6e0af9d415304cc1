/* The writing half: whoever comes first writes and syncs for all who came meanwhile (group commit). */
#include "journal/record.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct batch { /* of records that are synced together */
	char *bytes;
	size_t used, cap;
	int holders; /* threads that will look at done and failed */
	bool done, failed;
};

struct journal {
	pthread_mutex_t lock;
	pthread_cond_t done;
	const char *dir;
	char prefix[32];
	int64_t quota_bytes, segment_bytes;
	int64_t held_bytes, held_at_us; /* in all segments, measured now and then */
	int fd;
	int64_t written;
	struct batch *filling; /* NULL until somebody comes */
	bool leading;
};

static int
sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	int rc = fsync(fd);
	close(fd);
	return rc;
}

/* Locked before it has its name: a reader that saw it without its lock would take its writer for dead. */
static int
segment_open(struct journal *j, struct err *e)
{
	char path[512], making[520];
	snprintf(
		path, sizeof path, "%s/%s-%lld.j", j->dir, j->prefix, (long long)id_make());
	snprintf(making, sizeof making, "%s.new", path);
	int fd = open(making, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, ERR_BUSY, "cannot make the journal segment %s: %m", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 || rename(making, path) != 0 ||
		sync_dir(j->dir) != 0) {
		err_set(e, ERR_BUSY, "cannot begin the journal segment %s: %m", path);
		close(fd);
		return -1;
	}
	j->fd = fd;
	j->written = 0;
	return 0;
}

static void
segment_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}

int
journal_open(
	const struct settings *s, const char *prefix, struct journal **out, struct err *e)
{
	if (mkdir(s->journal_dir, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", s->journal_dir);
	struct journal *j = calloc(1, sizeof *j);
	must(j != NULL);
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->done, NULL);
	j->dir = s->journal_dir;
	snprintf(j->prefix, sizeof j->prefix, "%s", prefix);
	j->quota_bytes = s->journal_quota_mb << 20;
	j->segment_bytes = s->journal_segment_mb << 20;
	j->fd = -1;
	if (segment_open(j, e) < 0) {
		journal_close(j);
		return -1;
	}
	*out = j;
	return 0;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	segment_close(j);
	free(j);
}

static void
fill(struct batch *b, struct text payload)
{
	size_t need = b->used + sizeof(struct record_head) + payload.n;
	if (need > b->cap) {
		b->cap = need * 2;
		b->bytes = realloc(b->bytes, b->cap);
		must(b->bytes != NULL);
	}
	struct record_head head = record_head(payload);
	memcpy(b->bytes + b->used, &head, sizeof head);
	memcpy(b->bytes + b->used + sizeof head, payload.at, payload.n);
	b->used = need;
}

static int
write_all(int fd, const char *at, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, at, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Writes and syncs one batch. After a failure the segment is given up: what its cache holds is unknown for ever. */
static int
write_batch(struct journal *j, const char *bytes, size_t n, struct err *e)
{
	if (j->fd < 0 && segment_open(j, e) < 0)
		return -1;
	if (write_all(j->fd, bytes, n) != 0 || fdatasync(j->fd) != 0) {
		err_set(e, ERR_BUSY, "the journal cannot be written: %m");
		segment_close(j);
		return -1;
	}
	j->written += (int64_t)n;
	if (j->written >= j->segment_bytes) {
		struct err ignored;
		segment_close(j);
		if (segment_open(j, &ignored) < 0)
			log_line(LOG_ERROR, "%s",
				ignored.text); /* the next batch tries again */
	}
	return 0;
}

/* Writes what has come so far; the lock is free meanwhile, so the next batch fills. */
static void
lead(struct journal *j)
{
	struct err e;
	struct batch *b = j->filling;
	j->filling = NULL;
	j->leading = true;
	pthread_mutex_unlock(&j->lock);
	int rc = write_batch(j, b->bytes, b->used, &e);
	if (rc < 0)
		log_line(LOG_ERROR, "%s", e.text);
	pthread_mutex_lock(&j->lock);
	j->leading = false;
	b->failed = rc < 0;
	b->done = true;
	pthread_cond_broadcast(&j->done);
}

static bool
over_quota(struct journal *j)
{
	int64_t now = time_monotonic_us();
	if (j->held_at_us == 0 || now - j->held_at_us > SECOND_US) {
		j->held_at_us = now;
		j->held_bytes = journal_size_bytes(j->dir);
	}
	return j->held_bytes > j->quota_bytes;
}

int
journal_append(struct journal *j, struct text payload, struct err *e)
{
	must(payload.n > 0 && payload.n <= JOURNAL_RECORD_MAX);
	pthread_mutex_lock(&j->lock);
	if (over_quota(j)) {
		pthread_mutex_unlock(&j->lock);
		return err_set(e, ERR_BUSY, "the journal is full (%lld MB)",
			(long long)(j->quota_bytes >> 20));
	}
	if (j->filling == NULL) {
		j->filling = calloc(1, sizeof *j->filling);
		must(j->filling != NULL);
	}
	struct batch *mine = j->filling;
	mine->holders++;
	fill(mine, payload);
	while (!mine->done) {
		if (j->leading)
			pthread_cond_wait(&j->done, &j->lock);
		else
			lead(j);
	}
	bool failed = mine->failed;
	if (--mine->holders == 0) {
		free(mine->bytes);
		free(mine);
	}
	pthread_mutex_unlock(&j->lock);
	return failed ? err_set(e, ERR_BUSY, "the journal could not be written") : 0;
}
