/* What the fuzz programs share. One program a parser: LLVMFuzzerTestOneInput(bytes, n) returns 0 and must not crash, hang or leak. */
#ifndef T_FUZZ_H
#define T_FUZZ_H

#include "base/val.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Takes the first byte as a choice among most; the rest is the text. */
static inline int
fuzz_choice(struct text *t, int most)
{
	int choice = t->n > 0 ? (unsigned char)t->at[0] % most : 0;
	if (t->n > 0)
		*t = (struct text){t->at + 1, t->n - 1};
	return choice;
}

#endif
