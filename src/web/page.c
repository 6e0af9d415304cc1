/* See page.h. */
#include "web/page.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "script/format.h"
#include "script/template.h"
#include "web/web.h"

#include <stdio.h>
#include <string.h>

enum { LANGUAGES = 2 };
static const char *const languages[LANGUAGES] = {"ru", "en"};

struct pages {
	struct arena *arena;
	struct template_set *set;
	struct words *words[LANGUAGES];
	const struct words *now; /* of the page in hand, for t() */
	const struct zone *zone; /* of the page in hand, for when() */
	struct val assets;	 /* logical name to address */
};

/* t("key", {args}) of templates. */
static int
say(struct box *box, struct arena *a, void *obj, const struct val *args, size_t n,
	struct val *result, struct err *e)
{
	struct pages *p = obj;
	if (n == 0 || args[0].kind != VAL_TEXT)
		return err_set(e, ERR_INPUT, "t() wants a key");
	if (!words_has(p->now, args[0].text))
		return err_set(e, ERR_INPUT, "there are no words for \"%.*s\"",
			(int)args[0].text.n, args[0].text.at);
	box_charge(box, 20);
	struct str s = str_new(a);
	words_say(&s, p->now, args[0].text, n > 1 ? &args[1] : NULL);
	*result = val_of(str_text(&s));
	return 0;
}

/* icon("home") or icon("home", "ic-s"): markup of the sprite's picture, printed with {{{ }}}. */
static int
icon(struct box *box, struct arena *a, void *obj, const struct val *args, size_t n,
	struct val *result, struct err *e)
{
	struct pages *p = obj;
	if (n == 0 || args[0].kind != VAL_TEXT)
		return err_set(e, ERR_INPUT, "icon() wants a name");
	box_charge(box, 20);
	struct str s = str_new(a);
	str_addz(&s, "<svg class=\"ic");
	if (n > 1 && args[1].kind == VAL_TEXT) {
		str_addc(&s, ' ');
		str_add_html(&s, args[1].text);
	}
	str_addz(&s, "\" aria-hidden=\"true\"><use href=\"");
	str_add_html(&s, val_as_text(val_get(&p->assets, "icons.svg")));
	str_addz(&s, "#i-");
	str_add_html(&s, args[0].text);
	str_addz(&s, "\"/></svg>");
	*result = val_of(str_text(&s));
	return 0;
}

/* when(us) or when(us, "short"): <time> that the page keeps relative; the exact time without script. Nothing for null or 0. */
static int
when(struct box *box, struct arena *a, void *obj, const struct val *args, size_t n,
	struct val *result, struct err *e)
{
	struct pages *p = obj;
	(void)e;
	int64_t at_us = n > 0 ? val_as_int(&args[0], 0) : 0;
	struct str s = str_new(a);
	box_charge(box, 20);
	if (at_us == 0) {
		*result = val_text("<span class=\"fnt\">\u2014</span>");
		return 0;
	}
	str_addf(&s, "<time datetime=\"%s\" data-rel", time_text(a, at_us));
	if (n > 1 && args[1].kind == VAL_TEXT) {
		str_addz(&s, "=\"");
		str_add_html(&s, args[1].text);
		str_addc(&s, '"');
	}
	str_addc(&s, '>');
	format_time(
		&s, at_us, text_of("d MMMM yyyy, HH:mm"), p->zone, words_language(p->now));
	str_addz(&s, "</time>");
	*result = val_of(str_text(&s));
	return 0;
}

static int
read_manifest(struct pages *p, const struct settings *s, struct err *e)
{
	const char *path = arena_printf(p->arena, "%s/manifest.json", s->assets_dir);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_INPUT, "cannot read %s: %m", path);
	char all[16384];
	size_t n = fread(all, 1, sizeof all, f);
	fclose(f);
	struct val names;
	if (json_parse(p->arena, (struct text){arena_dup(p->arena, all, n), n}, &names, e) <
		0)
		return err_wrap(e, path);
	p->assets = val_map(p->arena);
	for (size_t i = 0; i < val_len(&names); i++) {
		const struct val_pair *pair = &names.map->at[i];
		val_put_key(p->arena, &p->assets, pair->key,
			val_text(arena_printf(
				p->arena, "/assets/%s", val_as_z(p->arena, &pair->val))));
	}
	return 0;
}

int
pages_open(const struct settings *s, struct pages **out, struct err *e)
{
	struct arena *a = arena_new();
	struct pages *p = arena_alloc(a, sizeof *p);
	p->arena = a;
	*out = p;
	for (int i = 0; i < LANGUAGES; i++)
		if (words_open(s, languages[i], &p->words[i], e) < 0)
			return -1;
	if (read_manifest(p, s, e) < 0)
		return -1;
	bool watch = strcmp(s->log_level, "debug") == 0;
	p->set = template_set_new(s->templates_dir, s, BOX_PAGE, watch);
	template_set_give(p->set, "t", say, p);
	template_set_give(p->set, "icon", icon, p);
	template_set_give(p->set, "when", when, p);
	return 0;
}

void
pages_close(struct pages *p)
{
	if (p == NULL)
		return;
	template_set_free(p->set);
	for (int i = 0; i < LANGUAGES; i++)
		words_close(p->words[i]);
	arena_free(p->arena);
}

const struct words *
page_words(struct web *w)
{
	struct text wish = text_of(NULL);
	if (w->session != NULL)
		wish = text_of(w->session->user.language);
	if (wish.n == 0)
		wish = request_cookie(&w->request, "lang");
	if (wish.n == 0)
		wish = request_header(&w->request, "accept-language");
	if (wish.n == 0)
		wish = text_of(w->company.language);
	for (int i = 0; i < LANGUAGES; i++)
		if (text_starts(wish, languages[i]))
			return w->pages->words[i];
	/* neighbours who read Russian rather than English */
	if (text_starts(wish, "be") || text_starts(wish, "uk") || text_starts(wish, "kk"))
		return w->pages->words[0];
	return w->pages->words[1];
}

struct text
page_say(struct web *w, const char *key, const struct val *args)
{
	return words_text(w->arena, page_words(w), key, args);
}

static void
put_text(struct web *w, struct val *map, const char *key, const char *z)
{
	val_put(w->arena, map, key, val_text(z));
}

static struct val
user_of(struct web *w)
{
	const struct user *u = &w->session->user;
	struct val v = val_map(w->arena);
	val_put(w->arena, &v, "id", val_id(w->arena, u->id));
	put_text(w, &v, "email", u->email);
	put_text(w, &v, "name", u->name[0] != '\0' ? u->name : u->email);
	put_text(w, &v, "role", u->role);
	val_put(w->arena, &v, "is_admin", val_bool(user_may(u, RIGHT_COMPANY)));
	return v;
}

static struct val
company_of(struct web *w)
{
	const struct company *c = &w->company;
	struct val v = val_map(w->arena);
	val_put(w->arena, &v, "id", val_id(w->arena, c->id));
	put_text(w, &v, "name", c->name);
	put_text(w, &v, "slug", c->slug);
	put_text(w, &v, "currency", c->currency);
	put_text(w, &v, "country", c->country);
	put_text(w, &v, "timezone", c->timezone);
	return v;
}

static void
put_flash(struct web *w, struct val *vars)
{
	struct text key = request_cookie(&w->request, "flash");
	if (key.n == 0 || request_is_part(&w->request))
		return;
	response_cookie(w, "flash", "", -1);
	if (words_has(page_words(w), key))
		val_put(w->arena, vars, "flash",
			val_of(page_say(w, text_z(w->arena, key), NULL)));
}

static void
put_frame(struct web *w, struct val *vars)
{
	struct arena *a = w->arena;
	put_text(w, vars, "lang", words_language(page_words(w)));
	struct text theme = request_cookie(&w->request, "theme");
	if (text_is(theme, "light") || text_is(theme, "dark"))
		val_put(a, vars, "theme", val_of(theme));
	put_text(w, vars, "zone", w->company.id != 0 ? w->company.timezone : "UTC");
	put_text(w, vars, "csrf",
		w->session != NULL ? w->session->csrf
		: w->half != NULL  ? w->half->csrf
				   : "");
	val_put(a, vars, "path", val_of(w->request.path));
	val_put(a, vars, "now_us", val_int(time_now_us()));
	val_put(a, vars, "part", val_bool(request_is_part(&w->request)));
	val_put(a, vars, "asset", w->pages->assets);
	val_put(a, vars, "demo", val_bool(w->settings->demo));
	if (w->session != NULL)
		val_put(a, vars, "user", user_of(w));
	if (w->company.id != 0)
		val_put(a, vars, "company", company_of(w));
	put_flash(w, vars);
}

static int
render(struct web *w, const char *name, struct val *vars, struct text *out, struct err *e)
{
	put_frame(w, vars);
	w->pages->now = page_words(w);
	const struct zone *zone = NULL;
	if (w->company.id != 0)
		zone = zone_find(text_of(w->company.timezone));
	w->pages->zone = zone != NULL ? zone : zone_utc();
	struct template_view view = {
		.language = words_language(w->pages->now),
		.zone = w->pages->zone,
		.currency = w->company.currency,
		.now_us = time_now_us(),
	};
	struct str s = str_new(w->arena);
	if (template_page(w->pages->set, name, vars, &view, &s, e) < 0) {
		e->code = ERR_BUG; /* a page of ours that does not render is our fault */
		e->field[0] = '\0';
		return -1;
	}
	*out = str_text(&s);
	return 0;
}

int
page_show(struct web *w, int status, const char *name, struct val *vars, struct err *e)
{
	struct text html;
	if (render(w, name, vars, &html, e) < 0)
		return -1;
	response_html(w, status, html);
	return 0;
}

void
page_flash(struct web *w, const char *key)
{
	response_cookie(w, "flash", key, 60);
}
