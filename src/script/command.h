/* cxdp script run FILE [--use rule|step|adapter]: a text in the box, one JSON line. */
#ifndef SCRIPT_COMMAND_H
#define SCRIPT_COMMAND_H

#include <stdbool.h>

struct arena;

/* How the command is called, and what is asked of scripts (their tests are segment/command.h's). */
#define SCRIPT_USAGE                                                                       \
	"usage: cxdp --config FILE COMMAND\n"                                              \
	"  script run FILE [--use rule|step|adapter]\n"                                    \
	"  script test FILE...\n"

/* A program's whole command line: if it is [--config FILE] script …, runs that: prints {"ok", "value", "error", "limit", "gas", "us"};
 * *status 0 ok, 1 an error of the script (or of the call), 2 a limit. It needs no store and no secret, and of the settings only the limits. */
bool script_main(struct arena *a, int argc, char **argv, int *status);

#endif
