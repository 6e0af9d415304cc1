/* cxdp script run FILE [--use rule|step|adapter]: a text in the box, one JSON line. */
#ifndef SCRIPT_COMMAND_H
#define SCRIPT_COMMAND_H

#include <stdbool.h>

struct arena;
struct settings;

/* argv[0] is "run". Prints {"ok", "value", "error", "limit", "gas", "us"}; 0 ok, 1 an error of the script (or of the call), 2 a limit.
 * s may be NULL. */
int script_command(int argc, char **argv, const struct settings *s);

/* A program's whole command line: if it is [--config FILE] script …, runs that and gives its exit code. It needs no store and no
 * secret, and of the settings only the limits. */
bool script_main(struct arena *a, int argc, char **argv, int *status);

#endif
