/* Tokens in letters: which message an open, a click, an unsubscribing belongs to, signed. Reading one asks no store. */
#ifndef MESSAGE_TOKEN_H
#define MESSAGE_TOKEN_H

#include "base/val.h"

struct arena;

enum message_token_kind { MESSAGE_OPEN, MESSAGE_CLICK, MESSAGE_UNSUBSCRIBE };

struct message_token {
	int64_t company_id, message_id, link_id; /* link 0 but for clicks */
};

/* "COMPANY.MESSAGE.MAC", of clicks "COMPANY.MESSAGE.LINK.MAC": letters, digits, "._-"; at most 80 bytes. */
const char *message_token_make(
	struct arena *a, enum message_token_kind kind, const struct message_token *t);

/* 1 ours and of that kind; 0 anything else. A ".gif" at the end is passed over. */
int message_token_read(
	enum message_token_kind kind, struct text token, struct message_token *out);

/* "open" "click" "unsubscribe": as the journal's records and receipts call them. */
const char *message_token_word(enum message_token_kind kind);

/* The whole addresses, PUBLIC_URL/o/TOKEN.gif, /c/TOKEN, /u/TOKEN. */
const char *message_token_url(struct arena *a, const char *public_url,
	enum message_token_kind kind, const struct message_token *t);

#endif
