/* cxdp script test FILE...: the cases beside scripts, rules and templates (docs/lua.md), as TAP. */
#ifndef SEGMENT_COMMAND_H
#define SEGMENT_COMMAND_H

#include <stdbool.h>

struct arena;

/* A program's whole command line: if it is [--config FILE] script test FILE…, runs that; *status 0 all passed, 1 a case or a text failed,
 * 2 a script passed a limit. It needs no store. */
bool script_test_main(struct arena *a, int argc, char **argv, int *status);

#endif
