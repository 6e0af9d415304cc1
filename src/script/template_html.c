/* Where in HTML an expression stands, found at compile time from the literal text around it. A tokenizer after WHATWG HTML 13.2.5,
 * with only the states that matter for escaping. */
#include "script/template_parts.h"

#include <ctype.h>
#include <string.h>

static void
name_add(char *name, size_t size, char c)
{
	size_t n = strlen(name);
	if (n + 1 < size) {
		name[n] = (char)tolower((unsigned char)c);
		name[n + 1] = '\0';
	}
}

static bool
is_any(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static enum html_attr
attr_kind(const char *name)
{
	static const char *const urls[] = {"href", "src", "action", "formaction", "poster",
		"cite", "data", "background", "srcset", "xlink:href", "manifest", "ping",
		"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-push-url",
		"hx-replace-url", "ws-connect", "sse-connect", NULL};
	if (strncmp(name, "on", 2) == 0 || strncmp(name, "hx-on", 5) == 0 ||
		strcmp(name, "hx-vars") == 0)
		return HTML_ATTR_EVENT;
	if (strcmp(name, "style") == 0)
		return HTML_ATTR_STYLE;
	return is_any(name, urls) ? HTML_ATTR_URL : HTML_ATTR_PLAIN;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void
attr_begin(struct html *h, char c)
{
	h->attr[0] = '\0';
	h->state = HTML_ATTR_NAME;
	name_add(h->attr, sizeof h->attr, c);
}

static void
value_begin(struct html *h, enum html_state state)
{
	h->state = state;
	h->kind = attr_kind(h->attr);
	h->value[0] = '\0';
	h->has_variable = h->fixed = false;
}

static void
value_end(struct html *h)
{
	if (strcmp(h->element, "script") == 0 && strcmp(h->attr, "type") == 0)
		h->script_json = !h->has_variable && strstr(h->value, "json") != NULL;
	h->state = HTML_TAG;
}

static void
tag_end(struct html *h)
{
	h->state = HTML_TEXT;
	bool is_raw = strcmp(h->element, "script") == 0 || strcmp(h->element, "style") == 0;
	h->raw = is_raw && !h->is_end;
}

static void
in_value(struct html *h, char c)
{
	if ((h->state == HTML_VALUE_DOUBLE && c == '"') ||
		(h->state == HTML_VALUE_SINGLE && c == '\'')) {
		value_end(h);
		return;
	}
	if (h->state == HTML_VALUE_BARE && (is_space(c) || c == '>')) {
		value_end(h);
		if (c == '>')
			tag_end(h);
		return;
	}
	name_add(h->value, sizeof h->value, c);
	if (c == '/' || c == '?' || c == '#')
		h->fixed = true;
}

static void
in_tag(struct html *h, char c)
{
	if (c == '>')
		tag_end(h);
	else if (!is_space(c) && c != '/')
		attr_begin(h, c);
}

static void
in_attr(struct html *h, char c)
{
	switch (h->state) {
	case HTML_ATTR_NAME:
		if (c == '=')
			h->state = HTML_ATTR_EQUALS;
		else if (c == '>')
			tag_end(h);
		else if (is_space(c))
			h->state = HTML_ATTR_AFTER;
		else if (c == '/')
			h->state = HTML_TAG;
		else
			name_add(h->attr, sizeof h->attr, c);
		break;
	case HTML_ATTR_AFTER:
		if (c == '=')
			h->state = HTML_ATTR_EQUALS;
		else if (!is_space(c))
			in_tag(h, c);
		break;
	default: /* behind = */
		if (c == '"' || c == '\'')
			value_begin(h, c == '"' ? HTML_VALUE_DOUBLE : HTML_VALUE_SINGLE);
		else if (c == '>')
			tag_end(h);
		else if (!is_space(c)) {
			value_begin(h, HTML_VALUE_BARE);
			in_value(h, c);
		}
	}
}

/* In text: does a tag, comment or markup begin at p? How many bytes were taken. */
static size_t
in_text(struct html *h, struct text t)
{
	if (t.at[0] != '<' || t.n < 2)
		return 1;
	bool is_end = t.at[1] == '/';
	if (h->raw) { /* only the end tag of this very element ends it */
		size_t n = strlen(h->element);
		if (!is_end || t.n < n + 2 || strncasecmp(t.at + 2, h->element, n) != 0)
			return 1;
	}
	if (t.n >= 4 && memcmp(t.at, "<!--", 4) == 0) {
		h->state = HTML_COMMENT;
		return 4;
	}
	if (t.at[1] == '!' || t.at[1] == '?') {
		h->state = HTML_MARKUP;
		return 2;
	}
	if (t.n < 2 + (size_t)is_end || !isalpha((unsigned char)t.at[1 + is_end]))
		return 1;
	h->state = HTML_TAG_NAME;
	h->element[0] = '\0';
	h->attr[0] = '\0';
	h->is_end = is_end;
	h->script_json = false;
	return 1 + (size_t)is_end;
}

static void
in_tag_name(struct html *h, char c)
{
	if (c == '>')
		tag_end(h);
	else if (is_space(c) || c == '/')
		h->state = HTML_TAG;
	else
		name_add(h->element, sizeof h->element, c);
}

void
html_advance(struct html *h, struct text t)
{
	for (size_t i = 0; i < t.n;) {
		struct text rest = {t.at + i, t.n - i};
		size_t taken = 1;
		switch (h->state) {
		case HTML_TEXT:
			taken = in_text(h, rest);
			break;
		case HTML_TAG_NAME:
			in_tag_name(h, rest.at[0]);
			break;
		case HTML_TAG:
			in_tag(h, rest.at[0]);
			break;
		case HTML_ATTR_NAME:
		case HTML_ATTR_AFTER:
		case HTML_ATTR_EQUALS:
			in_attr(h, rest.at[0]);
			break;
		case HTML_VALUE_DOUBLE:
		case HTML_VALUE_SINGLE:
		case HTML_VALUE_BARE:
			in_value(h, rest.at[0]);
			break;
		case HTML_COMMENT:
			if (rest.n >= 3 && memcmp(rest.at, "-->", 3) == 0) {
				h->state = HTML_TEXT;
				taken = 3;
			}
			break;
		case HTML_MARKUP:
			if (rest.at[0] == '>')
				h->state = HTML_TEXT;
			break;
		}
		i += taken;
	}
}

/* A URL attribute: what stands in front of the expression decides. */
static const char *
url_writer(struct html *h, const char **why)
{
	static const char *const schemes[] = {
		"http:", "https:", "mailto:", "tel:", "sms:", NULL};
	if (h->fixed)
		return "_h";
	if (h->has_variable)
		return "_q";
	if (h->value[0] == '\0')
		return "_u";
	char *colon = strchr(h->value, ':');
	if (colon == NULL)
		return "_q";
	char scheme[sizeof h->value];
	snprintf(scheme, sizeof scheme, "%.*s", (int)(colon - h->value) + 1, h->value);
	if (is_any(scheme, schemes))
		return "_h";
	*why = "an address with such a beginning takes no expression";
	return NULL;
}

const char *
html_writer(struct html *h, bool raw, const char **why)
{
	const char *writer = NULL;
	switch (h->state) {
	case HTML_TEXT:
		if (!h->raw)
			return raw ? "_r" : "_h";
		if (strcmp(h->element, "script") == 0 && h->script_json && !raw)
			return "_j";
		*why = "inside <style> and <script> nothing is printed, only {{ json(v) }} "
		       "in a script of JSON";
		return NULL;
	case HTML_VALUE_DOUBLE:
	case HTML_VALUE_SINGLE:
		if (h->kind == HTML_ATTR_EVENT)
			*why = "nothing is printed into an event handler";
		else if (raw)
			*why = "nothing raw is printed into an attribute";
		else if (h->kind == HTML_ATTR_STYLE)
			writer = "_c";
		else
			writer = h->kind == HTML_ATTR_URL ? url_writer(h, why) : "_h";
		h->has_variable = true;
		return writer;
	case HTML_ATTR_EQUALS:
	case HTML_VALUE_BARE:
		*why = "put the attribute's value into quotes";
		return NULL;
	case HTML_COMMENT:
	case HTML_MARKUP:
		*why = "nothing is printed into a comment";
		return NULL;
	default:
		*why = "nothing is printed inside a tag but the quoted values of "
		       "attributes";
		return NULL;
	}
}

static enum html_state
coarse(enum html_state s)
{
	return s == HTML_TAG_NAME || s == HTML_ATTR_NAME || s == HTML_ATTR_AFTER ? HTML_TAG
										 : s;
}

bool
html_join(struct html *h, const struct html *other)
{
	bool in_tag = h->state != HTML_TEXT && h->state != HTML_COMMENT &&
		      h->state != HTML_MARKUP;
	if (coarse(h->state) != coarse(other->state) || h->raw != other->raw)
		return false;
	if ((in_tag || h->raw) && strcmp(h->element, other->element) != 0)
		return false;
	bool in_value = h->state == HTML_VALUE_DOUBLE || h->state == HTML_VALUE_SINGLE;
	if (in_value && h->kind != other->kind)
		return false;
	if (h->state != other->state)
		h->state = HTML_TAG;
	h->script_json = h->script_json && other->script_json;
	h->fixed = h->fixed && other->fixed;
	h->has_variable = h->has_variable || other->has_variable;
	if (in_value && strcmp(h->value, other->value) != 0)
		h->has_variable = true;
	return true;
}
