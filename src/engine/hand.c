/* See hand.h. A shared page of a file; the handler of a crash writes to memory only. */
#include "engine/hand.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { CRASHES = 128, TOO_MANY = 2 };
static const int numbers[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

struct crash {
	int64_t company_id, at_us;
};

static struct hand {
	volatile int64_t company_id;
	volatile uint64_t n; /* crashes so far; the last CRASHES of them are kept */
	struct crash crashes[CRASHES];
} * hand;

static void
crashed(int number)
{
	struct timespec now;
	if (hand->company_id != 0 && clock_gettime(CLOCK_REALTIME, &now) == 0) {
		struct crash *c = &hand->crashes[hand->n++ % CRASHES];
		c->company_id = hand->company_id;
		c->at_us = (int64_t)now.tv_sec * SECOND_US;
	}
	raise(number); /* the handler is gone: this ends the process as it would have */
}

int
hand_open(const struct settings *s, const char *role, struct err *e)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s.hand", s->run_dir, role);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof *hand) != 0)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", path);
	hand = mmap(NULL, sizeof *hand, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (hand == MAP_FAILED)
		return err_set(e, ERR_BUSY, "cannot map %s: %m", path);
	hand->company_id = 0;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaction(numbers[i],
			&(struct sigaction){.sa_handler = crashed,
				.sa_flags = (int)(SA_RESETHAND | SA_NODEFER)},
			NULL);
	return 0;
}

void
hand_take(int64_t company_id)
{
	if (hand != NULL)
		hand->company_id = company_id;
}

void
hand_forget(void)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], SIG_DFL);
	hand = NULL;
}

bool
hand_is_poison(int64_t company_id)
{
	int count = 0;
	for (size_t i = 0; hand != NULL && i < CRASHES; i++)
		count += hand->crashes[i].company_id == company_id &&
			 time_now_us() - hand->crashes[i].at_us < HOUR_US;
	return count >= TOO_MANY;
}
