/* Between the two halves of the shim. */
#ifndef FAULT_SHIM_H
#define FAULT_SHIM_H

#include <stdbool.h>

/* FAULT_BUG names a mistake the code does not make, so that the harness can be seen to catch it: "no_crc", "position". */
bool shim_is_bug(const char *name);

/* The real function behind a hooked one. */
void *shim_real(const char *name);

#endif
