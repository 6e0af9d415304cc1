/* Which company this process has in hand, written where a crash does not take it away: one that was in hand at two crashes within an
 * hour is set aside for the rest of it, so that it is nobody else's outage. Being killed from outside is no crash. */
#ifndef ENGINE_HAND_H
#define ENGINE_HAND_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct settings;

/* Once a process, under the role's lock. 0 / -1 *e. */
int hand_open(const struct settings *s, const char *role, struct err *e);

/* From here to the next call what happens is this company's doing; 0: nobody's. */
void hand_take(int64_t company_id);

/* In a process made by fork: what it crashes with is nobody's doing. */
void hand_forget(void);

bool hand_is_poison(int64_t company_id);

#endif
