/* Building text, and what text is: UTF-8, folding, escaping for where it stands. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/val.h"

#include <stdint.h>

struct arena;

struct str { /* a growing text on an arena; at is NUL-terminated once anything was added */
	struct arena *arena;
	char *at;
	size_t n, cap;
};

struct str str_new(struct arena *a);
void str_add(struct str *s, const char *p, size_t n);
void str_addz(struct str *s, const char *z);
void str_addt(struct str *s, struct text t);
void str_addc(struct str *s, char c);
void str_addi(struct str *s, int64_t n); /* decimal */
void str_addf(struct str *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct text str_text(const struct str *s);

/* Escaping, the name says for where. */
void str_add_html(struct str *s, struct text t); /* text and quoted attributes: & < > " ' */
void str_add_url(struct str *s,
	struct text t); /* one URL argument or path part: RFC 3986 unreserved stay */

void str_add_base64(struct str *s, struct text t); /* RFC 4648, padded */

/* True when t is well-formed UTF-8 without NUL. */
bool text_is_utf8(struct text t);

/* Code points in a well-formed text. */
size_t text_length(struct text t);

/* NFC and full case folding (libunistring), so that equal-looking texts are equal bytes. */
struct text text_fold(struct arena *a, struct text t);

/* The other case, whole Unicode ("straße" to "STRASSE"), no language's special rules. Ill-formed text stays as it is. */
struct text text_upper(struct arena *a, struct text t);
struct text text_lower(struct arena *a, struct text t);

/* Each word with a capital letter. */
struct text text_title(struct arena *a, struct text t);
/* Without accents: decomposed (NFD), combining marks dropped. */
struct text text_without_marks(struct arena *a, struct text t);

/* The first code point of a text that is not empty and its bytes (U+FFFD for what is ill-formed); a code point that is no
 * surrogate as bytes, how many. */
uint32_t text_decode(struct text t, size_t *n);
size_t text_encode(uint32_t c, char out[4]);

/* Without white space (ASCII, no-break space) at both ends; borrowed from t. */
struct text text_trim(struct text t);

/* Cut to at most n bytes at a code point's edge; borrowed. */
struct text text_cut(struct text t, size_t n);

/* The nearest of n names, or NULL when none is near. */
const char *text_nearest(struct text t, const char *const *names, size_t n);

/* Lower-case hex of bytes. */
const char *text_hex(struct arena *a, const void *bytes, size_t n);

/* Base64 (standard or URL alphabet, padding optional). 1 decoded, 0 not base64. */
int text_base64_decode(struct arena *a, struct text t, struct text *out);

#endif
