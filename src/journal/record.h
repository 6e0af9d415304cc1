/* How a record lies on disk; shared by the two halves of the journal. */
#ifndef JOURNAL_RECORD_H
#define JOURNAL_RECORD_H

#include "journal/journal.h"

#include <zlib.h>

#define RECORD_MAGIC 0x314a5843u /* "CXJ1" */

struct record_head {
	uint32_t magic, length, crc, zero;
};

/* The CRC covers the length and the bytes, so a torn head is no record either. */
static inline uint32_t
record_crc(uint32_t length, const char *bytes)
{
	uLong crc = crc32(0, (const Bytef *)&length, sizeof length);
	return (uint32_t)crc32(crc, (const Bytef *)bytes, length);
}

static inline struct record_head
record_head(struct text payload)
{
	uint32_t length = (uint32_t)payload.n;
	return (struct record_head){
		RECORD_MAGIC, length, record_crc(length, payload.at), 0};
}

#endif
