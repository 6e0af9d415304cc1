/* A company's share of the processor for its scripts, per process: tokens of gas and of time that come with every second and gather
 * up to a burst. Who has none left waits or is refused while others go on. */
#ifndef SCRIPT_BUDGET_H
#define SCRIPT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct settings;
struct budget;

/* The budget of a company, made full at first use, never freed; s gives its numbers (settings company_*). */
struct budget *budget_of(int64_t company_id, const struct settings *s);

/* 0, or -1 ERR_BUSY of the field "scripts": nothing is left, with the seconds until there is. Who is patient may owe a whole burst. */
int budget_check(struct budget *b, bool patient, struct err *e);

/* For whom this thread works from here on: boxes it makes belong to that company; NULL nobody. patient: for work in the background
 * that must not fail because a door was busy. */
void budget_enter(struct budget *b, bool patient);
struct budget *budget_entered(bool *patient);

/* Takes what a run used; it may go below nothing. */
void budget_spend(struct budget *b, int64_t gas, int64_t us);

#endif
