/* See agent.h. The file is YAML of one shape: "parsers:" lists of "- regex: '...'" with a few scalars below; that shape is all we read.
 * source: github.com/ua-parser/uap-core, docs/specification.md */
#include "base/agent.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/str.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 8192, NAMES_MAX = 4096, NAME_MAX_BYTES = 60, GROUPS = 10, HEADER_MAX = 500 };

enum section { BROWSER, SYSTEM, DEVICE, SECTIONS, NOWHERE = -1 };

struct parser {
	pcre2_code *code;
	char *replacement; /* "$1 Mobile"; NULL: the first group */
};

struct parsers {
	struct parser *at;
	size_t n, cap;
};

struct slot {
	uint64_t hash;
	struct agent agent;
};

struct agents {
	struct parsers sections[SECTIONS]; /* of devices only those of robots */
	struct dict *names;
	pcre2_match_data *found;
	pcre2_match_context *limits;
	struct slot *slots;
};

/* --- reading the file --- */

struct entry { /* as it is read */
	char *regex, *replacement;
	bool ignore_case;
};

/* 'it''s' or "x": its text, on the heap; NULL when there is none. */
static char *
scalar(const char *z)
{
	while (*z == ' ')
		z++;
	char quote = *z, *out = malloc(strlen(z) + 1), *to = out;
	must(out != NULL);
	if (quote != '\'' && quote != '"') {
		free(out);
		return NULL;
	}
	for (z++; *z != '\0'; z++) {
		if (*z == quote && (quote == '"' || z[1] != '\''))
			break;
		if (*z == quote || (quote == '"' && *z == '\\' && z[1] != '\0'))
			z++;
		*to++ = *z;
	}
	*to = '\0';
	return out;
}

static pcre2_code *
compile(const struct entry *one)
{
	int code;
	size_t at;
	pcre2_code *c = pcre2_compile((PCRE2_SPTR)one->regex, PCRE2_ZERO_TERMINATED,
		one->ignore_case ? PCRE2_CASELESS : 0, &code, &at, NULL);
	if (c != NULL)
		(void)pcre2_jit_compile(c, PCRE2_JIT_COMPLETE); /* without it: slower */
	return c;
}

/* Takes what was read of one entry, and forgets it. */
static void
finish(struct agents *g, enum section where, struct entry *one)
{
	bool wanted = one->regex != NULL && where != NOWHERE &&
		      (where != DEVICE || (one->replacement != NULL &&
						  strcmp(one->replacement, "Spider") == 0));
	pcre2_code *code = wanted ? compile(one) : NULL;
	if (code != NULL) {
		struct parsers *p = &g->sections[where];
		if (p->n == p->cap) {
			p->cap = p->cap > 0 ? p->cap * 2 : 256;
			p->at = realloc(p->at, p->cap * sizeof *p->at);
			must(p->at != NULL);
		}
		p->at[p->n++] = (struct parser){code, one->replacement};
		one->replacement = NULL;
	}
	free(one->regex);
	free(one->replacement);
	*one = (struct entry){NULL, NULL, false};
}

static const char *
behind(const char *line, const char *key)
{
	size_t n = strlen(key);
	return strncmp(line, key, n) == 0 ? line + n : NULL;
}

static void
read_line(struct agents *g, enum section *where, struct entry *one, char *line)
{
	static const char *const heads[SECTIONS] = {
		"user_agent_parsers:", "os_parsers:", "device_parsers:"};
	static const char *const replacements[SECTIONS] = {
		"family_replacement:", "os_replacement:", "device_replacement:"};
	const char *rest;
	line[strcspn(line, "\r\n")] = '\0';
	for (int i = 0; i < SECTIONS; i++)
		if (strcmp(line, heads[i]) == 0) {
			finish(g, *where, one);
			*where = (enum section)i;
			return;
		}
	while (*line == ' ')
		line++;
	if ((rest = behind(line, "- regex:")) != NULL) {
		finish(g, *where, one);
		one->regex = scalar(rest);
	} else if ((rest = behind(line, "regex_flag:")) != NULL)
		one->ignore_case = strchr(rest, 'i') != NULL;
	else if (*where != NOWHERE && (rest = behind(line, replacements[*where])) != NULL) {
		free(one->replacement);
		one->replacement = scalar(rest);
	}
}

int
agent_open(const char *path, struct agents **out, struct err *e)
{
	static const size_t line_max = 16 * 1024;
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_INPUT, "cannot read %s: %m", path);
	struct agents *g = calloc(1, sizeof *g);
	char *line = malloc(line_max);
	must(g != NULL && line != NULL);
	g->names = dict_new();
	g->found = pcre2_match_data_create(GROUPS, NULL);
	g->limits = pcre2_match_context_create(NULL);
	g->slots = calloc(SLOTS, sizeof *g->slots);
	must(g->found != NULL && g->limits != NULL && g->slots != NULL);
	pcre2_set_match_limit(g->limits, 100000);
	struct entry one = {NULL, NULL, false};
	enum section where = NOWHERE;
	while (fgets(line, (int)line_max, f) != NULL)
		read_line(g, &where, &one, line);
	finish(g, where, &one);
	free(line);
	fclose(f);
	if (g->sections[BROWSER].n == 0 || g->sections[SYSTEM].n == 0) {
		agent_close(g);
		return err_set(e, ERR_INPUT, "%s is no regexes.yaml of uap-core", path);
	}
	*out = g;
	return 0;
}

void
agent_close(struct agents *g)
{
	if (g == NULL)
		return;
	for (int s = 0; s < SECTIONS; s++) {
		for (size_t i = 0; i < g->sections[s].n; i++) {
			pcre2_code_free(g->sections[s].at[i].code);
			free(g->sections[s].at[i].replacement);
		}
		free(g->sections[s].at);
	}
	pcre2_match_data_free(g->found);
	pcre2_match_context_free(g->limits);
	dict_free(g->names);
	free(g->slots);
	free(g);
}

/* --- asking --- */

/* A name that stays; strangers choose some of them, so there is an end to it. */
static struct text
intern(struct agents *g, struct text t)
{
	t = text_cut(text_trim(t), NAME_MAX_BYTES);
	if (!text_is_utf8(t))
		return (struct text){"", 0};
	int64_t at = dict_find(g->names, t);
	if (at == DICT_NONE && dict_count(g->names) >= NAMES_MAX)
		return (struct text){"", 0};
	return dict_text(g->names, at != DICT_NONE ? at : dict_put(g->names, t, NULL));
}

/* What a parser that matched calls it: its replacement with $1 to $9 filled in, or the first group. */
static struct text
name_of(struct agents *g, const struct parser *p, struct text header, int groups)
{
	const size_t *at = pcre2_get_ovector_pointer(g->found);
	char out[2 * NAME_MAX_BYTES];
	size_t n = 0;
	const char *from = p->replacement != NULL ? p->replacement : "$1";
	for (; *from != '\0' && n < sizeof out; from++) {
		if (*from != '$' || !isdigit((unsigned char)from[1])) {
			out[n++] = *from;
			continue;
		}
		int group = *++from - '0';
		if (group >= groups || at[2 * group] == PCRE2_UNSET)
			continue;
		size_t size = at[2 * group + 1] - at[2 * group];
		if (size > sizeof out - n)
			size = sizeof out - n;
		memcpy(out + n, header.at + at[2 * group], size);
		n += size;
	}
	return intern(g, text_cut((struct text){out, n}, n));
}

static bool
match(struct agents *g, enum section s, struct text header, struct text *name)
{
	for (size_t i = 0; i < g->sections[s].n; i++) {
		const struct parser *p = &g->sections[s].at[i];
		int groups = pcre2_match(p->code, (PCRE2_SPTR)header.at, header.n, 0, 0,
			g->found, g->limits);
		if (groups > 0) {
			*name = name_of(g, p, header, groups);
			return true;
		}
	}
	return false;
}

static bool
says(struct text header, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n <= header.n; i++)
		if (strncasecmp(header.at + i, word, n) == 0)
			return true;
	return false;
}

/* Programs that call themselves by their name, and browsers nobody sits at. */
static bool
is_program(struct text header)
{
	static const char *const words[] = {"bot/", "bot;", "bot)", "crawler", "spider",
		"headless", "curl/", "wget/", "python-requests", "python-urllib",
		"go-http-client", "okhttp/", "phantomjs", "lighthouse", "scrapy",
		"apache-httpclient", "java/"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (says(header, words[i]))
			return true;
	return false;
}

static const char *
device_of(struct text header)
{
	if (says(header, "ipad") || says(header, "tablet") ||
		(says(header, "android") && !says(header, "mobile")))
		return "tablet";
	if (says(header, "mobi") || says(header, "iphone") || says(header, "ipod") ||
		says(header, "android"))
		return "mobile";
	return "desktop";
}

static struct agent
parse(struct agents *g, struct text header)
{
	struct agent a = {.browser = {"", 0}, .os = {"", 0}};
	struct text ignored;
	a.bot = is_program(header) || (g != NULL && match(g, DEVICE, header, &ignored));
	a.device = a.bot ? "bot" : device_of(header);
	if (g != NULL) {
		match(g, BROWSER, header, &a.browser);
		match(g, SYSTEM, header, &a.os);
	}
	return a;
}

static uint64_t
hash(struct text t)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
	for (size_t i = 0; i < t.n; i++)
		h = (h ^ (unsigned char)t.at[i]) * UINT64_C(1099511628211);
	return h | 1;
}

struct agent
agent_find(struct agents *g, struct text header)
{
	header = text_cut(header, HEADER_MAX);
	if (g == NULL)
		return parse(NULL, header);
	uint64_t h = hash(header);
	struct slot *slot = &g->slots[(h >> 8) % SLOTS];
	if (slot->hash != h)
		*slot = (struct slot){h, parse(g, header)};
	return slot->agent;
}
