/* See segment_more.h: two to four segments over each other, and the parts of them somebody chose as a rule. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "segment/option.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/segment_more.h"
#include "web/page.h"

enum { SETS = 4, MASKS = 1 << SETS };

/* Where a region of two or of three circles is drawn (viewBox 0 0 460 360): its edge, and where its number stands. */
static const struct shape {
	size_t sets;
	unsigned mask;
	const char *path;
	int x, y;
} shapes[] = {
	{2, 1, "M230 65.1A110 110 0 1 0 230 234.9A110 110 0 0 1 230 65.1Z", 110, 154},
	{2, 2, "M230 65.1A110 110 0 1 1 230 234.9A110 110 0 0 0 230 65.1Z", 350, 154},
	{2, 3, "M230 65.1A110 110 0 0 1 230 234.9A110 110 0 0 1 230 65.1Z", 230, 154},
	{3, 1,
		"M126.1 227.5A105 105 0 1 1 230 47.5A105 105 0 0 0 191.1 145.5A105 105 0 0 "
		"0 126.1 227.5Z",
		118, 112},
	{3, 2,
		"M230 47.5A105 105 0 1 1 333.9 227.5A105 105 0 0 0 268.9 145.5A105 105 0 0 "
		"0 230 47.5Z",
		342, 112},
	{3, 4,
		"M333.9 227.5A105 105 0 1 1 126.1 227.5A105 105 0 0 0 230 212.5A105 105 0 "
		"0 0 333.9 227.5Z",
		230, 304},
	{3, 3,
		"M230 47.5A105 105 0 0 1 268.9 145.5A105 105 0 0 0 191.1 145.5A105 105 0 0 "
		"1 230 47.5Z",
		230, 108},
	{3, 5,
		"M126.1 227.5A105 105 0 0 1 191.1 145.5A105 105 0 0 0 230 212.5A105 105 0 "
		"0 1 126.1 227.5Z",
		167, 206},
	{3, 6,
		"M268.9 145.5A105 105 0 0 1 333.9 227.5A105 105 0 0 1 230 212.5A105 105 0 "
		"0 0 268.9 145.5Z",
		293, 206},
	{3, 7,
		"M191.1 145.5A105 105 0 0 1 268.9 145.5A105 105 0 0 1 230 212.5A105 105 0 "
		"0 1 191.1 145.5Z",
		230, 172},
};

struct sets {
	int64_t ids[SETS];
	struct text names[SETS];
	size_t n;
	bool chosen[MASKS];
};

static struct text
quoted(struct arena *a, struct text name)
{
	struct str s = str_new(a);
	str_addz(&s, "segment \"");
	for (size_t i = 0; i < name.n; i++) {
		if (name.at[i] == '"' || name.at[i] == '\\')
			str_addc(&s, '\\');
		str_addc(&s, name.at[i]);
	}
	str_addc(&s, '"');
	return str_text(&s);
}

/* A product of conditions: of the sets with a bit in care, those with a bit in value are in, the others are out. */
struct product {
	unsigned care, value;
};

/* Whether all it means is chosen; *n how many of what is left it covers. Nobody outside of all sets can be meant. */
static bool
fits(const struct sets *s, struct product p, const bool *left, size_t *n)
{
	*n = 0;
	for (unsigned mask = 0; mask < 1u << s->n; mask++) {
		if ((mask & p.care) != p.value)
			continue;
		if (mask == 0 || !s->chosen[mask])
			return false;
		*n += left[mask];
	}
	return *n > 0;
}

/* The largest product first, of equal ones that with the fewest words. */
static bool
next_product(const struct sets *s, const bool *left, struct product *out)
{
	size_t most = 0, n;
	for (unsigned care = 1; care < 1u << s->n; care++)
		for (unsigned value = 0; value <= care; value++) {
			struct product p = {care, value};
			if ((value & ~care) != 0 || !fits(s, p, left, &n))
				continue;
			if (n > most ||
				(n == most && __builtin_popcount(care) <
						      __builtin_popcount(out->care))) {
				most = n;
				*out = p;
			}
		}
	return most > 0;
}

static void
add_product(struct arena *a, struct str *out, const struct sets *s, struct product p)
{
	bool first = true;
	for (int in = 1; in >= 0; in--) /* who is in, then who is not */
		for (size_t i = 0; i < s->n; i++) {
			if (!(p.care >> i & 1) || (int)(p.value >> i & 1) != in)
				continue;
			str_addz(out, first ? "" : " & ");
			str_addz(out, in ? "" : "~");
			str_addt(out, quoted(a, s->names[i]));
			first = false;
		}
}

/* What was chosen as a rule, or an empty text. */
static struct text
rule_of(struct arena *a, const struct sets *s)
{
	bool left[MASKS];
	struct str out = str_new(a);
	struct product p = {0};
	for (unsigned mask = 0; mask < MASKS; mask++)
		left[mask] = mask > 0 && mask < 1u << s->n && s->chosen[mask];
	for (bool first = true; next_product(s, left, &p); first = false) {
		str_addz(&out, first ? "return " : "\n     | ");
		add_product(a, &out, s, p);
		for (unsigned mask = 0; mask < 1u << s->n; mask++)
			if ((mask & p.care) == p.value)
				left[mask] = false;
	}
	return str_text(&out);
}

/* Segments asked for: s[]=ID, those of the company, each once. r: chosen masks with commas. */
static void
read_sets(struct web *w, const struct val *all, struct sets *s)
{
	const struct val *asked = val_get(&w->request.query, "s");
	struct text r = web_query(w, "r");
	for (size_t i = 0; i < val_len(asked) && s->n < SETS; i++) {
		int64_t id = val_as_int(&asked->list->at[i], 0);
		bool again = false;
		for (size_t k = 0; k < s->n; k++)
			again = again || s->ids[k] == id;
		for (size_t k = 0; k < val_len(all) && !again; k++) {
			const struct val *one = &all->list->at[k];
			if (val_as_int(val_get(one, "id"), 0) != id)
				continue;
			s->names[s->n] = val_as_text(val_get(one, "name"));
			s->ids[s->n++] = id;
		}
	}
	for (size_t i = 0, mask = 0; i <= r.n; i++) {
		bool digit = i < r.n && r.at[i] >= '0' && r.at[i] <= '9';
		mask = digit && mask < MASKS ? mask * 10 + (size_t)(r.at[i] - '0') : mask;
		if (digit)
			continue;
		if (mask > 0 && mask < (size_t)1 << s->n)
			s->chosen[mask] = true;
		mask = 0;
	}
}

/* The page's address with one segment more or less (0: neither) and one region the other way (0: none). */
static const char *
address(struct arena *a, const struct sets *s, int64_t more, int64_t less, unsigned flip)
{
	struct str out = str_new(a);
	const char *between = "?";
	str_addz(&out, "/segments/algebra");
	for (size_t i = 0; i < s->n; i++)
		if (s->ids[i] != less) {
			str_addf(&out, "%ss[]=%lld", between, (long long)s->ids[i]);
			between = "&";
		}
	if (more != 0)
		str_addf(&out, "%ss[]=%lld", between, (long long)more);
	const char *mark = "&r=";
	for (unsigned mask = 1; flip != 0 && mask < 1u << s->n; mask++)
		if (s->chosen[mask] != (mask == flip)) {
			str_addf(&out, "%s%u", mark, mask);
			mark = ",";
		}
	return text_z(a, str_text(&out));
}

/* "Минск · VIP · не Новые" */
static struct text
region_name(struct web *w, const struct sets *s, unsigned mask)
{
	struct str out = str_new(w->arena);
	for (int in = 1; in >= 0; in--)
		for (size_t i = 0; i < s->n; i++) {
			if ((int)(mask >> i & 1) != in)
				continue;
			struct val args = val_map(w->arena);
			val_put(w->arena, &args, "name", val_of(s->names[i]));
			str_addz(&out, str_text(&out).n > 0 ? " · " : "");
			str_addt(&out,
				in ? s->names[i] : page_say(w, T_("algebra.not"), &args));
		}
	return str_text(&out);
}

static const struct shape *
shape_of(size_t sets, unsigned mask)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].sets == sets && shapes[i].mask == mask)
			return &shapes[i];
	return NULL;
}

/* vars.regions, chosen_n: what the engine counted, and where it is drawn. */
static void
put_regions(
	struct web *w, const struct sets *s, const struct val *counted, struct val *vars)
{
	struct val list = val_list(w->arena);
	int64_t chosen = 0;
	for (size_t i = 0; i < val_len(counted); i++) {
		struct val one = val_map(w->arena);
		const struct val *r = &counted->list->at[i];
		unsigned mask = (unsigned)val_as_int(val_get(r, "in"), 0) % MASKS;
		const struct shape *shape = shape_of(s->n, mask);
		val_put(w->arena, &one, "n", *val_get(r, "count"));
		val_put(w->arena, &one, "on", val_bool(s->chosen[mask]));
		val_put(w->arena, &one, "name", val_of(region_name(w, s, mask)));
		val_put(w->arena, &one, "href", val_text(address(w->arena, s, 0, 0, mask)));
		if (shape != NULL) {
			val_put(w->arena, &one, "path", val_text(shape->path));
			val_put(w->arena, &one, "x", val_int(shape->x));
			val_put(w->arena, &one, "y", val_int(shape->y));
		}
		chosen += s->chosen[mask] ? val_as_int(val_get(r, "count"), 0) : 0;
		val_push(w->arena, &list, one);
	}
	val_put(w->arena, vars, "regions", list);
	val_put(w->arena, vars, "chosen_n", val_int(chosen));
}

static int
count(struct web *w, const struct sets *s, struct val *vars, struct err *e)
{
	struct val question = val_map(w->arena), ids = val_list(w->arena), answer;
	for (size_t i = 0; i < s->n; i++)
		val_push(w->arena, &ids, val_id(w->arena, s->ids[i]));
	val_put(w->arena, &question, "what", val_text("algebra"));
	val_put(w->arena, &question, "segments", ids);
	int done = question_ask(w, &question, vars, &answer, e);
	if (done < 1)
		return done;
	put_regions(w, s, val_get(&answer, "regions"), vars);
	for (size_t i = 0; i < s->n; i++)
		val_put(w->arena, &val_get(vars, "sets")->list->at[i], "n",
			val_get(&answer, "sizes")->list->at[i]);
	return 1;
}

/* vars.sets: {id, name, letter, drop}; vars.others: {id, name, size, add}. */
static void
put_sets(struct web *w, const struct sets *s, const struct val *all, struct val *vars)
{
	struct val sets = val_list(w->arena), others = val_list(w->arena);
	for (size_t i = 0; i < s->n; i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "id", val_id(w->arena, s->ids[i]));
		val_put(w->arena, &one, "name", val_of(s->names[i]));
		val_put(w->arena, &one, "drop",
			val_text(address(w->arena, s, 0, s->ids[i], 0)));
		val_push(w->arena, &sets, one);
	}
	for (size_t k = 0; k < val_len(all); k++) {
		struct val *one = &all->list->at[k];
		int64_t id = val_as_int(val_get(one, "id"), 0);
		bool there = !val_is_null(val_get(one, "archived_at_us"));
		for (size_t i = 0; i < s->n; i++)
			there = there || s->ids[i] == id;
		if (there)
			continue;
		val_put(w->arena, one, "add",
			val_text(address(w->arena, s, s->n < SETS ? id : 0, 0, 0)));
		val_push(w->arena, &others, *one);
	}
	val_put(w->arena, vars, "sets", sets);
	val_put(w->arena, vars, "others", others);
	val_put(w->arena, vars, "full", val_bool(s->n == SETS));
}

int
ui_segment_algebra(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), all;
	struct sets s = {0};
	if (segment_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	read_sets(w, &all, &s);
	put_sets(w, &s, &all, &vars);
	if (s.n >= 2 && count(w, &s, &vars, e) < 0)
		return -1;
	val_put(w->arena, &vars, "rule", val_of(rule_of(w->arena, &s)));
	val_put(w->arena, &vars, "here", val_text(address(w->arena, &s, 0, 0, MASKS)));
	return ui_page(w, 200, "segment-algebra", &vars, e);
}
