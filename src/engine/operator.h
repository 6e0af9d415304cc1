/* What an operator does from the command line. */
#ifndef ENGINE_OPERATOR_H
#define ENGINE_OPERATOR_H

#include <stddef.h>

struct arena;
struct db;
struct err;
struct settings;

struct operator
{
	struct arena *arena;
	struct db *db;
	const struct settings *settings;
	int argc; /* what stands behind the command's words */
	char **argv;
};

/* The exit code, or -1 *e. What it has to say goes to standard output as one line of JSON. */
typedef int operator_command(struct operator* o, struct err *e);

/* The value of --NAME, or NULL. */
const char *operator_option(const struct operator* o, const char *name);

struct operator_row { /* a command: its words, its options as help */
	const char *words, *options;
	operator_command *run;
};
extern const struct operator_row operator_rows[];
extern const size_t operator_rows_n;

#endif
