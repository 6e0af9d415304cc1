/* Letters as people were sent them: the HTML by its message, packed, until letter_prune. */
#ifndef MESSAGE_LETTER_H
#define MESSAGE_LETTER_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { LETTER_COPY_MAX = 1024 * 1024 };

struct letter_copy {
	int64_t message_id;
	struct text packed;
};

/* The HTML of a letter (shown of struct letter) as it is kept, on a; empty when it takes more than LETTER_COPY_MAX bytes: it is not kept then.
 * cost: about a millisecond for 100 KB, so not within a transaction. */
struct text letter_pack(struct arena *a, struct text html);

/* Keeps n copies of a company, in the caller's transaction; the last one of a message stays. 0 / -1 the store's. */
int letter_keep(struct arena *a, struct db *db, int64_t company_id,
	const struct letter_copy *copies, size_t n, struct err *e);

/* The HTML of a message, on a: 1, 0 none is kept, -1 the store's. Whose message it is, the caller has asked. */
int letter_kept(struct arena *a, struct db *db, int64_t company_id, int64_t message_id,
	struct text *html, struct err *e);

/* Which of n messages have one: is_kept, n entries. 0 / -1 the store's. */
int letter_which(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, bool *is_kept, struct err *e);

/* Those of messages that were made before an instant go. 0 / -1 the store's. */
int letter_prune(struct db *db, int64_t company_id, int64_t before_us, struct err *e);

#endif
