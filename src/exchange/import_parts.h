/* What the imports' files share; nobody else includes this. */
#ifndef EXCHANGE_IMPORT_PARTS_H
#define EXCHANGE_IMPORT_PARTS_H

#include "exchange/import.h"
#include "markup/table.h"

struct seen;

enum act { ACT_FAIL, ACT_SKIP, ACT_INSERT, ACT_UPDATE };

/* A row and what becomes of it. */
struct decided {
	struct table_row in;
	struct row row;
	enum act act;
	int64_t number;	 /* of the row in the file, from 1 */
	int64_t root_id; /* the profile it is about, 0: a new one */
};

/* Keys met so far in this file, each with a hash of what was last said of it: about 40 bytes a key. */
struct seen *seen_new(void);
void seen_free(struct seen *s); /* NULL is fine */
/* A row that was decided before this process knew of it. */
void seen_replay(struct seen *s, const struct mapping *m, const struct row *row);

/* What becomes of n rows (at most DECIDE_MAX), in order: a look-up of all their identifiers at once. Fills act and root_id, takes identifiers of others out
 * of rows, puts lists together. */
enum { DECIDE_MAX = 1000 };
int decide(struct arena *a, struct db *db, int64_t company_id, const struct mapping *m,
	struct seen *seen, struct decided *rows, size_t n, struct err *e);

/* What a file is and what its columns seem to be: fills shape, columns, source and mapping, where they are null. */
int import_look(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *io, struct err *e);

/* The table of an import. */
int import_open(struct arena *a, const struct settings *s, const struct import *im,
	struct table **out, struct err *e);

#endif
