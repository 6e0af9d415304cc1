/* See budget.h. */
#include "script/budget.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/time.h"

#include <pthread.h>
#include <stdlib.h>

struct budget {
	int64_t company_id;
	int64_t gas_s, us_s, burst_s; /* what a second brings, how many seconds gather */
	int64_t gas, us;	      /* left; below zero is a debt */
	int64_t filled_us;	      /* monotonic */
	struct budget *next;
};

enum { BUCKETS = 256 };

static struct budget *table[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct budget *
budget_of(int64_t company_id, const struct settings *s)
{
	struct budget **at = &table[(uint64_t)company_id % BUCKETS];
	pthread_mutex_lock(&lock);
	struct budget *b = *at;
	while (b != NULL && b->company_id != company_id)
		b = b->next;
	if (b == NULL) {
		b = calloc(1, sizeof *b);
		must(b != NULL);
		b->company_id = company_id;
		b->gas_s = s->company_gas_s;
		b->us_s = s->company_script_ms * 1000;
		b->burst_s = s->company_burst_s;
		b->gas = b->gas_s * b->burst_s;
		b->us = b->us_s * b->burst_s;
		b->filled_us = time_monotonic_us();
		b->next = *at;
		*at = b;
	}
	pthread_mutex_unlock(&lock);
	return b;
}

static int64_t
filled(int64_t left, int64_t a_second, int64_t most, int64_t passed_us)
{
	left += (int64_t)((double)a_second * (double)passed_us / 1e6);
	return left < most ? left : most;
}

/* With the lock: what came since. */
static void
fill(struct budget *b)
{
	int64_t now_us = time_monotonic_us(), passed_us = now_us - b->filled_us;
	if (passed_us < 1000)
		return;
	b->gas = filled(b->gas, b->gas_s, b->gas_s * b->burst_s, passed_us);
	b->us = filled(b->us, b->us_s, b->us_s * b->burst_s, passed_us);
	b->filled_us = now_us;
}

int
budget_check(struct budget *b, bool patient, struct err *e)
{
	pthread_mutex_lock(&lock);
	fill(b);
	int64_t debt_s = patient ? b->burst_s : 0;
	int64_t gas = b->gas + debt_s * b->gas_s, us = b->us + debt_s * b->us_s;
	int64_t gas_wait = gas > 0 ? 0 : 1 - gas / b->gas_s,
		us_wait = us > 0 ? 0 : 1 - us / b->us_s;
	pthread_mutex_unlock(&lock);
	int64_t wait = gas_wait > us_wait ? gas_wait : us_wait;
	if (wait == 0)
		return 0;
	err_field(e, "scripts",
		"this company's scripts used up their share of the processor; they go on "
		"in "
		"%lld s",
		(long long)wait);
	e->code = ERR_BUSY;
	return -1;
}

static _Thread_local struct budget *entered;
static _Thread_local bool entered_patient;

void
budget_enter(struct budget *b, bool patient)
{
	entered = b;
	entered_patient = patient;
}

struct budget *
budget_entered(bool *patient)
{
	*patient = entered_patient;
	return entered;
}

void
budget_spend(struct budget *b, int64_t gas, int64_t us)
{
	pthread_mutex_lock(&lock);
	fill(b);
	b->gas -= gas;
	b->us -= us;
	pthread_mutex_unlock(&lock);
}
