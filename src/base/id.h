/* 64-bit ids, time-ordered, made here: 41 bits of milliseconds since 2024, 12 of the process's number, 10 of a counter. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/val.h"

struct err;

/* Takes a number for this process under run_dir (a lock held until it ends), so that no two processes of a machine
 * share one; machine 0..15 tells machines apart. Call once before id_make. 0 / -1 (ERR_BUSY: all 256 in use). */
int id_init(const char *run_dir, int machine, struct err *e);

/* The next id: positive, larger than any made before by this process. */
int64_t id_make(void);

/* The smallest id that may be made at an instant: all older ones are below it. */
int64_t id_at_us(int64_t at_us);

/* Ids travel as decimal text: 1 read, 0 not an id. */
int id_parse(struct text t, int64_t *id);

#endif
