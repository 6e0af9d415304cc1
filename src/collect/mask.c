/* See mask.h. */
#include "collect/mask.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/url.h"

#include <ctype.h>
#include <string.h>

enum { CARD_LEAST = 15, CARD_MOST = 19, DEPTH_MAX = 8 };

static bool
is_masked(struct arena *a, const struct source_rules *r, struct text name)
{
	struct text plain = text_lower(a, url_decode(a, name));
	/* "user[email]" and "customer_email" tell as much as "email" */
	for (size_t i = 0; i < val_len(&r->mask); i++) {
		struct text m = val_as_text(&r->mask.list->at[i]);
		if (m.n == 0 || plain.n < m.n)
			continue;
		struct text p = plain;
		if (p.at[p.n - 1] == ']' && p.n > m.n)
			p.n--;
		const char *tail = p.at + p.n - m.n;
		if (strncasecmp(tail, m.at, m.n) == 0 &&
			(tail == p.at || strchr("-_.[", tail[-1]) != NULL))
			return true;
	}
	return false;
}

static struct text
mask_parameters(struct arena *a, const struct source_rules *r, struct text url)
{
	struct str s = str_new(a);
	size_t from = 0, i = 0;
	bool any = false;
	while (i < url.n && strchr("?&;#", url.at[i]) == NULL)
		i++;
	while (i < url.n) {
		size_t name = i + 1, equals = name;
		while (equals < url.n && strchr("=&;#?", url.at[equals]) == NULL)
			equals++;
		if (equals >= url.n || url.at[equals] != '=') {
			i = equals;
			continue;
		}
		size_t end = equals + 1;
		while (end < url.n && strchr("&;#", url.at[end]) == NULL)
			end++;
		if (end > equals + 1 &&
			is_masked(a, r, (struct text){url.at + name, equals - name})) {
			str_add(&s, url.at + from, equals + 1 - from);
			str_addc(&s, '*');
			from = end;
			any = true;
		}
		i = end;
	}
	if (!any)
		return url;
	str_add(&s, url.at + from, url.n - from);
	return str_text(&s);
}

struct text
mask_url(struct arena *a, const struct source_rules *r, struct text url)
{
	if (val_len(&r->mask) > 0 && memchr(url.at, '=', url.n) != NULL)
		url = mask_parameters(a, r, url);
	return r->mask_values ? mask_text(a, url) : url;
}

static bool
is_local(unsigned char c)
{
	return isalnum(c) || c >= 0x80 || strchr("._%+-", c) != NULL;
}

/* An e-mail around the @ (or %40) at 'at' of n bytes: where it begins and ends; false when it is none. */
static bool
find_address(struct text t, size_t at, size_t n, size_t *from, size_t *to)
{
	size_t b = at, e = at + n, dot = 0;
	while (b > 0 && is_local((unsigned char)t.at[b - 1]))
		b--;
	while (e < t.n &&
		(isalnum((unsigned char)t.at[e]) || (unsigned char)t.at[e] >= 0x80 ||
			t.at[e] == '-' || t.at[e] == '.')) {
		if (t.at[e] == '.')
			dot = e;
		e++;
	}
	*from = b;
	*to = e;
	return b < at && dot > at + n && e - dot > 2;
}

static bool
is_card(const char *digits, size_t n)
{
	int sum = 0;
	if (n < CARD_LEAST || n > CARD_MOST || strchr("234569", digits[0]) == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		int d = digits[n - 1 - i] - '0';
		if (i % 2 == 1 && (d *= 2) > 9)
			d -= 9;
		sum += d;
	}
	return sum % 10 == 0;
}

/* A card's number from here, with single blanks or dashes in it: its bytes, else 0. */
static size_t
find_card(struct text t, size_t at)
{
	char digits[CARD_MOST + 1];
	size_t n = 0, i = at, end = at;
	if (at > 0 && isdigit((unsigned char)t.at[at - 1]))
		return 0;
	for (; i < t.n && n <= CARD_MOST; i++) {
		if (isdigit((unsigned char)t.at[i])) {
			if (n < CARD_MOST)
				digits[n] = t.at[i];
			n++;
			end = i + 1;
		} else if (i + 1 >= t.n || strchr(" -", t.at[i]) == NULL ||
			   !isdigit((unsigned char)t.at[i + 1]))
			break;
	}
	return n <= CARD_MOST && is_card(digits, n) ? end - at : 0;
}

struct text
mask_text(struct arena *a, struct text t)
{
	struct str s = str_new(a);
	size_t from = 0, b, e;
	bool any = false;
	for (size_t i = 0; i < t.n; i++) {
		size_t mark = t.at[i] == '@'				       ? 1
			      : t.n - i > 3 && memcmp(t.at + i, "%40", 3) == 0 ? 3
									       : 0;
		if (mark > 0 && find_address(t, i, mark, &b, &e) && b >= from)
			;
		else if (isdigit((unsigned char)t.at[i]) && find_card(t, i) > 0) {
			b = i;
			e = i + find_card(t, i);
		} else
			continue;
		str_add(&s, t.at + from, b - from);
		str_addc(&s, '*');
		from = e;
		i = e - 1;
		any = true;
	}
	if (!any)
		return t;
	str_add(&s, t.at + from, t.n - from);
	return str_text(&s);
}

/* --- calls --- */

static bool
is_address_key(struct text key)
{
	static const char *const keys[] = {"url", "path", "referrer", "search", "href",
		"target", "link", "action", "src"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (text_is(key, keys[i]))
			return true;
	return false;
}

static bool
is_wording_key(struct text key)
{
	static const char *const keys[] = {"title", "text", "query", "label", "name"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (text_is(key, keys[i]))
			return true;
	return false;
}

/* A copy with what tells masked; the same value when there is nothing. */
static struct val
masked(struct arena *a, const struct source_rules *r, struct text key, const struct val *v,
	int depth)
{
	if (v->kind == VAL_TEXT) {
		if (is_address_key(key) || memmem(v->text.at, v->text.n, "://", 3) != NULL)
			return val_of(mask_url(a, r, v->text));
		if (r->mask_values && is_wording_key(key))
			return val_of(mask_text(a, v->text));
		return *v;
	}
	if (depth >= DEPTH_MAX || (v->kind != VAL_MAP && v->kind != VAL_LIST))
		return *v;
	struct val out = v->kind == VAL_MAP ? val_map(a) : val_list(a);
	for (size_t i = 0; i < val_len(v); i++)
		if (v->kind == VAL_LIST)
			val_push(a, &out, masked(a, r, key, &v->list->at[i], depth + 1));
		else
			val_put_key(a, &out, v->map->at[i].key,
				masked(a, r, v->map->at[i].key, &v->map->at[i].val,
					depth + 1));
	return out;
}

static void
mask_member(
	struct arena *a, const struct source_rules *r, struct val *map, const char *name)
{
	const struct val *v = val_get(map, name);
	if (v != NULL && v->kind == VAL_MAP)
		val_put(a, map, name, masked(a, r, text_of(name), v, 0));
}

void
mask_context(struct arena *a, const struct source_rules *r, struct val *context)
{
	if (val_len(&r->mask) == 0 && !r->mask_values)
		return;
	mask_member(a, r, context, "page");
	mask_member(a, r, context, "campaign");
	mask_member(a, r, context, "referrer");
}

void
mask_call(struct arena *a, const struct source_rules *r, struct val *item)
{
	const struct val *context = val_get(item, "context"), *name = val_get(item, "name");
	if (val_len(&r->mask) == 0 && !r->mask_values)
		return;
	mask_member(a, r, item, "properties");
	if (name != NULL && name->kind == VAL_TEXT && r->mask_values)
		val_put(a, item, "name", val_of(mask_text(a, name->text)));
	if (context == NULL || context->kind != VAL_MAP)
		return;
	struct val copy = val_map(a);
	for (size_t i = 0; i < val_len(context); i++)
		val_put_key(a, &copy, context->map->at[i].key, context->map->at[i].val);
	mask_context(a, r, &copy);
	val_put(a, item, "context", copy);
}
