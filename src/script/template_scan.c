/* A template's text becomes Lua: literal text is numbered fragments, lines stay where they were, so an error's line is the
 * template's line. */
#include "script/template_parts.h"

#include <ctype.h>
#include <string.h>

enum { BLOCKS_MAX = 64, FRAGMENTS_MAX = 20000, SCOPES_MAX = 256 };

struct block {
	bool is_for, has_else, has_joined;
	int line;
	struct html before, joined;
	size_t scope;
};

struct scan {
	struct template *t;
	lua_State *L;
	struct err *e;
	struct text rest;
	int line;
	struct str code;
	struct html html;
	struct block blocks[BLOCKS_MAX];
	size_t depth;
	struct text scope[SCOPES_MAX]; /* names of locals */
	size_t scope_n;
	size_t fragment_cap;
	bool at_line_start; /* only white space since the last line end */
};

static int
wrong(struct scan *s, const char *what)
{
	err_set(s->e, ERR_INPUT, "%s", what);
	s->e->line = s->line;
	return -1;
}

static int
lines_in(struct text t)
{
	int n = 0;
	for (size_t i = 0; i < t.n; i++)
		n += t.at[i] == '\n';
	return n;
}

static void
fragment(struct scan *s, struct text t)
{
	struct template *p = s->t;
	if (t.n == 0)
		return;
	if (p->fragment_n == s->fragment_cap) {
		size_t cap = s->fragment_cap > 0 ? s->fragment_cap * 2 : 32;
		struct text *more = arena_array(p->arena, cap, sizeof *more);
		if (p->fragment_n > 0)
			memcpy(more, p->fragments, p->fragment_n * sizeof *more);
		p->fragments = more;
		s->fragment_cap = cap;
	}
	p->fragments[p->fragment_n++] = t;
	str_addf(&s->code, "_w(%zu) ", p->fragment_n);
	for (int n = lines_in(t); n > 0; n--)
		str_addc(&s->code, '\n');
	s->line += lines_in(t);
	if (p->mode == TEMPLATE_HTML)
		html_advance(&s->html, t);
}

static bool
is_word(struct text t)
{
	if (t.n == 0 || isdigit((unsigned char)t.at[0]))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (!isalnum((unsigned char)t.at[i]) && t.at[i] != '_')
			return false;
	return t.at[0] != '_' || t.n > 2;
}

static bool
is_known(const struct scan *s, struct text name)
{
	static const char *const reserved[] = {"and", "or", "not", "nil", "true", "false",
		"function", "end", "if", "then", "else", "elseif", "return", "local", "for",
		"in", "do", "while", "repeat", "until", "break", "goto"};
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		if (text_is(name, reserved[i]))
			return true;
	for (size_t i = 0; i < s->scope_n; i++)
		if (text_same(s->scope[i], name))
			return true;
	lua_State *L = s->L;
	lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->lib);
	lua_pushlstring(L, name.at, name.n);
	bool known = lua_rawget(L, -2) != LUA_TNIL;
	lua_pop(L, 2);
	return known;
}

static void
name_found(struct scan *s, struct text path)
{
	struct val *names = &s->t->names;
	const char *dot = memchr(path.at, '.', path.n);
	struct text first = {path.at, dot != NULL ? (size_t)(dot - path.at) : path.n};
	if (is_known(s, first))
		return;
	for (size_t i = 0; i < names->list->n; i++)
		if (text_same(names->list->at[i].text, path))
			return;
	val_push(s->t->arena, names, val_of(path));
}

/* The variables an expression names: paths of words that are no strings, calls, methods or keys. */
static void
names_in(struct scan *s, struct text t)
{
	for (size_t i = 0; i < t.n;) {
		char c = t.at[i];
		if (c == '"' || c == '\'') {
			for (i++; i < t.n && t.at[i] != c; i++)
				i += t.at[i] == '\\';
			i++;
			continue;
		}
		if (!isalpha((unsigned char)c) && c != '_') {
			i++;
			if (isdigit((unsigned char)c) || c == '.' || c == ':')
				while (i < t.n &&
					(isalnum((unsigned char)t.at[i]) || t.at[i] == '_'))
					i++;
			continue;
		}
		size_t from = i, cut = 0;
		for (; i < t.n && (isalnum((unsigned char)t.at[i]) || t.at[i] == '_' ||
					  t.at[i] == '.');
			i++)
			if (t.at[i] == '.') {
				if (i + 1 < t.n && t.at[i + 1] == '.')
					break;
				cut = i;
			}
		size_t to = i, next = i;
		while (next < t.n && t.at[next] == ' ')
			next++;
		bool is_call = next < t.n && (t.at[next] == '(' || t.at[next] == '"');
		bool is_key = next + 1 < t.n && t.at[next] == '=' && t.at[next + 1] != '=';
		if (is_call && cut > from)
			to = cut;
		if (!is_key && (!is_call || cut > from) && to > from)
			name_found(s, (struct text){t.at + from, to - from});
	}
}

/* Is t one Lua expression, alone and between parentheses? */
static int
expression(struct scan *s, struct text t)
{
	lua_State *L = s->L;
	if (memmem(t.at, t.n, "_ENV", 4) != NULL)
		return wrong(s, "the name _ENV is not for templates");
	static const char *const around[][2] = {{"return ", ""}, {"return (", ")"}};
	for (int i = 0; i < 2; i++) {
		const char *code = arena_printf(s->t->arena, "%s%.*s%s", around[i][0],
			(int)t.n, t.at, around[i][1]);
		int rc = luaL_loadbufferx(L, code, strlen(code), "=x", "t");
		if (rc != LUA_OK) {
			const char *message = lua_tostring(L, -1);
			const char *colon = message != NULL ? strstr(message, ": ") : NULL;
			wrong(s, arena_printf(s->t->arena, "\"%.*s\": %s",
					 (int)text_cut(t, 80).n, t.at,
					 colon != NULL ? colon + 2 : "no expression"));
			lua_pop(L, 1);
			return -1;
		}
		lua_pop(L, 1);
	}
	names_in(s, t);
	return 0;
}

/* json(v) inside a script: v alone is what the writer gets. */
static int
json_argument(struct scan *s, struct text *t)
{
	if (!text_starts(*t, "json(") || t->at[t->n - 1] != ')')
		return wrong(s, "inside <script> only {{ json(v) }} is printed");
	*t = (struct text){t->at + 5, t->n - 6};
	return 0;
}

static int
print(struct scan *s, struct text t, bool raw)
{
	const char *why, *writer = raw ? "_r" : "_h";
	t = text_trim(t);
	if (t.n == 0)
		return wrong(s, "{{ }} is empty");
	if (s->t->mode == TEMPLATE_HTML) {
		writer = html_writer(&s->html, raw, &why);
		if (writer == NULL)
			return wrong(s, why);
		if (strcmp(writer, "_j") == 0 && json_argument(s, &t) < 0)
			return -1;
	} else
		writer = "_r";
	if (expression(s, t) < 0)
		return -1;
	str_addf(&s->code, "%s((%.*s)) ", writer, (int)t.n, t.at);
	s->line += lines_in(t);
	return 0;
}

static struct text
take_word(struct text *t)
{
	*t = text_trim(*t);
	size_t n = 0;
	while (n < t->n && (isalnum((unsigned char)t->at[n]) || t->at[n] == '_'))
		n++;
	struct text word = {t->at, n};
	*t = text_trim((struct text){t->at + n, t->n - n});
	return word;
}

static int
take_quoted(struct scan *s, struct text *t, const char **out)
{
	const char *end = t->n > 1 && t->at[0] == '"' ? memchr(t->at + 1, '"', t->n - 1)
						      : NULL;
	if (end == NULL)
		return wrong(s, "expected a name in quotes: \"part/name\"");
	*out = arena_text(s->t->arena, t->at + 1, (size_t)(end - t->at) - 1);
	if (!template_name_is(*out))
		return wrong(
			s, "a template's name is made of letters, digits, - and single /");
	size_t gone = (size_t)(end - t->at) + 1;
	*t = text_trim((struct text){t->at + gone, t->n - gone});
	return 0;
}

static int
declare(struct scan *s, struct text name)
{
	if (!is_word(name))
		return wrong(s, "expected a name");
	if (s->scope_n == SCOPES_MAX)
		return wrong(s, "too many names");
	s->scope[s->scope_n++] = name;
	return 0;
}

static int
open_block(struct scan *s, bool is_for)
{
	if (s->depth == BLOCKS_MAX)
		return wrong(s, "blocks nested deeper than 64");
	s->blocks[s->depth++] = (struct block){
		.is_for = is_for, .line = s->line, .before = s->html, .scope = s->scope_n};
	return 0;
}

static int
branch_ends(struct scan *s, struct block *b)
{
	if (s->t->mode != TEMPLATE_HTML)
		return 0;
	if (b->has_joined && !html_join(&b->joined, &s->html))
		return wrong(s, "the branches end in different places of the HTML");
	if (!b->has_joined)
		b->joined = s->html;
	b->has_joined = true;
	return 0;
}

static int
do_if(struct scan *s, struct text t)
{
	if (expression(s, t) < 0 || open_block(s, false) < 0)
		return -1;
	str_addf(&s->code, "if (%.*s) then ", (int)t.n, t.at);
	return 0;
}

static int
do_else(struct scan *s, struct text t, bool has_condition)
{
	struct block *b = s->depth > 0 ? &s->blocks[s->depth - 1] : NULL;
	if (b == NULL || b->is_for || b->has_else)
		return wrong(s, "this else belongs to no if");
	if (branch_ends(s, b) < 0)
		return -1;
	s->html = b->before;
	s->scope_n = b->scope;
	if (!has_condition) {
		b->has_else = true;
		if (t.n > 0)
			return wrong(s, "nothing stands behind else");
		str_addz(&s->code, "else ");
		return 0;
	}
	if (expression(s, t) < 0)
		return -1;
	str_addf(&s->code, "elseif (%.*s) then ", (int)t.n, t.at);
	return 0;
}

static int
do_for(struct scan *s, struct text t)
{
	struct text first = take_word(&t), second = {"", 0};
	if (t.n > 0 && t.at[0] == ',') {
		t = (struct text){t.at + 1, t.n - 1};
		second = take_word(&t);
	}
	struct text in = take_word(&t);
	if (!text_is(in, "in"))
		return wrong(s, "expected {% for x in list %} or {% for k, v in map %}");
	if (expression(s, t) < 0 || open_block(s, true) < 0 || declare(s, first) < 0)
		return -1;
	if (second.n == 0) {
		str_addf(&s->code, "for _, %.*s in _e((%.*s)) do ", (int)first.n, first.at,
			(int)t.n, t.at);
		return 0;
	}
	str_addf(&s->code, "for %.*s, %.*s in _k((%.*s)) do ", (int)first.n, first.at,
		(int)second.n, second.at, (int)t.n, t.at);
	return declare(s, second);
}

static int
do_end(struct scan *s, struct text t)
{
	if (s->depth == 0)
		return wrong(s, "this end ends nothing");
	if (t.n > 0)
		return wrong(s, "nothing stands behind end");
	struct block *b = &s->blocks[--s->depth];
	if (branch_ends(s, b) < 0)
		return -1;
	if (s->t->mode == TEMPLATE_HTML) {
		if (!b->has_else && !html_join(&b->joined, &b->before))
			return wrong(
				s, "this block does not end where in the HTML it began");
		s->html = b->joined;
	}
	s->scope_n = b->scope;
	str_addz(&s->code, "end ");
	return 0;
}

static int
do_assign(struct scan *s, struct text t, bool is_local)
{
	struct text name = take_word(&t);
	if (!is_word(name) || t.n < 2 || t.at[0] != '=' || t.at[1] == '=')
		return wrong(s, is_local ? "expected {% local x = expression %}"
					 : "expected {% set x = expression %}");
	t = text_trim((struct text){t.at + 1, t.n - 1});
	if (expression(s, t) < 0)
		return -1;
	str_addf(&s->code, "%s%.*s = (%.*s) ", is_local ? "local " : "", (int)name.n,
		name.at, (int)t.n, t.at);
	return declare(s, name);
}

static int
do_include(struct scan *s, struct text t)
{
	const char *name;
	if (take_quoted(s, &t, &name) < 0)
		return -1;
	if (s->t->mode == TEMPLATE_HTML && (s->html.state != HTML_TEXT || s->html.raw))
		return wrong(s, "a part is included in text, not inside a tag");
	str_addf(&s->code, "_i(_ENV, \"%s\"", name);
	if (t.n > 0) {
		struct text with = take_word(&t);
		if (!text_is(with, "with"))
			return wrong(s, "expected {% include \"part/name\" with { … } %}");
		if (expression(s, t) < 0)
			return -1;
		str_addf(&s->code, ", (%.*s)", (int)t.n, t.at);
	}
	str_addz(&s->code, ") ");
	return 0;
}

static int
do_layout(struct scan *s, struct text t)
{
	if (s->t->layout != NULL || s->depth > 0)
		return wrong(s, "one layout, outside of blocks");
	if (take_quoted(s, &t, &s->t->layout) < 0)
		return -1;
	return t.n > 0 ? wrong(s, "nothing stands behind the layout's name") : 0;
}

static int
statement(struct scan *s, struct text t)
{
	int newlines = lines_in(t);
	struct text rest = t, word = take_word(&rest);
	size_t before = s->code.n;
	int rc;
	if (text_is(word, "if"))
		rc = do_if(s, rest);
	else if (text_is(word, "elseif"))
		rc = do_else(s, rest, true);
	else if (text_is(word, "else"))
		rc = do_else(s, rest, false);
	else if (text_is(word, "for"))
		rc = do_for(s, rest);
	else if (text_is(word, "end"))
		rc = do_end(s, rest);
	else if (text_is(word, "local"))
		rc = do_assign(s, rest, true);
	else if (text_is(word, "set"))
		rc = do_assign(s, rest, false);
	else if (text_is(word, "include"))
		rc = do_include(s, rest);
	else if (text_is(word, "layout"))
		rc = do_layout(s, rest);
	else
		rc = wrong(s, "expected if, elseif, else, for, end, local, set, include or "
			      "layout");
	if (rc < 0)
		return -1;
	/* the code has as many line ends as the statement had */
	struct text made = {s->code.at + before, s->code.n - before};
	for (int n = newlines - lines_in(made); n > 0; n--)
		str_addc(&s->code, '\n');
	s->line += newlines;
	return 0;
}

/* A statement or comment alone on its line leaves no line behind: cuts the white space before it, passes over that after it. */
static struct text
stands_alone(struct scan *s, struct text literal, const char *after)
{
	const char *end = s->rest.at + s->rest.n;
	size_t cut = literal.n;
	while (cut > 0 && (literal.at[cut - 1] == ' ' || literal.at[cut - 1] == '\t'))
		cut--;
	bool starts = cut > 0 ? literal.at[cut - 1] == '\n' : s->at_line_start;
	const char *p = after;
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	s->at_line_start = false;
	if (!starts || (p < end && *p != '\n'))
		return literal;
	s->at_line_start = true;
	return (struct text){literal.at, cut};
}

static const char *
find(struct text t, const char *what)
{
	return memmem(t.at, t.n, what, strlen(what));
}

/* The next "{{", "{%" or "{#". */
static const char *
next_mark(struct text t)
{
	for (size_t i = 0; i + 1 < t.n; i++)
		if (t.at[i] == '{' &&
			(t.at[i + 1] == '{' || t.at[i + 1] == '%' || t.at[i + 1] == '#'))
			return t.at + i;
	return NULL;
}

/* Where the expression that begins at t ends: "}}" outside of its strings. */
static const char *
find_close(struct text t, const char *close)
{
	size_t n = strlen(close);
	int braces = 0;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.at[i];
		if (c == '"' || c == '\'') {
			for (i++; i < t.n && t.at[i] != c && t.at[i] != '\n'; i++)
				i += t.at[i] == '\\';
			continue;
		}
		if (braces == 0 && i + n <= t.n && memcmp(t.at + i, close, n) == 0)
			return t.at + i;
		braces += c == '{' ? 1 : c == '}' ? -1 : 0;
	}
	return NULL;
}

static void
skip_line_end(struct scan *s)
{
	size_t n = 0;
	while (n < s->rest.n &&
		(s->rest.at[n] == ' ' || s->rest.at[n] == '\t' || s->rest.at[n] == '\r'))
		n++;
	if (n < s->rest.n && s->rest.at[n] == '\n') {
		n++;
		s->line++;
		str_addc(&s->code, '\n');
	}
	s->rest = (struct text){s->rest.at + n, s->rest.n - n};
}

static int
mark(struct scan *s, struct text literal, const char *at)
{
	bool is_print = at[1] == '{', is_comment = at[1] == '#';
	bool raw = is_print && at + 2 < s->rest.at + s->rest.n && at[2] == '{';
	size_t n = raw ? 3 : 2;
	const char *close = raw ? "}}}" : is_print ? "}}" : is_comment ? "#}" : "%}";
	struct text inner = {at + n, s->rest.n - (size_t)(at + n - s->rest.at)};
	const char *end = is_comment ? find(inner, close) : find_close(inner, close);
	if (end == NULL) {
		s->line += lines_in(literal);
		return wrong(s, arena_printf(s->t->arena, "no %s for this %.*s", close,
					(int)n, at));
	}
	inner.n = (size_t)(end - inner.at);
	const char *after = end + strlen(close);
	bool alone = false;
	if (!is_print) {
		literal = stands_alone(s, literal, after);
		alone = s->at_line_start;
	}
	fragment(s, literal);
	s->rest = (struct text){after, s->rest.n - (size_t)(after - s->rest.at)};
	int rc = 0;
	if (is_comment) {
		for (int lines = lines_in(inner); lines > 0; lines--, s->line++)
			str_addc(&s->code, '\n');
	} else
		rc = is_print ? print(s, inner, raw) : statement(s, inner);
	if (rc == 0 && alone)
		skip_line_end(s);
	s->at_line_start = alone;
	return rc;
}

int
template_scan(struct template *t, lua_State *L, struct err *e)
{
	struct scan *s = arena_alloc(t->arena, sizeof *s);
	*s = (struct scan){
		.t = t, .L = L, .e = e, .rest = t->text, .line = 1, .at_line_start = true};
	s->code = str_new(t->arena);
	t->names = val_list(t->arena);
	if (!text_is_utf8(t->text))
		return wrong(s, "a template is UTF-8 text");
	while (s->rest.n > 0) {
		const char *at = next_mark(s->rest);
		struct text literal = {
			s->rest.at, at != NULL ? (size_t)(at - s->rest.at) : s->rest.n};
		if (at == NULL) {
			fragment(s, literal);
			break;
		}
		if (mark(s, literal, at) < 0)
			return -1;
		if (t->fragment_n > FRAGMENTS_MAX)
			return wrong(s, "too many pieces");
	}
	if (s->depth > 0) {
		s->line = s->blocks[s->depth - 1].line;
		return wrong(s, "no {% end %} for this block");
	}
	if (t->mode == TEMPLATE_HTML && (s->html.state != HTML_TEXT || s->html.raw))
		return wrong(s,
			"the template ends inside a tag, a comment, <style> or <script>");
	str_addc(&s->code, '\n');
	t->code = str_text(&s->code);
	return 0;
}
