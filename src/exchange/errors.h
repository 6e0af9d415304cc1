/* The file of refused rows: CSV that a table program opens, and that can be put right and imported: row number, the row's cells, the reason. */
#ifndef EXCHANGE_ERRORS_H
#define EXCHANGE_ERRORS_H

#include "exchange/import_parts.h"

struct errors {
	int fd;
	int64_t bytes; /* what counts of the file: the rest is of a batch that was not committed */
	const char *language;
	struct val columns;
};

/* Closed by a's reset. */
int errors_open(struct arena *a, const struct settings *s, const struct import *im,
	const char *language, struct errors *out, struct err *e);

/* Writes the rows that are refused or warned of; *bytes: how long the file is if that counts. */
int errors_add(struct arena *a, const struct errors *f, const struct decided *rows,
	size_t n, int64_t *bytes, struct err *e);
void errors_kept(struct errors *f, int64_t bytes);

#endif
