/* What one sender has in hand, in a file beside the journal: written before each step that cannot be taken back, read when a
 * sender begins. kill -9 leaves the page cache, so only letters whose text was on its way remain in doubt; after a power
 * failure the leases of the whole batch decide. */
#ifndef MESSAGE_SENDLOG_H
#define MESSAGE_SENDLOG_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct sendlog;
struct settings;

enum sendlog_step {
	SENDLOG_CLAIMED = 1, /* before the claim commits; again when it is composed */
	SENDLOG_COMPOSES,    /* before the template is run */
	SENDLOG_BEGINS,	     /* before a byte of the text can leave */
	SENDLOG_ANSWERED /* the relay's word, code is an enum smtp_result, with SENDLOG_BOUNCED */
};

enum { SENDLOG_BOUNCED = 4 };

struct sendlog_entry {
	int64_t company_id, message_id, fence;
	int32_t step, code;
};

/* Takes the first file journal_dir/send-N.log nobody holds and what a dead sender left in it: one entry a message, the furthest step it
 * got to (entries on a, *n of them). Close with sendlog_close. */
int sendlog_open(struct arena *a, const struct settings *s, struct sendlog **out,
	struct sendlog_entry **left, size_t *n, struct err *e);
void sendlog_close(struct sendlog *log);

/* Appends; the disk being full is -1 ERR_BUSY, and then nothing may be sent. */
int sendlog_add(
	struct sendlog *log, const struct sendlog_entry *entries, size_t n, struct err *e);

/* Everything in it is settled in the store. */
int sendlog_clear(struct sendlog *log, struct err *e);

#endif
