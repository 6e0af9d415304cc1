/* See html.h. A reader of tags, not a parser: what it does not understand it leaves as it is. */
#include "message/html.h"
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct tag {
	struct text name; /* without "<" and "/" */
	bool closes;
	struct text href; /* the value of href as written, empty when there is none */
	size_t end;	  /* index behind ">" */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_name(struct text t, const char *name)
{
	return t.n == strlen(name) && strncasecmp(t.at, name, t.n) == 0;
}

/* One attribute behind i; true when there was one. */
static bool
read_attribute(struct text h, size_t *i, struct text *name, struct text *value)
{
	while (*i < h.n && (is_blank(h.at[*i]) || h.at[*i] == '/'))
		(*i)++;
	size_t from = *i;
	while (*i < h.n && !is_blank(h.at[*i]) && strchr("=>/", h.at[*i]) == NULL)
		(*i)++;
	*name = (struct text){h.at + from, *i - from};
	*value = (struct text){0};
	while (*i < h.n && is_blank(h.at[*i]))
		(*i)++;
	if (*i < h.n && h.at[*i] == '=') {
		(*i)++;
		while (*i < h.n && is_blank(h.at[*i]))
			(*i)++;
		char quote = *i < h.n ? h.at[*i] : '\0';
		if (quote == '"' || quote == '\'') {
			from = ++*i;
			while (*i < h.n && h.at[*i] != quote)
				(*i)++;
			*value = (struct text){h.at + from, *i - from};
			*i += *i < h.n;
		} else {
			from = *i;
			while (*i < h.n && !is_blank(h.at[*i]) && h.at[*i] != '>')
				(*i)++;
			*value = (struct text){h.at + from, *i - from};
		}
		return true;
	}
	return name->n > 0;
}

/* The tag that begins at i, where "<" stands; false when it is none (then it is text). Comments are tags named "!". */
static bool
read_tag(struct text h, size_t i, struct tag *out)
{
	*out = (struct tag){.end = i + 1};
	if (h.n - i >= 4 && memcmp(h.at + i, "<!--", 4) == 0) {
		const char *end = memmem(h.at + i + 4, h.n - i - 4, "-->", 3);
		out->name = (struct text){h.at + i + 1, 1};
		out->end = end != NULL ? (size_t)(end - h.at) + 3 : h.n;
		return true;
	}
	size_t at = i + 1;
	out->closes = at < h.n && h.at[at] == '/';
	at += out->closes;
	size_t from = at;
	if (at == h.n || (!is_letter(h.at[at]) && h.at[at] != '!'))
		return false;
	while (at < h.n && !is_blank(h.at[at]) && h.at[at] != '>' && h.at[at] != '/')
		at++;
	out->name = (struct text){h.at + from, at - from};
	struct text name, value;
	while (at < h.n && h.at[at] != '>') {
		size_t before = at;
		if (read_attribute(h, &at, &name, &value) && is_name(name, "href") &&
			out->href.at == NULL)
			out->href = value;
		if (at == before)
			at++;
	}
	out->end = at < h.n ? at + 1 : h.n;
	return true;
}

static void
add_utf8(struct str *s, unsigned long c)
{
	char b[4];
	if (c < 0x80) {
		str_addc(s, (char)c);
		return;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n; i-- > 1; c >>= 6)
		b[i] = (char)(0x80 | (c & 63));
	b[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | c);
	str_add(s, b, n);
}

/* The entity at i, where "&" stands, decoded; returns the index behind it. */
static size_t
add_entity(struct str *s, struct text h, size_t i)
{
	static const struct {
		const char *name, *text;
	} table[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"},
		{"nbsp", " "}, {"laquo", "\302\253"}, {"raquo", "\302\273"},
		{"mdash", "\342\200\224"}, {"ndash", "\342\200\223"},
		{"hellip", "\342\200\246"}, {"copy", "\302\251"}, {"reg", "\302\256"},
		{"rarr", "\342\206\222"}, {"larr", "\342\206\220"},
		{"euro", "\342\202\254"}, {"shy", ""}, {"zwnj", ""}};
	const char *end = memchr(h.at + i, ';', h.n - i < 12 ? h.n - i : 12);
	if (end == NULL) {
		str_addc(s, '&');
		return i + 1;
	}
	struct text name = {h.at + i + 1, (size_t)(end - h.at) - i - 1};
	size_t behind = (size_t)(end - h.at) + 1;
	if (name.n > 1 && name.at[0] == '#') {
		bool hex = name.at[1] == 'x' || name.at[1] == 'X';
		unsigned long c = strtoul(name.at + (hex ? 2 : 1), NULL, hex ? 16 : 10);
		if (c >= ' ' && c < 0x110000 && (c < 0xd800 || c > 0xdfff))
			add_utf8(s, c);
		return behind;
	}
	for (size_t k = 0; k < sizeof table / sizeof *table; k++)
		if (text_is(name, table[k].name)) {
			str_addz(s, table[k].text);
			return behind;
		}
	str_addc(s, '&');
	return i + 1;
}

static struct text
decoded(struct arena *a, struct text t)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < t.n;) {
		if (t.at[i] == '&')
			i = add_entity(&s, t, i);
		else
			str_addc(&s, t.at[i++]);
	}
	return text_trim(str_text(&s));
}

struct text
html_links(struct arena *a, struct text html, html_link *change, void *obj)
{
	struct str s = str_new(a);
	size_t copied = 0;
	for (size_t i = 0; i < html.n;) {
		struct tag tag;
		if (html.at[i] != '<' || !read_tag(html, i, &tag)) {
			i++;
			continue;
		}
		i = tag.end;
		if (tag.closes || tag.href.n == 0 ||
			(!is_name(tag.name, "a") && !is_name(tag.name, "area")))
			continue;
		const char *url = change(a, obj, decoded(a, tag.href));
		if (url == NULL)
			continue;
		size_t from = (size_t)(tag.href.at - html.at);
		str_add(&s, html.at + copied, from - copied);
		str_add_html(&s, text_of(url));
		copied = from + tag.href.n;
	}
	str_add(&s, html.at + copied, html.n - copied);
	return str_text(&s);
}

struct text
html_append(struct arena *a, struct text html, struct text more)
{
	struct str s = str_new(a);
	size_t at = html.n;
	for (size_t i = html.n; i-- > 0 && at == html.n;)
		if (html.n - i >= 7 && strncasecmp(html.at + i, "</body>", 7) == 0)
			at = i;
	str_add(&s, html.at, at);
	str_addt(&s, more);
	str_add(&s, html.at + at, html.n - at);
	return str_text(&s);
}

/* Ends the line, so that at most that many empty ones stand between two texts. */
static void
end_line(struct str *s, int empty)
{
	int ends = 0;
	while (s->n > 0 && s->at[s->n - 1] == ' ')
		s->n--;
	for (size_t i = s->n; i > 0 && s->at[i - 1] == '\n'; i--)
		ends++;
	for (; s->n > 0 && ends < 1 + empty; ends++)
		str_addc(s, '\n');
}

static bool
is_one_of(struct text name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (is_name(name, *names))
			return true;
	return false;
}

/* The end of an element whose content is no text for readers. */
static size_t
skip_element(struct text h, const struct tag *tag)
{
	size_t n = tag->name.n;
	for (size_t i = tag->end; i + 2 + n < h.n; i++) {
		struct tag end;
		/* only that tag is read: each is read to its end, and some have none */
		if (h.at[i] == '<' && h.at[i + 1] == '/' &&
			strncasecmp(h.at + i + 2, tag->name.at, n) == 0 &&
			(is_blank(h.at[i + 2 + n]) || h.at[i + 2 + n] == '>' ||
				h.at[i + 2 + n] == '/') &&
			read_tag(h, i, &end))
			return end.end;
	}
	return h.n;
}

struct text
html_plain(struct arena *a, struct text h)
{
	static const char *const hidden[] = {"style", "script", "title", "head", NULL};
	static const char *const lines[] = {
		"br", "tr", "li", "div", "table", "ul", "ol", NULL};
	static const char *const blocks[] = {
		"p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", NULL};
	struct str s = str_new(a);
	struct text href = {0};
	size_t href_from = 0;
	for (size_t i = 0; i < h.n;) {
		struct tag tag;
		if (h.at[i] != '<' || !read_tag(h, i, &tag)) {
			bool blank = is_blank(h.at[i]);
			if (h.at[i] == '&')
				i = add_entity(&s, h, i);
			else if (!blank)
				str_addc(&s, h.at[i++]);
			else if (i++,
				s.n > 0 && s.at[s.n - 1] != ' ' && s.at[s.n - 1] != '\n')
				str_addc(&s, ' ');
			continue;
		}
		i = tag.end;
		if (!tag.closes && is_one_of(tag.name, hidden))
			i = skip_element(h, &tag);
		else if (is_one_of(tag.name, lines))
			end_line(&s, 0);
		else if (is_one_of(tag.name, blocks))
			end_line(&s, 1);
		else if (is_name(tag.name, "a") && !tag.closes) {
			href = decoded(a, tag.href);
			href_from = s.n;
		} else if (is_name(tag.name, "a") && href.n > 0 && href.at[0] != '#') {
			if (s.n - href_from != href.n ||
				memcmp(s.at + href_from, href.at, href.n) != 0)
				str_addf(&s, s.n > href_from ? " (%.*s)" : "%.*s",
					(int)href.n, href.at);
			href = (struct text){0};
		}
	}
	end_line(&s, 0);
	return str_text(&s);
}
