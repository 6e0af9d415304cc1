/* How a record lies on disk; shared by the two halves of the journal. */
#ifndef JOURNAL_RECORD_H
#define JOURNAL_RECORD_H

#include "base/sign.h"
#include "journal/journal.h"

#define RECORD_MAGIC 0x314a5843u /* "CXJ1" */

struct record_head {
	uint32_t magic, length, crc, zero;
};

/* The CRC covers the length and the bytes, so a torn head is no record either. */
static inline uint32_t
record_crc(uint32_t length, const char *bytes)
{
	return sign_crc(sign_crc(0, &length, sizeof length), bytes, length);
}

static inline struct record_head
record_head(struct text payload)
{
	uint32_t length = (uint32_t)payload.n;
	return (struct record_head){
		RECORD_MAGIC, length, record_crc(length, payload.at), 0};
}

/* Names in a directory are as safe as this makes them. 0 / -1 errno. */
int journal_sync_dir(const char *dir);

#endif
