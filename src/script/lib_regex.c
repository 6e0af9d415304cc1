/* Regular expressions of text.*: PCRE2 under a count of steps that is part of the gas. A pattern costs its compiling once a run,
 * wherever it comes from then, so that a text costs the same in a fresh box and in a used one. */
#include "script/state.h"
#include "base/regex.h"

#include <stdlib.h>
#include <string.h>

enum { MATCHES_MAX = 10000 };

static void
free_regex(void *obj)
{
	regex_free(obj);
}

static struct regex *
l_compile_regex(lua_State *L, struct text pattern)
{
	struct err e;
	struct regex *r;
	if (regex_new(pattern, false, &r, &e) < 0)
		luaL_error(L, "%s", e.text);
	return r;
}

/* A place among the kept patterns that this run has not paid for. */
static struct box_pattern *
unpaid_place(struct box *box)
{
	struct box_pattern *oldest = NULL;
	for (size_t i = 0; i < BOX_PATTERNS; i++) {
		struct box_pattern *p = &box->patterns[i];
		if (p->run != box->runs && (oldest == NULL || p->run < oldest->run))
			oldest = p;
	}
	return oldest;
}

/* A compiled pattern: kept by the box, or (the 17th of a run) until the scratch is given back. */
static struct regex *
l_regex(lua_State *L, struct text pattern)
{
	struct box *box = box_of(L);
	struct box_pattern *found = NULL;
	if (box->paying_run != box->runs) {
		box->paying_run = box->runs;
		box->paid = 0;
	}
	for (size_t i = 0; i < BOX_PATTERNS && found == NULL; i++)
		if (box->patterns[i].regex != NULL &&
			text_same(box->patterns[i].text, pattern))
			found = &box->patterns[i];
	if (found != NULL && found->run == box->runs)
		return found->regex;
	l_charge(L, 200 + pattern.n * 8);
	bool keep = box->paid < BOX_PATTERNS;
	if (found == NULL) {
		struct regex *r = l_compile_regex(L, pattern);
		if (!keep) {
			arena_defer(box->scratch, free_regex, r);
			return r;
		}
		found = unpaid_place(box);
		must(found != NULL);
		char *text = malloc(pattern.n + 1);
		must(text != NULL);
		memcpy(text, pattern.at, pattern.n);
		regex_free(found->regex);
		free((void *)found->text.at);
		found->text = (struct text){text, pattern.n};
		found->regex = r;
		found->run = 0;
	}
	if (keep) {
		found->run = box->runs;
		box->paid++;
	}
	return found->regex;
}

/* One try from a byte on: 1 or 0; raises at a limit. */
static int
l_find_from(lua_State *L, const struct regex *r, struct text t, size_t from,
	struct text groups[REGEX_GROUPS_MAX], size_t *n)
{
	struct err e;
	int64_t steps = REGEX_STEPS_MAX;
	l_charge(L, 40 + (t.n - from) / 8);
	int rc = regex_find(r, t, from, &steps, groups, n, &e);
	l_charge(L, (size_t)steps / 2);
	l_look(L);
	return rc < 0 ? luaL_error(L, "%s", e.text) : rc;
}

static int
l_try(lua_State *L, struct text groups[REGEX_GROUPS_MAX], size_t *n)
{
	struct text t = l_text(L, 1), pattern = l_text(L, 2);
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	int rc = l_find_from(L, l_regex(L, pattern), t, 0, groups, n);
	arena_rewind(box_of(L)->scratch, mark);
	return rc;
}

/* match(s, pattern): its groups, or the whole match where it has none; nil when it does not match */
static int
l_match(lua_State *L)
{
	struct text groups[REGEX_GROUPS_MAX];
	size_t n = 0;
	if (l_try(L, groups, &n) == 0) {
		lua_pushnil(L);
		return 1;
	}
	luaL_checkstack(L, REGEX_GROUPS_MAX, "groups");
	for (size_t i = n > 1; i < n; i++)
		l_push_text(L, groups[i]);
	return (int)(n > 1 ? n - 1 : n);
}

static int
l_matches(lua_State *L)
{
	struct text groups[REGEX_GROUPS_MAX];
	size_t n;
	lua_pushboolean(L, l_try(L, groups, &n));
	return 1;
}

/* Where the search goes on behind a match: an empty one moves a letter on. */
static size_t
behind(struct text t, struct text match, size_t *copied)
{
	size_t end = (size_t)(match.at - t.at) + match.n;
	*copied = end;
	if (match.n > 0)
		return end;
	return end + text_bytes_before((struct text){t.at + end, t.n - end}, 1) +
	       (end == t.n);
}

/* match_all(s, pattern): a list of the matches; a match is a text, or the list of its groups when there are several */
static int
l_match_all(lua_State *L)
{
	struct text t = l_text(L, 1), pattern = l_text(L, 2), groups[REGEX_GROUPS_MAX];
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	const struct regex *r = l_regex(L, pattern);
	size_t n, copied;
	lua_newtable(L);
	lua_Integer count = 0;
	for (size_t at = 0; at <= t.n && l_find_from(L, r, t, at, groups, &n) == 1;
		at = behind(t, groups[0], &copied)) {
		if (++count > MATCHES_MAX)
			return luaL_error(L, "more than %d matches", MATCHES_MAX);
		if (n > 2) {
			lua_createtable(L, (int)n - 1, 0);
			for (size_t i = 1; i < n; i++) {
				l_push_text(L, groups[i]);
				lua_rawseti(L, -2, (lua_Integer)i);
			}
		} else
			l_push_text(L, groups[n - 1]);
		lua_rawseti(L, -2, count);
	}
	arena_rewind(box_of(L)->scratch, mark);
	return 1;
}

/* with's $0 to $9 are the match and its groups, $$ is a dollar. */
static void
l_add_with(lua_State *L, struct str *out, struct text with, const struct text *groups,
	size_t n)
{
	for (size_t i = 0; i < with.n; i++) {
		char c = with.at[i], next = i + 1 < with.n ? with.at[i + 1] : '\0';
		if (c != '$' || (next != '$' && (next < '0' || next > '9'))) {
			str_addc(out, c);
			continue;
		}
		i++;
		if (next == '$')
			str_addc(out, '$');
		else if ((size_t)(next - '0') < n) {
			l_room(L, out->n + groups[next - '0'].n);
			l_charge(L, groups[next - '0'].n / 32);
			str_addt(out, groups[next - '0']);
		}
	}
	l_charge(L, 1 + with.n / 8);
	l_room(L, out->n);
}

/* replace_all(s, pattern, with): every match of a regular expression */
static int
l_replace_all(lua_State *L)
{
	struct text t = l_text(L, 1), pattern = l_text(L, 2), with = l_text(L, 3);
	struct text groups[REGEX_GROUPS_MAX];
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	const struct regex *r = l_regex(L, pattern);
	struct str out = str_new(box_of(L)->scratch);
	size_t n, copied = 0;
	for (size_t at = 0; at <= t.n && l_find_from(L, r, t, at, groups, &n) == 1;) {
		size_t start = (size_t)(groups[0].at - t.at);
		if (start < copied) { /* a look back with \K */
			at = behind(t, (struct text){t.at + copied, 0}, &copied);
			continue;
		}
		str_add(&out, t.at + copied, start - copied);
		l_add_with(L, &out, with, groups, n);
		at = behind(t, groups[0], &copied);
	}
	str_add(&out, t.at + copied, t.n - copied);
	return l_give_text(L, mark, str_text(&out));
}

void
l_lib_regex(lua_State *L)
{
	static const struct lib_word words[] = {
		{"match", l_match},
		{"match_all", l_match_all},
		{"matches", l_matches},
		{"replace_all", l_replace_all},
	};
	l_words(L, words, sizeof words / sizeof words[0]);
}
