/* Identifiers: what names a person, in the one spelling we compare. */
#ifndef PROFILE_IDENT_H
#define PROFILE_IDENT_H

#include "base/val.h"

struct arena;

/* Numbers are stored. In which order they are trusted is a rule (unify.h). */
enum ident_kind {
	IDENT_NONE,
	IDENT_EXTERNAL,
	IDENT_EMAIL,
	IDENT_PHONE,
	IDENT_ANONYMOUS, /* a device */
	IDENT_CARD,	 /* of a loyalty programme */
	IDENT_TELEGRAM,
	IDENT_VIBER,
	IDENT_WHATSAPP,
	IDENT_VK,
	IDENT_BUILTIN_KINDS, /* behind them those that companies name themselves */
	IDENT_CUSTOM_FIRST = 16,
	IDENT_KINDS = 32
};

struct ident {
	enum ident_kind kind;
	struct text value;
};

enum { IDENT_VALUE_MAX = 254 };

/* The name of a kind as the API writes it: "external_id", "email", "phone", "anonymous_id", "loyalty_card", "telegram", "viber",
 * "whatsapp", "vk"; "custom_16" of one that a company names (unify_ident_name). */
const char *ident_name(enum ident_kind kind);

/* A strong identifier makes a person known; a device alone does not. */
bool ident_is_strong(enum ident_kind kind);

/* Trimmed, in the spelling we compare: e-mail lower case with an ASCII domain (IDNA), phone as E.164 by the company's
 * country ("BY": 8 029 555-01-42 is +375295550142), others as they are. Numbers become their digits.
 * 1 and *out (value on a), or 0: not such an identifier, or one that names nobody ("null", "undefined", "0", "-1", "anonymous"). */
int ident_read(struct arena *a, enum ident_kind kind, const struct val *v,
	const char *country, struct ident *out);

/* A phone, or a part of one, as somebody types it into a search, as it may stand in our spelling: "8 029 555" of BY begins with +37529555.
 * Digits and " -().+" only, three digits at least; else 0. How many parts, texts on a. */
enum { IDENT_PHONE_PARTS = 6 };
struct ident_part {
	struct text digits;
	bool first; /* a number begins with it, else it stands anywhere in one */
};
size_t ident_phone_parts(struct arena *a, struct text t, const char *country,
	struct ident_part out[IDENT_PHONE_PARTS]);

#endif
