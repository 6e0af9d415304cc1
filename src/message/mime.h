/* The spelling of letters: header fields and encoded bodies (RFC 5322, 2045, 2047). Nothing that comes in can end a line. */
#ifndef MESSAGE_MIME_H
#define MESSAGE_MIME_H

#include "base/str.h"

/* "Name: value CRLF" of free text: controls become spaces, what is not plain ASCII becomes encoded words, lines stay short. */
void mime_add_text(struct str *s, const char *name, struct text value);

/* The same of text that is ours and already in a header's syntax; a control in it is a bug. */
void mime_add_header(struct str *s, const char *name, struct text value);

/* "Name: "Words" <address> CRLF". */
void mime_add_mailbox(
	struct str *s, const char *name, struct text words, struct text address);

/* "Date: Fri, 21 Nov 2025 19:50:00 +0000 CRLF" */
void mime_add_date(struct str *s, int64_t at_us);

/* Content-Type (charset UTF-8), Content-Transfer-Encoding, an empty line and the text in whichever of quoted-printable and base64 is
 * shorter; lines of at most 76. */
void mime_add_part(struct str *s, const char *type, struct text body);

#endif
