/* What where() reads, found in its text: a superset is safe, a missed field would be a stale segment, so what is not plainly
 * p.name or p["name"] counts as reading everything. */
#include "base/arena.h"
#include "segment/rule_parts.h"

#include <ctype.h>
#include <string.h>

struct token {
	enum { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_SIGN } kind;
	struct text text; /* of a text: without its quotes */
};

struct scanner {
	const char *p, *end;
};

/* Passes over "[==[ … ]==]" at p; false when there is none. */
static bool
long_bracket(struct scanner *s, struct text *inner)
{
	const char *p = s->p + 1;
	size_t level = 0;
	while (p < s->end && *p == '=')
		p++, level++;
	if (s->p >= s->end || *s->p != '[' || p >= s->end || *p != '[')
		return false;
	const char *from = ++p;
	for (; p < s->end; p++) {
		size_t n = 0;
		if (*p != ']')
			continue;
		while (p + 1 + n < s->end && p[1 + n] == '=')
			n++;
		if (n == level && p + 1 + n < s->end && p[1 + n] == ']') {
			*inner = (struct text){from, (size_t)(p - from)};
			s->p = p + n + 2;
			return true;
		}
	}
	*inner = (struct text){from, (size_t)(s->end - from)};
	s->p = s->end;
	return true;
}

static void
skip(struct scanner *s)
{
	struct text ignored;
	for (;;) {
		while (s->p < s->end && isspace((unsigned char)*s->p))
			s->p++;
		if (s->end - s->p < 2 || s->p[0] != '-' || s->p[1] != '-')
			return;
		s->p += 2;
		if (s->p < s->end && *s->p == '[' && long_bracket(s, &ignored))
			continue;
		while (s->p < s->end && *s->p != '\n')
			s->p++;
	}
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct token
next(struct scanner *s)
{
	struct token t = {.kind = TOKEN_END};
	skip(s);
	if (s->p >= s->end)
		return t;
	const char *from = s->p;
	char c = *s->p;
	if (c == '"' || c == '\'') {
		for (s->p++; s->p < s->end && *s->p != c; s->p++)
			if (*s->p == '\\' && s->p + 1 < s->end)
				s->p++;
		t = (struct token){TOKEN_TEXT, {from + 1, (size_t)(s->p - from - 1)}};
		if (s->p < s->end)
			s->p++;
		return t;
	}
	if (c == '[' && long_bracket(s, &t.text)) {
		t.kind = TOKEN_TEXT;
		return t;
	}
	if (isdigit((unsigned char)c)) {
		while (s->p < s->end && (is_name(*s->p) || *s->p == '.'))
			s->p++;
		return (struct token){TOKEN_SIGN, {"0", 1}};
	}
	if (is_name(c)) {
		while (s->p < s->end && is_name(*s->p))
			s->p++;
		return (struct token){TOKEN_WORD, {from, (size_t)(s->p - from)}};
	}
	s->p++;
	while (c == '.' && s->p < s->end && *s->p == '.')
		s->p++; /* ".." joins texts */
	return (struct token){TOKEN_SIGN, {from, (size_t)(s->p - from)}};
}

static void
note(struct arena *a, struct val *list, struct text name)
{
	for (size_t i = 0; i < list->list->n; i++)
		if (text_same(list->list->at[i].text, name))
			return;
	val_push(a, list, val_bytes(arena_text(a, name.at, name.n), name.n));
}

static bool
is_sign(struct token t, const char *sign)
{
	return t.kind == TOKEN_SIGN && text_is(t.text, sign);
}

/* Behind the profile's name: a field, or anything. False when it may be anything. */
static bool
field_behind(struct arena *a, struct scanner *s, struct val *fields)
{
	struct scanner ahead = *s;
	struct token sign = next(&ahead);
	struct token name = next(&ahead);
	if (is_sign(sign, ".") && name.kind == TOKEN_WORD) {
		note(a, fields, name.text);
		*s = ahead;
		return true;
	}
	if (is_sign(sign, "[") && name.kind == TOKEN_TEXT &&
		memchr(name.text.at, '\\', name.text.n) == NULL &&
		is_sign(next(&ahead), "]")) {
		note(a, fields, name.text);
		*s = ahead;
		return true;
	}
	return false;
}

/* Passes over the names of parameters behind "function". */
static void
skip_parameters(struct scanner *s)
{
	struct token t;
	do
		t = next(s);
	while (t.kind != TOKEN_END && !is_sign(t, ")"));
}

static struct text
lines_of(struct text source, int first, int last)
{
	const char *p = source.at, *end = source.at + source.n, *from = source.at;
	for (int line = 1; p < end && line <= last; p++) {
		if (*p != '\n')
			continue;
		line++;
		if (line == first)
			from = p + 1;
	}
	return (struct text){from, (size_t)(p - from)};
}

bool
rule_reads(struct arena *a, struct text source, int first, int last, struct text param,
	struct val *fields)
{
	struct text t = lines_of(source, first, last);
	struct scanner s = {t.at, t.at + t.n};
	bool any = false, after_dot = false;
	if (param.n == 0)
		return false;
	for (struct token k = next(&s); k.kind != TOKEN_END; k = next(&s)) {
		bool own = k.kind == TOKEN_WORD && !after_dot;
		after_dot = is_sign(k, ".") || is_sign(k, ":");
		if (!own)
			continue;
		if (text_is(k.text, "function"))
			skip_parameters(&s);
		else if (text_same(k.text, param))
			any = !field_behind(a, &s, fields) || any;
	}
	return any;
}

void
rule_expression_names(struct arena *a, struct text expression, struct val *names)
{
	static const char *const reserved[] = {"and", "break", "do", "else", "elseif",
		"end", "false", "for", "function", "goto", "if", "in", "local", "nil",
		"not", "or", "repeat", "return", "then", "true", "until", "while"};
	struct scanner s = {expression.at, expression.at + expression.n};
	bool after_dot = false;
	for (struct token k = next(&s); k.kind != TOKEN_END; k = next(&s)) {
		bool own = k.kind == TOKEN_WORD && !after_dot;
		after_dot = is_sign(k, ".") || is_sign(k, ":");
		for (size_t i = 0; own && i < sizeof reserved / sizeof reserved[0]; i++)
			own = !text_is(k.text, reserved[i]);
		if (own)
			note(a, names, k.text);
	}
}

static bool
is_among(struct token t, const char *const *words, size_t n)
{
	for (size_t i = 0; t.kind == TOKEN_WORD && i < n; i++)
		if (text_is(t.text, words[i]))
			return true;
	return false;
}

/* Behind "function": where its end is, and whether it uses words of rules. */
static struct scanner
function_end(struct scanner s, bool *has_words)
{
	static const char *const words[] = {"field", "event", "segment", "campaign",
		"scenario", "known", "reachable", "near", "share", "everyone", "where"};
	static const char *const opens[] = {"function", "if", "do", "repeat"};
	static const char *const closes[] = {"end", "until"};
	int depth = 1;
	*has_words = false;
	while (depth > 0) {
		struct token t = next(&s);
		if (t.kind == TOKEN_END)
			break;
		if (is_among(t, opens, 4))
			depth++;
		else if (is_among(t, closes, 2))
			depth--;
		else if (is_among(t, words, sizeof words / sizeof words[0]))
			*has_words = true;
	}
	return s;
}

/* A literal, or a bare name: something already there. */
static bool
is_plain(struct scanner s)
{
	static const char *const never[] = {"not", "function"};
	struct token first = next(&s), second = next(&s);
	if (first.kind == TOKEN_TEXT || is_sign(first, "0"))
		return true;
	if (first.kind != TOKEN_WORD || is_among(first, never, 2))
		return false;
	if (second.kind == TOKEN_TEXT)
		return false;
	return !is_sign(second, "(") && !is_sign(second, ".") && !is_sign(second, ":") &&
	       !is_sign(second, "[") && !is_sign(second, "{");
}

int
rule_or_line(struct text source)
{
	struct scanner s = {source.at, source.at + source.n};
	for (struct token t = next(&s); t.kind != TOKEN_END; t = next(&s)) {
		bool has_words;
		if (t.kind != TOKEN_WORD)
			continue;
		if (text_is(t.text, "function")) {
			struct scanner end = function_end(s, &has_words);
			if (!has_words)
				s = end;
		} else if (text_is(t.text, "or") && !is_plain(s)) {
			int line = 1;
			for (const char *p = source.at; p < t.text.at; p++)
				line += *p == '\n';
			return line;
		}
	}
	return 0;
}
