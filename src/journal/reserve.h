/* Room kept on the journal's disk: a file that is let go when there is none left. */
#ifndef JOURNAL_RESERVE_H
#define JOURNAL_RESERVE_H

#include <stdint.h>

/* Makes DIR/reserve of that many bytes, really on disk, unless it is there. 0 it is there (or bytes is 0), -1 no room. */
int reserve_make(const char *dir, int64_t bytes);

void reserve_drop(const char *dir);

#endif
