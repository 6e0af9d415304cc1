/* See ident.h. Country rules: ITU E.164 numbering plans of BY, RU, KZ, UA, PL. */
#include "profile/ident.h"
#include "base/arena.h"
#include "base/str.h"

#include <idn2.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const names[IDENT_KINDS] = {"", "external_id", "email", "phone",
	"anonymous_id", "loyalty_card", "telegram", "viber", "whatsapp", "vk", "", "", "",
	"", "", "", "custom_16", "custom_17", "custom_18", "custom_19", "custom_20",
	"custom_21", "custom_22", "custom_23", "custom_24", "custom_25", "custom_26",
	"custom_27", "custom_28", "custom_29", "custom_30", "custom_31"};

const char *
ident_name(enum ident_kind kind)
{
	return names[kind];
}

bool
ident_is_strong(enum ident_kind kind)
{
	return kind != IDENT_NONE && kind != IDENT_ANONYMOUS;
}

static bool
names_nobody(struct text t)
{
	static const char *const nobody[] = {"null", "undefined", "none", "nil", "nan",
		"anonymous", "guest", "unknown", "-1", "[object object]"};
	if (strspn(t.at, "0-") >= t.n)
		return true;
	for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
		if (strcasecmp(t.at, nobody[i]) == 0)
			return true;
	return false;
}

static int
read_email(struct arena *a, struct text t, struct text *out)
{
	const char *at = memrchr(t.at, '@', t.n);
	if (at == NULL || at == t.at || at == t.at + t.n - 1)
		return 0;
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.at[i] <= ' ' ||
			strchr("<>,;:\"()[]\\", t.at[i]) != NULL)
			return 0;
	if (memchr(t.at, '@', (size_t)(at - t.at)) != NULL)
		return 0;
	struct text local = text_fold(a, (struct text){t.at, (size_t)(at - t.at)});
	char *domain = NULL;
	const char *unicode = arena_text(a, at + 1, t.n - (size_t)(at + 1 - t.at));
	if (idn2_to_ascii_8z(unicode, &domain, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
		IDN2_OK)
		return 0;
	const char *ascii = arena_printf(a, "%s", domain);
	idn2_free(domain);
	bool dotted = strchr(ascii, '.') != NULL && ascii[0] != '.' &&
		      ascii[strlen(ascii) - 1] != '.';
	for (const char *p = ascii; *p != '\0';
		p++) /* IDNA makes spaces of no-break ones */
		dotted = dotted &&
			 (isalnum((unsigned char)*p) || strchr("-._", *p) != NULL);
	const char *whole = arena_printf(a, "%.*s@%s", (int)local.n, local.at, ascii);
	*out = text_fold(a, text_of(whole));
	return dotted && strstr(ascii, "..") == NULL && out->n <= IDENT_VALUE_MAX;
}

struct plan {
	const char *country, *code; /* calling code */
	const char *trunk;	    /* what is dialled inside before the number */
	size_t national;	    /* digits of a number without code and trunk */
};

static const struct plan plans[] = {
	{"BY", "375", "80", 9},
	{"BY", "375", "0", 9},
	{"RU", "7", "8", 10},
	{"KZ", "7", "8", 10},
	{"UA", "380", "0", 9},
	{"PL", "48", "0", 9},
};

static int
read_phone(struct arena *a, struct text t, const char *country, struct text *out)
{
	struct str digits = str_new(a);
	bool plus = t.n > 0 && t.at[0] == '+';
	for (size_t i = 0; i < t.n; i++) {
		if (isdigit((unsigned char)t.at[i]))
			str_addc(&digits, t.at[i]);
		else if (strchr(" -().+\t", t.at[i]) == NULL)
			return 0;
	}
	struct text d = str_text(&digits);
	if (!plus && text_starts(d, "00")) {
		plus = true;
		d = (struct text){d.at + 2, d.n - 2};
	}
	for (size_t i = 0; !plus && i < sizeof plans / sizeof *plans; i++) {
		const struct plan *p = &plans[i];
		size_t code = strlen(p->code), trunk = strlen(p->trunk);
		if (strcmp(p->country, country) != 0)
			continue;
		if (d.n == code + p->national && text_starts(d, p->code))
			plus = true;
		else if (d.n == trunk + p->national && text_starts(d, p->trunk)) {
			d = text_of(arena_printf(a, "%s%s", p->code, d.at + trunk));
			plus = true;
		} else if (d.n == p->national) {
			d = text_of(arena_printf(a, "%s%s", p->code, d.at));
			plus = true;
		}
	}
	/* a number without a country we know is kept if it is as long as an international one */
	if (d.n < 8 || d.n > 15 || d.at[0] == '0' || (!plus && d.n < 11))
		return 0;
	*out = text_of(arena_printf(a, "+%.*s", (int)d.n, d.at));
	return 1;
}

size_t
ident_phone_parts(struct arena *a, struct text t, const char *country,
	struct ident_part out[IDENT_PHONE_PARTS])
{
	struct str digits = str_new(a);
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++) {
		if (isdigit((unsigned char)t.at[i]))
			str_addc(&digits, t.at[i]);
		else if (strchr(" -().+\t", t.at[i]) == NULL)
			return 0;
	}
	struct text d = str_text(&digits);
	if (d.n < 3 || d.n > 20)
		return 0;
	out[n++] = (struct ident_part){d, false};
	if (text_starts(d, "00") && d.n > 4)
		out[n++] = (struct ident_part){{d.at + 2, d.n - 2}, true};
	for (size_t i = 0; i < sizeof plans / sizeof *plans && n < IDENT_PHONE_PARTS; i++) {
		size_t trunk = strlen(plans[i].trunk);
		if (strcmp(plans[i].country, country) == 0 && d.n > trunk + 1 &&
			text_starts(d, plans[i].trunk))
			out[n++] = (struct ident_part){
				text_of(arena_printf(a, "%s%.*s", plans[i].code,
					(int)(d.n - trunk), d.at + trunk)),
				true};
	}
	return n;
}

int
ident_read(struct arena *a, enum ident_kind kind, const struct val *v, const char *country,
	struct ident *out)
{
	struct text t;
	if (v != NULL && v->kind == VAL_INT)
		t = text_of(arena_printf(a, "%lld", (long long)v->i));
	else if (v != NULL && v->kind == VAL_NUM)
		t = text_of(arena_printf(a, "%.15g", v->n));
	else if (v != NULL && v->kind == VAL_TEXT)
		t = text_trim(v->text);
	else
		return 0;
	t = text_of(text_z(a, t));
	if (t.n == 0 || t.n > IDENT_VALUE_MAX || names_nobody(t))
		return 0;
	*out = (struct ident){kind, t};
	if (kind == IDENT_EMAIL)
		return read_email(a, t, &out->value);
	if (kind == IDENT_PHONE || kind == IDENT_VIBER || kind == IDENT_WHATSAPP)
		return read_phone(a, t, country, &out->value);
	return 1;
}
