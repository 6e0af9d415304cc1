/* See words.h. The file is read, not run: it holds texts only. */
#include "web/words.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/settings.h"
#include "script/format.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct words {
	struct arena *arena;
	struct dict *keys;
	struct val texts; /* by a key's number: a text, or a list of forms */
	const char *language;
};

struct reader {
	struct arena *arena;
	const char *at, *end;
	int line;
};

static void
skip(struct reader *r)
{
	while (r->at < r->end) {
		if (r->end - r->at >= 2 && r->at[0] == '-' && r->at[1] == '-') {
			while (r->at < r->end && *r->at != '\n')
				r->at++;
		} else if (isspace((unsigned char)*r->at)) {
			r->line += *r->at == '\n';
			r->at++;
		} else {
			return;
		}
	}
}

static bool
take(struct reader *r, const char *word)
{
	skip(r);
	size_t n = strlen(word);
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

static bool
take_string(struct reader *r, struct text *out)
{
	if (!take(r, "\""))
		return false;
	struct str s = str_new(r->arena);
	while (r->at < r->end && *r->at != '"' && *r->at != '\n') {
		if (*r->at == '\\' && r->end - r->at > 1) {
			r->at++;
			str_addc(&s, *r->at == 'n' ? '\n' : *r->at);
		} else {
			str_addc(&s, *r->at);
		}
		r->at++;
	}
	*out = str_text(&s);
	return take(r, "\"");
}

static bool
take_key(struct reader *r, struct text *out)
{
	if (take(r, "["))
		return take_string(r, out) && take(r, "]");
	skip(r);
	const char *from = r->at;
	while (r->at < r->end && (isalnum((unsigned char)*r->at) || *r->at == '_'))
		r->at++;
	*out = (struct text){from, (size_t)(r->at - from)};
	return out->n > 0;
}

static bool
take_value(struct reader *r, struct val *out)
{
	struct text t;
	if (!take(r, "{")) {
		if (!take_string(r, &t))
			return false;
		*out = val_of(t);
		return true;
	}
	*out = val_list(r->arena);
	while (!take(r, "}")) {
		if (!take_string(r, &t))
			return false;
		val_push(r->arena, out, val_of(t));
		take(r, ",");
	}
	return val_len(out) > 0;
}

static bool
read_all(struct words *w, struct reader *r)
{
	if (!take(r, "return") || !take(r, "{"))
		return false;
	while (!take(r, "}")) {
		struct text key;
		struct val v;
		bool added;
		if (!take_key(r, &key) || !take(r, "=") || !take_value(r, &v))
			return false;
		dict_put(w->keys, key, &added);
		if (!added)
			return false;
		val_push(w->arena, &w->texts, v);
		take(r, ",");
	}
	skip(r);
	return r->at == r->end;
}

static int
read_file(struct arena *a, const char *path, struct text *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_INPUT, "cannot read %s: %m", path);
	struct str s = str_new(a);
	char part[8192];
	size_t n;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		str_add(&s, part, n);
	fclose(f);
	*out = str_text(&s);
	return 0;
}

int
words_open(
	const struct settings *s, const char *language, struct words **out, struct err *e)
{
	struct arena *a = arena_new();
	struct words *w = arena_alloc(a, sizeof *w);
	w->arena = a;
	w->keys = dict_new();
	w->texts = val_list(a);
	w->language = arena_printf(a, "%s", language);
	const char *path = arena_printf(a, "%s/locale/%s.lua", s->lua_dir, language);
	struct text all;
	int done = read_file(a, path, &all, e);
	if (done == 0) {
		struct reader r = {a, all.at, all.at + all.n, 1};
		if (!read_all(w, &r))
			done = err_set(e, ERR_INPUT,
				"%s:%d: expected key = \"text\" or { \"forms\" }", path,
				r.line);
	}
	if (done < 0) {
		words_close(w);
		return -1;
	}
	*out = w;
	return 0;
}

void
words_close(struct words *w)
{
	if (w == NULL)
		return;
	dict_free(w->keys);
	arena_free(w->arena);
}

const char *
words_language(const struct words *w)
{
	return w->language;
}

bool
words_has(const struct words *w, struct text key)
{
	return dict_find(w->keys, key) != DICT_NONE;
}

const struct val *
words_forms(const struct words *w, struct text key)
{
	int64_t i = dict_find(w->keys, key);
	return i == DICT_NONE ? NULL : &w->texts.list->at[i];
}

static struct text
text_for(const struct words *w, struct text key, const struct val *args)
{
	int64_t i = dict_find(w->keys, key);
	if (i == DICT_NONE)
		return key;
	const struct val *v = &w->texts.list->at[i];
	if (v->kind == VAL_TEXT)
		return v->text;
	size_t forms = val_len(v);
	size_t form = (size_t)format_plural(val_as_int(val_get(args, "n"), 0), w->language);
	return v->list->at[form < forms ? form : forms - 1].text;
}

static void
fill(struct str *s, const struct words *w, const struct val *v)
{
	if (v == NULL)
		return;
	if (v->kind == VAL_TEXT)
		str_addt(s, v->text);
	else if (v->kind == VAL_INT || v->kind == VAL_NUM)
		format_number(s, val_as_num(v, 0), -1, w->language);
}

/* The length of "{name}" at at, 0 when it is something else (a template's {{ }}). */
static size_t
place_length(const char *at, const char *end)
{
	const char *p = at + 1;
	while (p < end && (islower((unsigned char)*p) || *p == '_'))
		p++;
	return p < end && p > at + 1 && *p == '}' ? (size_t)(p - at) + 1 : 0;
}

void
words_say(struct str *s, const struct words *w, struct text key, const struct val *args)
{
	struct text t = text_for(w, key, args);
	const char *at = t.at, *end = t.at + t.n;
	while (at < end) {
		size_t n = *at == '{' ? place_length(at, end) : 0;
		if (n == 0) {
			str_addc(s, *at++);
			continue;
		}
		struct text name = {at + 1, n - 2};
		fill(s, w, val_get_key(args, name));
		at += n;
	}
}

struct text
words_text(struct arena *a, const struct words *w, const char *key, const struct val *args)
{
	struct str s = str_new(a);
	words_say(&s, w, text_of(key), args);
	return str_text(&s);
}
