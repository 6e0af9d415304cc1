/* See compose.h. Headers: RFC 5322, 2045, 8058 (one-click unsubscribing), 3834 (Auto-Submitted). */
#include "message/compose.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "message/html.h"
#include "message/mime.h"
#include "message/token.h"
#include "script/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MAX = 500, LINKS_MAX = 500 };

struct kept { /* a compiled template */
	struct kept *next;
	int64_t company_id, id, version;
	struct template *subject, *body;
};

struct room { /* a company's own set: nothing is shared between companies */
	struct room *next;
	int64_t company_id;
	struct template_set *set;
};

struct composer {
	const struct settings *settings;
	struct template_set *ours; /* the footer */
	struct room *rooms;
	struct kept *kept;
	size_t kept_n;
};

struct composer *
composer_new(const struct settings *s)
{
	struct composer *c = calloc(1, sizeof *c);
	must(c != NULL);
	c->settings = s;
	c->ours = template_set_new(s->templates_dir, s, BOX_PAGE, false);
	return c;
}

static void
drop_kept(struct kept *k)
{
	template_drop(k->subject);
	template_drop(k->body);
	free(k);
}

static void
forget_all(struct composer *c)
{
	for (struct kept *k = c->kept, *next; k != NULL; k = next) {
		next = k->next;
		drop_kept(k);
	}
	for (struct room *r = c->rooms, *next; r != NULL; r = next) {
		next = r->next;
		template_set_free(r->set);
		free(r);
	}
	c->kept = NULL;
	c->rooms = NULL;
	c->kept_n = 0;
}

void
composer_free(struct composer *c)
{
	if (c == NULL)
		return;
	forget_all(c);
	template_set_free(c->ours);
	free(c);
}

static struct template_set *
set_of(struct composer *c, int64_t company_id)
{
	for (struct room *r = c->rooms; r != NULL; r = r->next)
		if (r->company_id == company_id)
			return r->set;
	struct room *r = calloc(1, sizeof *r);
	must(r != NULL);
	*r = (struct room){c->rooms, company_id, template_set_letters(c->settings)};
	c->rooms = r;
	return r->set;
}

static int
in_field(struct err *e, const char *field)
{
	snprintf(e->field, sizeof e->field, "%s", field);
	return -1;
}

static int
compile(struct template_set *set, const struct letter_template *t, struct kept *k,
	struct err *e)
{
	if (template_compile(set, text_of(t->subject), t->name, TEMPLATE_SUBJECT,
		    &k->subject, e) < 0)
		return in_field(e, "subject");
	if (template_compile(set, text_of(t->body), t->name, TEMPLATE_HTML, &k->body, e) <
		0) {
		template_drop(k->subject);
		return in_field(e, "body");
	}
	return 0;
}

static int
find_kept(struct composer *c, int64_t company_id, const struct letter_template *t,
	struct kept **out, struct err *e)
{
	for (struct kept **at = &c->kept; *at != NULL; at = &(*at)->next) {
		struct kept *k = *at;
		if (k->company_id != company_id || k->id != t->id)
			continue;
		if (k->version == t->version) {
			*out = k;
			return 0;
		}
		*at = k->next;
		c->kept_n--;
		drop_kept(k);
		break;
	}
	if (c->kept_n >= KEPT_MAX)
		forget_all(c);
	struct kept *k = calloc(1, sizeof *k);
	must(k != NULL);
	k->company_id = company_id;
	k->id = t->id;
	k->version = t->version;
	if (compile(set_of(c, company_id), t, k, e) < 0) {
		free(k);
		return -1;
	}
	k->next = c->kept;
	c->kept = k;
	c->kept_n++;
	*out = k;
	return 0;
}

/* --- what a letter sees --- */

static const char *
language_of(const struct company *company, const struct val *fields)
{
	struct text own = val_as_text(val_get(fields, "language"));
	return text_starts(own, "ru")	? "ru"
	       : text_starts(own, "en") ? "en"
					: company->language;
}

static struct template_view
view_of(const struct company *company, const struct val *fields)
{
	const struct zone *zone = zone_find(val_as_text(val_get(fields, "timezone")));
	if (zone == NULL)
		zone = zone_find(text_of(company->timezone));
	return (struct template_view){.language = language_of(company, fields),
		.zone = zone,
		.currency = company->currency,
		.now_us = time_now_us()};
}

static struct val
variables(struct arena *a, const struct company *company, const struct origin *origin,
	const struct val *fields, struct text vars, const char *unsubscribe_url)
{
	struct val all = val_map(a), us = val_map(a), from = val_map(a), given;
	struct err ignored;
	val_put(a, &us, "name", val_text(company->name));
	val_put(a, &us, "currency", val_text(company->currency));
	val_put(a, &us, "language", val_text(company->language));
	val_put(a, &us, "timezone", val_text(company->timezone));
	val_put(a, &all, "profile", fields->kind == VAL_MAP ? *fields : val_map(a));
	val_put(a, &all, "company", us);
	val_put(a, &all, "unsubscribe_url", val_text(unsubscribe_url));
	val_put(a, &all, "language", val_text(language_of(company, fields)));
	if (origin != NULL && origin->id != 0) {
		val_put(a, &from, "name", val_text(origin->name));
		val_put(a, &from, "id", val_id(a, origin->id));
		val_put(a, &all, origin->kind, from);
	}
	if (vars.n == 0 || json_parse(a, vars, &given, &ignored) < 0)
		given = val_map(a);
	val_put(a, &all, "vars", given);
	return all;
}

static int
render(struct arena *a, const struct kept *k, const struct val *vars,
	const struct template_view *view, struct text *subject, struct text *html,
	struct err *e)
{
	struct str s = str_new(a), h = str_new(a);
	if (template_render(k->subject, vars, view, &s, e) < 0)
		return in_field(e, "subject");
	if (template_render(k->body, vars, view, &h, e) < 0)
		return in_field(e, "body");
	*subject = text_trim(str_text(&s));
	*html = str_text(&h);
	return 0;
}

/* --- links --- */

/* Where the way out leads in a letter that is only looked at. */
static const char *
preview_url(struct arena *a, const struct settings *s)
{
	return arena_printf(a, "%s/u/preview", s->public_url);
}

struct linking {
	const struct composer *composer;
	struct message_token token;
	struct text unsubscribe_url;
	struct link *links;
	size_t n;
};

/* Who looks at a letter that was sent to another does not unsubscribe them. */
static const char *
show_only(struct arena *a, void *obj, struct text url)
{
	const struct linking *l = obj;
	return text_same(url, l->unsubscribe_url) ? preview_url(a, l->composer->settings)
						  : NULL;
}

/* What browsers do with an address as people write it: everything but ASCII is percent-encoded. */
static struct text
spelled(struct arena *a, struct text url)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.at[i];
		if (c <= ' ' || c > '~' || strchr("\"<>`{}", c) != NULL)
			str_addf(&s, "%%%02X", c);
		else
			str_addc(&s, (char)c);
	}
	return str_text(&s);
}

static const char *
track(struct arena *a, void *obj, struct text url)
{
	struct linking *l = obj;
	if (!url_is_web(url) || text_same(url, l->unsubscribe_url) || l->n == LINKS_MAX)
		return NULL;
	url = spelled(a, url);
	if (!url_is_web(url))
		return NULL;
	l->token.link_id = link_id_of(url);
	l->links[l->n++] = (struct link){l->token.link_id, url};
	return message_token_url(
		a, l->composer->settings->public_url, MESSAGE_CLICK, &l->token);
}

static int
add_footer(struct arena *a, struct composer *c, const struct val *vars,
	const struct template_view *view, struct text unsubscribe_url, struct text *html,
	struct err *e)
{
	struct str footer = str_new(a);
	if (html->n > 0 && memmem(html->at, html->n, unsubscribe_url.at, unsubscribe_url.n))
		return 0;
	if (template_page(c->ours, "letter/unsubscribe", vars, view, &footer, e) < 0)
		return -1;
	*html = html_append(a, *html, str_text(&footer));
	return 0;
}

/* --- the letter --- */

static void
add_headers(struct str *s, const struct composer *c, const struct letter_order *o,
	struct text subject, const char *unsubscribe_url)
{
	const struct message *m = o->message;
	struct arena *a = s->arena;
	const char *from = c->settings->mail_from, *domain = strchr(from, '@');
	mime_add_mailbox(s, "From", text_of(o->company->name), text_of(from));
	mime_add_mailbox(s, "To", (struct text){0}, m->address);
	mime_add_text(s, "Subject", subject);
	mime_add_date(s, time_now_us());
	mime_add_header(s, "Message-ID",
		text_of(arena_printf(a, "<%lld.%lld%s>", (long long)m->id,
			(long long)m->company_id, domain != NULL ? domain : "@localhost")));
	mime_add_header(s, "X-Entity-Ref-ID", val_id(a, m->id).text);
	mime_add_header(s, "Feedback-ID",
		text_of(arena_printf(a, "%lld:%s:%lld:cxdp", (long long)m->origin_id,
			o->origin->kind, (long long)m->company_id)));
	mime_add_header(
		s, "Auto-Submitted", text_of(m->transactional ? "auto-generated" : "no"));
	if (!m->transactional) {
		mime_add_header(s, "List-Unsubscribe",
			text_of(arena_printf(a, "<%s>", unsubscribe_url)));
		mime_add_header(
			s, "List-Unsubscribe-Post", text_of("List-Unsubscribe=One-Click"));
	}
}

static struct text
make_mail(struct arena *a, const struct composer *c, const struct letter_order *o,
	struct text subject, struct text html, const char *unsubscribe_url)
{
	struct str s = str_new(a);
	const char *edge = arena_printf(a, "=_%s", sign_token(a, 24));
	add_headers(&s, c, o, subject, unsubscribe_url);
	str_addf(&s,
		"MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n "
		"boundary=\"%s\"\r\n"
		"\r\n--%s\r\n",
		edge, edge);
	mime_add_part(&s, "text/plain", html_plain(a, html));
	str_addf(&s, "\r\n--%s\r\n", edge);
	mime_add_part(&s, "text/html", html);
	str_addf(&s, "\r\n--%s--\r\n", edge);
	return str_text(&s);
}

int
compose_letter(struct arena *a, struct composer *c, const struct letter_order *o,
	struct letter *out, struct err *e)
{
	const struct message *m = o->message;
	const char *url = c->settings->public_url;
	struct message_token token = {.company_id = m->company_id, .message_id = m->id};
	const char *unsubscribe_url = message_token_url(
		a, url, MESSAGE_UNSUBSCRIBE, &token);
	struct template_view view = view_of(o->company, o->fields);
	struct val vars = variables(
		a, o->company, o->origin, o->fields, m->vars, unsubscribe_url);
	struct linking links = {.composer = c,
		.token = token,
		.unsubscribe_url = text_of(unsubscribe_url),
		.links = arena_array(a, LINKS_MAX, sizeof *links.links)};
	struct kept *k;
	struct text html;
	*out = (struct letter){0};
	if (find_kept(c, m->company_id, o->template, &k, e) < 0 ||
		render(a, k, &vars, &view, &out->subject, &html, e) < 0 ||
		(!m->transactional && add_footer(a, c, &vars, &view, links.unsubscribe_url,
					      &html, e) < 0))
		return -1;
	out->shown = html_links(a, html, show_only, &links);
	if (o->tracked) {
		html = html_links(a, html, track, &links);
		html = html_append(a, html,
			text_of(arena_printf(a,
				"<img src=\"%s\" width=\"1\" height=\"1\" alt=\"\" "
				"style=\"display:block\">",
				message_token_url(a, url, MESSAGE_OPEN, &token))));
	}
	out->mail = make_mail(a, c, o, out->subject, html, unsubscribe_url);
	out->links = links.links;
	out->link_n = links.n;
	return 0;
}

int
compose_preview(struct arena *a, const struct settings *s, const struct company *company,
	const struct letter_template *t, const struct val *fields, struct text given,
	struct text *html, struct text *subject, struct err *e)
{
	struct composer *c = composer_new(s);
	struct letter_template one = *t;
	const char *url = preview_url(a, s);
	struct template_view view = view_of(company, fields);
	struct val vars = variables(a, company, NULL, fields, given, url);
	struct kept *k;
	if (one.name == NULL)
		one.name = "letter";
	int rc = find_kept(c, company->id, &one, &k, e);
	if (rc == 0)
		rc = render(a, k, &vars, &view, subject, html, e);
	if (rc == 0)
		rc = add_footer(a, c, &vars, &view, text_of(url), html, e);
	composer_free(c);
	return rc;
}
