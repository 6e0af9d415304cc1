/* See alike.h. Letters by their sound after the tables of ICAO 9303 and what people write in practice. */
#include "insight/alike.h"
#include "base/arena.h"
#include "base/sign.h"
#include "base/str.h"
#include "profile/ident.h"

#include <string.h>

enum { NAME_MAX_BYTES = 80 };

static const struct {
	const char *letter, *sound;
} cyrillic[] = {{"а", "a"}, {"б", "b"}, {"в", "v"}, {"г", "g"}, {"ґ", "g"}, {"д", "d"},
	{"е", "e"}, {"ё", "e"}, {"є", "e"}, {"э", "e"}, {"ж", "zh"}, {"з", "z"}, {"и", "i"},
	{"і", "i"}, {"ї", "i"}, {"й", "i"}, {"ы", "i"}, {"к", "k"}, {"л", "l"}, {"м", "m"},
	{"н", "n"}, {"о", "o"}, {"п", "p"}, {"р", "r"}, {"с", "s"}, {"т", "t"}, {"у", "u"},
	{"ў", "u"}, {"ф", "f"}, {"х", "h"}, {"ц", "c"}, {"ч", "ch"}, {"ш", "sh"},
	{"щ", "sh"}, {"ю", "iu"}, {"я", "ia"}, {"ь", ""}, {"ъ", ""}};

/* Spellings of the Latin alphabet that sound the same, longer ones first. */
static const struct {
	const char *from, *to;
} latin[] = {{"shch", "sh"}, {"sch", "sh"}, {"kh", "h"}, {"ts", "c"}, {"tz", "c"},
	{"ph", "f"}, {"ck", "k"}, {"ks", "x"}, {"yu", "iu"}, {"ju", "iu"}, {"ya", "ia"},
	{"ja", "ia"}, {"ye", "e"}, {"je", "e"}, {"yo", "e"}, {"jo", "e"}, {"y", "i"},
	{"j", "i"}, {"w", "v"}, {"q", "k"}};

static void
add_sound(struct str *s, struct text letter)
{
	for (size_t i = 0; i < sizeof cyrillic / sizeof *cyrillic; i++)
		if (text_is(letter, cyrillic[i].letter)) {
			str_addz(s, cyrillic[i].sound);
			return;
		}
	if (letter.n == 1 && letter.at[0] >= 'a' && letter.at[0] <= 'z')
		str_addc(s, letter.at[0]);
}

struct text
alike_sound(struct arena *a, struct text name)
{
	struct text t = text_without_marks(a, text_fold(a, text_cut(name, NAME_MAX_BYTES)));
	struct str spelled = str_new(a), out = str_new(a);
	/* й and ё lose their marks, which is as it should be */
	for (size_t i = 0, n; i < t.n; i += n) {
		text_decode((struct text){t.at + i, t.n - i}, &n);
		add_sound(&spelled, (struct text){t.at + i, n});
	}
	struct text s = str_text(&spelled);
	for (size_t i = 0; i < s.n;) {
		size_t k = 0, used = 1;
		const char *to = NULL;
		for (; k < sizeof latin / sizeof *latin && to == NULL; k++)
			if (text_starts((struct text){s.at + i, s.n - i}, latin[k].from)) {
				to = latin[k].to;
				used = strlen(latin[k].from);
			}
		for (const char *c = to != NULL ? to : (char[]){s.at[i], '\0'}; *c != '\0';
			c++)
			if (out.n == 0 || out.at[out.n - 1] != *c)
				str_addc(&out, *c);
		i += used;
	}
	return str_text(&out);
}

size_t
alike_distance(struct text x, struct text y, size_t most)
{
	size_t rows[3][NAME_MAX_BYTES + 1], *before = rows[0], *last = rows[1],
					    *now = rows[2];
	if (x.n > NAME_MAX_BYTES || y.n > NAME_MAX_BYTES)
		return most + 1;
	for (size_t k = 0; k <= y.n; k++)
		last[k] = before[k] = k;
	for (size_t i = 1; i <= x.n; i++) {
		now[0] = i;
		for (size_t k = 1; k <= y.n; k++) {
			size_t cost = x.at[i - 1] != y.at[k - 1];
			size_t best = last[k - 1] + cost;
			if (last[k] + 1 < best)
				best = last[k] + 1;
			if (now[k - 1] + 1 < best)
				best = now[k - 1] + 1;
			if (i > 1 && k > 1 && x.at[i - 1] == y.at[k - 2] &&
				x.at[i - 2] == y.at[k - 1] && before[k - 2] + 1 < best)
				best = before[k - 2] + 1;
			now[k] = best;
		}
		size_t *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[y.n] <= most ? last[y.n] : most + 1;
}

struct text
alike_address(struct arena *a, struct text email)
{
	static const char *const dotless[] = {"gmail.com", "googlemail.com"};
	struct text t = text_fold(a, text_trim(email));
	const char *at = t.n > 0 ? memrchr(t.at, '@', t.n) : NULL;
	struct str s = str_new(a);
	if (at == NULL)
		return (struct text){"", 0};
	struct text domain = {at + 1, t.n - (size_t)(at + 1 - t.at)};
	bool drops = text_is(domain, dotless[0]) || text_is(domain, dotless[1]);
	for (const char *c = t.at; c < at && *c != '+'; c++)
		if (*c != '.' || !drops)
			str_addc(&s, *c);
	if (s.n == 0)
		return (struct text){"", 0};
	str_addc(&s, '@');
	str_addt(&s, drops ? text_of("gmail.com") : domain);
	return str_text(&s);
}

static struct text
field(const struct val *fields, const char *name)
{
	return text_trim(val_as_text(val_get(fields, name)));
}

static struct text
phone_of(struct arena *a, const struct val *fields, const char *country)
{
	struct ident id;
	return ident_read(a, IDENT_PHONE, val_get(fields, "phone"), country, &id) == 1
		       ? id.value
		       : (struct text){"", 0};
}

/* What a name is looked for by: its consonants at most four, so that a slip in a vowel finds it too. */
static struct text
bones(struct arena *a, struct text sound)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < sound.n && s.n < 4; i++)
		if (i == 0 || strchr("aeiou", sound.at[i]) == NULL)
			str_addc(&s, sound.at[i]);
	return str_text(&s);
}

static void
add_key(struct arena *a, int64_t *keys, size_t *n, const char *kind, struct text x,
	struct text y)
{
	if (x.n == 0 || y.n == 0)
		return;
	keys[(*n)++] = sign_hash64(text_of(
		arena_printf(a, "%s %.*s %.*s", kind, (int)x.n, x.at, (int)y.n, y.at)));
}

size_t
alike_keys(struct arena *a, const struct val *fields, const char *country,
	int64_t keys[ALIKE_KEYS_MAX])
{
	size_t n = 0;
	struct text phone = phone_of(a, fields, country), day = field(fields, "birthday");
	struct text mail = alike_address(a, field(fields, "email"));
	struct text first = alike_sound(a, field(fields, "first_name"));
	struct text last = alike_sound(a, field(fields, "last_name"));
	const char *at = mail.n > 0 ? memchr(mail.at, '@', mail.n) : NULL;
	struct text local = {mail.at, at != NULL ? (size_t)(at - mail.at) : 0};
	add_key(a, keys, &n, "phone", phone, text_of("-"));
	add_key(a, keys, &n, "mail", mail, text_of("-"));
	add_key(a, keys, &n, "day-last", day, bones(a, last));
	add_key(a, keys, &n, "day-first", day, bones(a, first));
	add_key(a, keys, &n, "names", bones(a, first), last);
	add_key(a, keys, &n, "local", local.n >= 4 ? local : (struct text){"", 0},
		bones(a, first));
	return n;
}

struct weighing {
	struct arena *arena;
	struct val *reasons;
	int score;
};

static void
weigh(struct weighing *w, const char *name, const char *how, int points)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "field", val_text(name));
	val_put(w->arena, &one, "how", val_text(how));
	val_push(w->arena, w->reasons, one);
	w->score += points;
}

static void
weigh_name(struct weighing *w, const char *name, const struct val *x, const struct val *y,
	int same, int near, int differs)
{
	struct text s = alike_sound(w->arena, field(x, name)),
		    t = alike_sound(w->arena, field(y, name));
	if (s.n == 0 || t.n == 0)
		return;
	size_t most = s.n >= 7 && t.n >= 7 ? 2 : s.n >= 4 && t.n >= 4 ? 1 : 0;
	size_t far = alike_distance(s, t, most);
	if (far == 0)
		weigh(w, name, "same", same);
	else if (far <= most)
		weigh(w, name, "near", near);
	else
		weigh(w, name, "differs", differs);
}

static void
weigh_plain(struct weighing *w, const char *name, const struct val *x, const struct val *y,
	int same, int differs)
{
	struct text s = text_fold(w->arena, field(x, name)),
		    t = text_fold(w->arena, field(y, name));
	if (s.n == 0 || t.n == 0)
		return;
	if (text_same(s, t))
		weigh(w, name, "same", same);
	else if (differs != 0)
		weigh(w, name, "differs", differs);
}

int
alike_score(struct arena *a, const struct val *x, const struct val *y, const char *country,
	struct val *reasons)
{
	struct weighing w = {.arena = a, .reasons = reasons};
	*reasons = val_list(a);
	struct text px = phone_of(a, x, country), py = phone_of(a, y, country);
	struct text mx = alike_address(a, field(x, "email")),
		    my = alike_address(a, field(y, "email"));
	if (px.n > 0 && text_same(px, py))
		weigh(&w, "phone", "same", 45);
	if (mx.n > 0 && text_same(mx, my))
		weigh(&w, "email",
			text_same(field(x, "email"), field(y, "email")) ? "same" : "near",
			55);
	else if (mx.n > 0 && my.n > 0 && alike_distance(mx, my, 1) <= 1)
		weigh(&w, "email", "near", 25);
	weigh_plain(&w, "birthday", x, y, 30, -40);
	weigh_name(&w, "last_name", x, y, 25, 18, -15);
	weigh_name(&w, "first_name", x, y, 18, 12, -20);
	weigh_name(&w, "middle_name", x, y, 7, 4, -10);
	weigh_plain(&w, "city", x, y, 5, 0);
	weigh_plain(&w, "gender", x, y, 0, -25);
	weigh_plain(&w, "external_id", x, y, 0, -10);
	return w.score < 0 ? 0 : w.score > 100 ? 100 : w.score;
}
