/* See id.h. The lock file's number is free again when its process ends, however it ends. */
#include "base/id.h"
#include "base/err.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOTS = 256, COUNTER_BITS = 10, NODE_BITS = 12 };
static const int64_t epoch_ms = INT64_C(1704067200000); /* 2024-01-01 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t node, last;

int
id_init(const char *run_dir, int machine, struct err *e)
{
	char path[256];
	int strange = 0; /* made by somebody of another group */
	for (int slot = 0; slot < SLOTS; slot++) {
		snprintf(path, sizeof path, "%s/id-%03d.lock", run_dir, slot);
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
		if (fd < 0 && errno == EACCES && ++strange < SLOTS)
			continue;
		if (fd < 0)
			return err_set(e, ERR_BUSY, "cannot open %s: %m", path);
		/* users of one group take turns, whatever the umask; only who made it can say so */
		fchmod(fd, 0660);
		if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
			node = ((int64_t)machine & 15) << 8 | slot;
			/* a process that had this number a moment ago may have run ahead of the clock */
			last = (time_now_us() / 1000 - epoch_ms + 5)
			       << (NODE_BITS + COUNTER_BITS);
			return 0; /* the descriptor stays open: it is the lock */
		}
		close(fd);
	}
	return err_set(
		e, ERR_BUSY, "all %d process numbers in %s are in use", SLOTS, run_dir);
}

int64_t
id_make(void)
{
	const int64_t counter_mask = (1 << COUNTER_BITS) - 1;
	pthread_mutex_lock(&lock);
	int64_t ms = time_now_us() / 1000 - epoch_ms;
	int64_t last_ms = last >> (NODE_BITS + COUNTER_BITS);
	int64_t count = 0;
	if (ms <=
		last_ms) { /* the same millisecond, or the clock went back: go on counting */
		ms = last_ms;
		count = (last & counter_mask) + 1;
		if (count > counter_mask) {
			ms++;
			count = 0;
		}
	}
	last = ms << (NODE_BITS + COUNTER_BITS) | node << COUNTER_BITS | count;
	int64_t id = last;
	pthread_mutex_unlock(&lock);
	return id;
}

int64_t
id_at_us(int64_t at_us)
{
	return (at_us / 1000 - epoch_ms) << (NODE_BITS + COUNTER_BITS);
}

int
id_parse(struct text t, int64_t *id)
{
	if (t.n == 0 || t.n > 19)
		return 0;
	int64_t sum = 0;
	for (size_t i = 0; i < t.n; i++)
		if (t.at[i] < '0' || t.at[i] > '9' ||
			__builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_add_overflow(sum, t.at[i] - '0', &sum))
			return 0;
	*id = sum;
	return sum > 0;
}
