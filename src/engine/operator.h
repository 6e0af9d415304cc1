/* What an operator does from the command line. */
#ifndef ENGINE_OPERATOR_H
#define ENGINE_OPERATOR_H

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

operator_command operator_migrate, operator_check, operator_root_create,
	operator_company_create, operator_columns;
/* Dead letters: how many, or of one company which; once more; never. */
operator_command operator_dead_letter;

#endif
