/* See keep.h. */
#include "engine/keep.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "column/snapshot.h"
#include "engine/hand.h"
#include "engine/hold.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *
keep_path(struct arena *a, const struct settings *s, int64_t company_id)
{
	return arena_printf(a, "%s/%lld.columns", s->columns_dir, (long long)company_id);
}

bool
keep_is_due(const struct hold *h)
{
	return h->is_ready && column_position(h->base) != h->kept_seq &&
	       time_monotonic_us() - h->kept_at_us >
		       h->settings->columns_snapshot_s * SECOND_US;
}

static int
write_it(struct hold *h, struct err *e)
{
	if (mkdir(h->settings->columns_dir, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", h->settings->columns_dir);
	return column_snapshot_write(h->base,
		keep_path(h->arena, h->settings, h->company.id), h->lease.fence, e);
}

/* In the new process: nothing of the old one's connections and locks is touched, and it ends with it. */
static void
be_child(struct hold *h, pid_t parent)
{
	struct err e;
	hand_forget();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	close_range(3, ~0U, 0);
	if (nice(10) == -1 && errno != 0)
		errno = 0; /* then it is as quick as the others */
	int rc = write_it(h, &e);
	if (rc < 0)
		log_line(LOG_WARN, "company %lld: %s", (long long)h->company.id, e.text);
	_exit(rc < 0 ? 1 : 0);
}

int
keep_begin(struct keeper *k, struct hold *h, struct err *e)
{
	if (k->child != 0)
		return 0;
	pid_t parent = getpid(), child = fork();
	if (child < 0)
		return err_set(e, ERR_BUSY, "no process for a snapshot: %m");
	if (child == 0)
		be_child(h, parent);
	*k = (struct keeper){.child = child,
		.company_id = h->company.id,
		.seq = column_position(h->base),
		.begun_us = time_monotonic_us()};
	h->kept_at_us = k->begun_us;
	return 0;
}

int
keep_poll(struct keeper *k, int64_t *company_id, int64_t *seq)
{
	int status;
	if (k->child == 0 || waitpid(k->child, &status, WNOHANG) == 0)
		return 0;
	bool is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	*company_id = k->company_id;
	*seq = k->seq;
	log_line(is_good ? LOG_INFO : LOG_WARN,
		"company %lld: snapshot at %lld %s, %lld ms", (long long)k->company_id,
		(long long)k->seq, is_good ? "written" : "failed",
		(long long)((time_monotonic_us() - k->begun_us) / 1000));
	*k = (struct keeper){0};
	return is_good ? 1 : -1;
}

int
keep_now(struct hold *h, struct err *e)
{
	if (!h->is_ready || column_position(h->base) == h->kept_seq)
		return 0;
	return write_it(h, e);
}

void
keep_stop(struct keeper *k)
{
	if (k->child == 0)
		return;
	kill(k->child, SIGKILL);
	waitpid(k->child, NULL, 0);
	*k = (struct keeper){0};
}
