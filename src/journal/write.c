/* The writing half: whoever comes first writes and syncs for all who came meanwhile (group commit). */
#include "journal/record.h"
#include "journal/reserve.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BATCH_BYTES_MAX = 8 * 1024 * 1024 };
static const int64_t torn_kept_us = 14 * DAY_US;

/* What those who wait for a batch see; they sleep on it (futex), not on the journal's lock: when it is over they need not ask each
 * other for it. LEAD is for one of them: to write what has come. */
enum state { FILLING, LEAD, WRITTEN, FAILED };

struct batch { /* of records that are synced together */
	char *bytes;
	size_t used, cap;
	_Atomic(uint32_t) state;
	_Atomic(int) holders; /* threads that will look at it */
};

struct journal {
	pthread_mutex_t lock;
	pthread_cond_t room, ending; /* room: a batch has been written */
	pthread_t keeper;
	bool kept, end; /* the keeper runs, is to end */
	const char *dir;
	char prefix[32];
	int64_t quota_bytes, segment_bytes, segment_us, reserve_bytes;
	int64_t held_bytes; /* in all segments, as the keeper last saw it */
	bool full;	    /* no reserve: nothing is taken */
	int fd;
	int64_t written, begun_us;
	struct batch *filling; /* NULL until somebody comes */
	bool leading; /* somebody writes, or is asked to; fd, written, begun_us are theirs */
};

/* Locked before it has its name: a reader that saw it without its lock would take its writer for dead. -1 *e and errno. */
static int
segment_open(struct journal *j, struct err *e)
{
	char path[512], making[520];
	snprintf(
		path, sizeof path, "%s/%s-%lld.j", j->dir, j->prefix, (long long)id_make());
	snprintf(making, sizeof making, "%s.new", path);
	int fd = open(making, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	int because = errno;
	if (fd < 0) {
		err_set(e, ERR_BUSY, "cannot make the journal segment %s: %m", path);
		errno = because;
		return -1;
	}
	/* the engine reads it, which may be another user of the directory's group */
	if (fchmod(fd, 0640) != 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 ||
		rename(making, path) != 0 || journal_sync_dir(j->dir) != 0) {
		because = errno;
		err_set(e, ERR_BUSY, "cannot begin the journal segment %s: %m", path);
		unlink(making);
		close(fd); /* under its name already it is an empty segment that ended */
		errno = because;
		return -1;
	}
	j->fd = fd;
	j->written = 0;
	j->begun_us = time_monotonic_us();
	return 0;
}

static void
segment_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);
	return n > k && strcmp(name + n - k, end) == 0;
}

/* What a killed writer was about to name, and torn ends nobody looked at for two weeks. */
static void
sweep(struct journal *j)
{
	DIR *d = opendir(j->dir);
	struct dirent *entry;
	while (d != NULL && (entry = readdir(d)) != NULL) {
		struct stat st;
		bool ours = strncmp(entry->d_name, j->prefix, strlen(j->prefix)) == 0;
		bool old = ends_with(entry->d_name, ".torn") &&
			   fstatat(dirfd(d), entry->d_name, &st, 0) == 0 &&
			   time_now_us() - st.st_mtime * SECOND_US > torn_kept_us;
		if (ours && (old || ends_with(entry->d_name, ".new")))
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	if (d != NULL)
		closedir(d);
}

/* --- the keeper --- */

/* A segment that nobody fills ends by age, else its records would be kept as long as its writer lives. */
static void
end_by_age(struct journal *j)
{
	if (j->leading || j->fd < 0 || j->written == 0 ||
		time_monotonic_us() - j->begun_us < j->segment_us)
		return;
	segment_close(j); /* the next batch opens another */
}

static void
look_after(struct journal *j)
{
	pthread_mutex_unlock(&j->lock);
	int64_t held = journal_size_bytes(j->dir);
	bool full = reserve_make(j->dir, j->reserve_bytes) < 0;
	pthread_mutex_lock(&j->lock);
	j->held_bytes = held;
	if (full != j->full)
		log_line(LOG_WARN, full ? "the disk of the journal is full: no reserve"
					: "the disk of the journal has room again");
	j->full = full;
	end_by_age(j);
}

static void *
keep(void *obj)
{
	struct journal *j = obj;
	pthread_mutex_lock(&j->lock);
	while (!j->end) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		look_after(j);
		while (!j->end && pthread_cond_clockwait(&j->ending, &j->lock,
					  CLOCK_MONOTONIC, &until) == 0)
			;
	}
	pthread_mutex_unlock(&j->lock);
	return NULL;
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
	pthread_cond_init(&j->room, NULL);
	pthread_cond_init(&j->ending, NULL);
	j->dir = s->journal_dir;
	snprintf(j->prefix, sizeof j->prefix, "%s", prefix);
	j->quota_bytes = s->journal_quota_mb << 20;
	j->segment_bytes = s->journal_segment_mb << 20;
	j->segment_us = s->journal_segment_s * SECOND_US;
	j->reserve_bytes = s->journal_reserve_mb << 20;
	j->fd = -1;
	sweep(j);
	/* without a segment, or a reserve, the door stands all the same: it answers 503 until there is room */
	if (segment_open(j, e) < 0)
		log_line(LOG_ERROR, "%s", e->text);
	j->full = reserve_make(j->dir, j->reserve_bytes) < 0;
	j->held_bytes = journal_size_bytes(j->dir);
	j->kept = pthread_create(&j->keeper, NULL, keep, j) == 0;
	if (!j->kept) {
		journal_close(j);
		return err_set(e, ERR_BUSY, "no thread for the journal");
	}
	*out = j;
	return 0;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	pthread_mutex_lock(&j->lock);
	j->end = true;
	pthread_cond_signal(&j->ending);
	pthread_mutex_unlock(&j->lock);
	if (j->kept)
		pthread_join(j->keeper, NULL);
	segment_close(j);
	free(j);
}

/* --- writing --- */

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

/* Into one segment; -1 *e and errno. A failed write or sync is its end: a second sync would say yes to pages the kernel has dropped
 * (fsync(2), "Handling I/O errors"). */
static int
write_once(struct journal *j, const char *bytes, size_t n, struct err *e)
{
	if (j->fd < 0 && segment_open(j, e) < 0)
		return -1;
	if (write_all(j->fd, bytes, n) == 0 && fdatasync(j->fd) == 0) {
		j->written += (int64_t)n;
		if (j->written >= j->segment_bytes)
			segment_close(j);
		return 0;
	}
	int because = errno;
	err_set(e, ERR_BUSY, "the journal cannot be written: %m");
	segment_close(j);
	errno = because;
	return -1;
}

/* Without room there is no second try: the reserve goes, and with it everything that comes until it is back. */
static int
write_batch(struct journal *j, const char *bytes, size_t n, struct err *e)
{
	for (int tries = 2;; tries--) {
		if (write_once(j, bytes, n, e) == 0)
			return 0;
		bool no_room = errno == ENOSPC || errno == EDQUOT;
		log_line(LOG_ERROR, "%s", e->text);
		if (no_room) {
			reserve_drop(j->dir);
			return 1;
		}
		if (tries == 1)
			return -1;
	}
}

static void
tell(struct batch *b, enum state state, int how_many)
{
	atomic_store(&b->state, (uint32_t)state);
	syscall(SYS_futex, &b->state, FUTEX_WAKE_PRIVATE, how_many, NULL, NULL, 0);
}

/* Writes what has come so far; the lock is free meanwhile, so the next batch fills. One of those who came to that leads next. */
static void
lead(struct journal *j)
{
	struct err e;
	pthread_mutex_lock(&j->lock);
	struct batch *b = j->filling;
	j->filling = NULL;
	pthread_mutex_unlock(&j->lock);
	int rc = write_batch(j, b->bytes, b->used, &e);
	pthread_mutex_lock(&j->lock);
	struct batch *next = j->filling;
	j->leading = next != NULL;
	j->full |= rc == 1;
	pthread_cond_broadcast(&j->room);
	/* under the lock: until it is told, nobody else leads, so next stays what it is */
	if (next != NULL)
		tell(next, LEAD, 1);
	pthread_mutex_unlock(&j->lock);
	tell(b, rc != 0 ? FAILED : WRITTEN, INT_MAX);
}

/* Until the batch is over; leads if it falls to this thread. Whether it was written. */
static bool
await(struct journal *j, struct batch *b)
{
	for (;;) {
		uint32_t state = atomic_load(&b->state);
		if (state == WRITTEN || state == FAILED)
			return state == WRITTEN;
		if (state == LEAD) {
			if (atomic_compare_exchange_strong(&b->state, &state, FILLING))
				lead(j);
			continue;
		}
		syscall(SYS_futex, &b->state, FUTEX_WAIT_PRIVATE, state, NULL, NULL, 0);
	}
}

static int
refuse_full(struct journal *j, struct err *e)
{
	if (j->full)
		return err_set(e, ERR_BUSY, "the disk of the journal is full");
	if (j->held_bytes > j->quota_bytes)
		return err_set(e, ERR_BUSY, "the journal is full (%lld MB)",
			(long long)(j->quota_bytes >> 20));
	return 0;
}

int
journal_append(struct journal *j, struct text payload, struct err *e)
{
	must(payload.n > 0 && payload.n <= JOURNAL_RECORD_MAX);
	pthread_mutex_lock(&j->lock);
	if (refuse_full(j, e) < 0) {
		pthread_mutex_unlock(&j->lock);
		return -1;
	}
	while (j->leading && j->filling != NULL && j->filling->used >= BATCH_BYTES_MAX)
		pthread_cond_wait(&j->room, &j->lock);
	if (j->filling == NULL) {
		j->filling = calloc(1, sizeof *j->filling);
		must(j->filling != NULL);
	}
	struct batch *mine = j->filling;
	atomic_fetch_add(&mine->holders, 1);
	fill(mine, payload);
	bool leads = !j->leading;
	j->leading = true;
	pthread_mutex_unlock(&j->lock);
	if (leads)
		lead(j);
	bool failed = !await(j, mine);
	if (atomic_fetch_sub(&mine->holders, 1) == 1) {
		free(mine->bytes);
		free(mine);
	}
	return failed ? err_set(e, ERR_BUSY, "the journal could not be written") : 0;
}
