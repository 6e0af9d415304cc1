/* See template.h. A set owns one box; when the box is spent a new one is made and templates compile again at next use. */
#include "script/template.h"
#include "base/settings.h"
#include "base/time.h"
#include "script/template_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	TEXT_MAX = 1024 * 1024,
	LETTER_OUT_MAX = 2 * 1024 * 1024,
	PAGE_OUT_MAX = 32 * 1024 * 1024
};

struct given_word {
	const char *name;
	box_fn *fn;
	void *obj;
	struct given_word *next;
};

bool
template_name_is(const char *name)
{
	if (*name == '\0' || strlen(name) > 48)
		return false;
	for (const char *p = name; *p != '\0'; p++) {
		bool word = isalnum((unsigned char)*p) || *p == '_' || *p == '-';
		if (!word && (*p != '/' || p == name || p[-1] == '/' || p[1] == '\0'))
			return false;
	}
	return true;
}

static int
l_nil_length(lua_State *L)
{
	lua_pushinteger(L, 0);
	return 1;
}

/* Templates read fields of what is missing: nil has fields, all nil. No __concat: in 5.4.4 luaV_concat goes on with an old
 * pointer when the metamethod's call moves the stack (seen with valgrind). */
static int
l_prepare(lua_State *L)
{
	lua_settop(L, 0);
	lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->lib);
	l_template_words(L);
	lua_pushnil(L);
	lua_createtable(L, 0, 4);
	lua_newtable(L);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, l_nil_length);
	lua_setfield(L, -2, "__len");
	lua_setmetatable(L, -2);
	return 0;
}

static void
box_renew(struct template_set *set)
{
	struct err e;
	box_free(set->box);
	set->box = box_new(set->use, set->settings, 0, 1);
	set->box->owner = set;
	set->generation++;
	must(box_trusted(set->box, l_prepare, NULL, &e) == 0);
	for (const struct given_word *g = set->given; g != NULL; g = g->next)
		box_give(set->box, g->name, g->fn, g->obj);
}

static void
box_ready(struct template_set *set)
{
	bool spent = set->use == BOX_PAGE
			     ? set->box != NULL && set->box->dead != BOX_LIMIT_NONE
			     : set->box != NULL && box_is_spent(set->box);
	if (set->box == NULL || spent)
		box_renew(set);
}

struct template_set *
template_set_new(const char *dir, const struct settings *s, enum box_use use, bool watch)
{
	struct template_set *set = calloc(1, sizeof *set);
	must(set != NULL);
	set->arena = arena_new();
	set->dir = dir != NULL ? arena_text(set->arena, dir, strlen(dir)) : NULL;
	set->settings = s;
	set->use = use;
	set->watch = watch;
	return set;
}

struct template_set *
template_set_letters(const struct settings *s)
{
	return template_set_new(NULL, s, BOX_STEP, false);
}

static void
free_list(struct template *t)
{
	while (t != NULL) {
		struct template *next = t->next;
		arena_free(t->arena);
		free(t);
		t = next;
	}
}

void
template_set_free(struct template_set *set)
{
	if (set == NULL)
		return;
	free_list(set->files);
	free_list(set->letters);
	box_free(set->box);
	arena_free(set->arena);
	free(set);
}

void
template_set_give(struct template_set *set, const char *name, box_fn *fn, void *obj)
{
	struct given_word *g = arena_alloc(set->arena, sizeof *g);
	*g = (struct given_word){.name = name, .fn = fn, .obj = obj, .next = set->given};
	set->given = g;
	if (set->box != NULL)
		box_give(set->box, name, fn, obj);
}

/* [-0, +0, e]  the code of t as a function of the box, at t->ref */
static void
l_compile_code(lua_State *L, struct template *t)
{
	if (l_compile(L, t->code, t->name, "local _ENV, " TEMPLATE_WRITERS " = ...; ",
		    NULL) < 0)
		lua_error(L);
	t->ref = luaL_ref(L, LUA_REGISTRYINDEX);
	t->generation = t->set->generation;
}

static int
template_new(struct template_set *set, struct text text, const char *name,
	enum template_mode mode, struct template **out, struct err *e)
{
	if (text.n > TEXT_MAX)
		return err_set(e, ERR_SIZE, "a template of %zu bytes, at most %d are taken",
			text.n, TEXT_MAX);
	struct template *t = calloc(1, sizeof *t);
	must(t != NULL);
	t->set = set;
	t->arena = arena_new();
	t->name = arena_text(t->arena, name, text_cut(text_of(name), 50).n);
	t->text = (struct text){arena_text(t->arena, text.at, text.n), text.n};
	t->mode = mode;
	*out = t;
	if (template_scan(t, set->box->L, e) == 0)
		return 0;
	arena_free(t->arena);
	free(t);
	*out = NULL;
	return -1;
}

static void
template_free(struct template *t)
{
	if (t->generation == t->set->generation && t->set->box != NULL)
		luaL_unref(t->set->box->L, LUA_REGISTRYINDEX, t->ref);
	arena_free(t->arena);
	free(t);
}

static void
unlink_template(struct template **list, struct template *t)
{
	while (*list != NULL && *list != t)
		list = &(*list)->next;
	if (*list == t)
		*list = t->next;
}

static int
name_in_front(struct err *e, const char *name)
{
	char where[96];
	int line = e->line;
	snprintf(where, sizeof where, line > 0 ? "%s, line %d" : "%s", name, line);
	err_wrap(e, where);
	e->line = line;
	return -1;
}

static int
read_file(struct template_set *set, const char *name, int64_t *changed_us, struct text *out,
	struct err *e)
{
	char path[4096];
	struct stat st;
	if (set->dir == NULL || !template_name_is(name))
		return err_set(e, ERR_BUG, "no template is called %s", name);
	snprintf(path, sizeof path, "%s/%s.html", set->dir, name);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_BUG, "cannot read the template %s: %m", path);
	char *bytes = malloc(TEXT_MAX + 1);
	must(bytes != NULL);
	*out = (struct text){bytes, fread(bytes, 1, TEXT_MAX + 1, f)};
	*changed_us = fstat(fileno(f), &st) == 0
			      ? st.st_mtim.tv_sec * SECOND_US + st.st_mtim.tv_nsec / 1000
			      : 0;
	fclose(f);
	return 0;
}

static bool
is_stale(const struct template *t)
{
	char path[4096];
	struct stat st;
	if (!t->set->watch)
		return false;
	snprintf(path, sizeof path, "%s/%s.html", t->set->dir, t->name);
	return stat(path, &st) == 0 &&
	       st.st_mtim.tv_sec * SECOND_US + st.st_mtim.tv_nsec / 1000 != t->changed_us;
}

static int
file_template(
	struct template_set *set, const char *name, struct template **out, struct err *e)
{
	struct template *t = set->files;
	while (t != NULL && strcmp(t->name, name) != 0)
		t = t->next;
	if (t != NULL && is_stale(t)) {
		unlink_template(&set->files, t);
		template_free(t);
		t = NULL;
	}
	if (t == NULL) {
		struct text text;
		int64_t changed_us;
		if (read_file(set, name, &changed_us, &text, e) < 0)
			return -1;
		int rc = template_new(set, text, name, TEMPLATE_HTML, &t, e);
		free((void *)text.at);
		if (rc < 0)
			return name_in_front(e, name);
		t->changed_us = changed_us;
		t->next = set->files;
		set->files = t;
	}
	*out = t;
	return 0;
}

struct template *
l_template_find(lua_State *L, const char *name)
{
	struct template_set *set = box_of(L)->owner;
	struct template *t;
	struct err e;
	if (file_template(set, name, &t, &e) < 0)
		luaL_error(L, "%s", e.text);
	return t;
}

/* [-1, +0, e]  the environment is on top; a layout is rendered around what t printed */
void
l_template_run(lua_State *L, struct template *t)
{
	struct box *box = box_of(L);
	struct template_set *set = box->owner;
	struct render *r = set->render;
	struct str *out = r->out, body = str_new(out->arena);
	int env = lua_gettop(L);
	if (t->generation != set->generation)
		l_compile_code(L, t);
	if (t->layout != NULL)
		r->out = &body;
	r->current = t;
	lua_rawgeti(L, LUA_REGISTRYINDEX, t->ref);
	lua_pushvalue(L, env);
	l_template_writers(L);
	lua_call(L, 11, 0);
	if (t->layout != NULL) {
		r->out = out;
		l_push_text(L, str_text(&body));
		lua_setfield(L, env, "body");
		if (++r->depth > 16)
			luaL_error(L, "layouts deeper than 16");
		struct template *frame = l_template_find(L, t->layout);
		lua_pushvalue(L, env);
		l_template_run(L, frame);
		r->depth--;
	}
	lua_settop(L, env - 1);
}

static int
l_render(lua_State *L)
{
	struct template *t = lua_touserdata(L, 1);
	struct render *r = t->set->render;
	lua_settop(L, 0);
	l_environment(L); /* env */
	for (size_t i = 0; r->vars != NULL && i < val_len(r->vars); i++) {
		const struct val_pair *p = &r->vars->map->at[i];
		l_push_text(L, p->key);
		l_push(L, &p->val);
		lua_rawset(L, 1);
	}
	l_template_run(L, t);
	return 0;
}

int
template_render(struct template *t, const struct val *vars,
	const struct template_view *view, struct str *out, struct err *e)
{
	struct template_set *set = t->set;
	struct render r = {.current = t, .view = view, .vars = vars, .out = out};
	size_t from = out->n;
	must(vars == NULL || vars->kind == VAL_MAP);
	r.most = out->n + (set->use == BOX_PAGE ? PAGE_OUT_MAX : LETTER_OUT_MAX);
	box_ready(set);
	box_set_now(set->box,
		view != NULL && view->now_us != 0 ? view->now_us : time_now_us(), 1);
	set->render = &r;
	int rc = box_protect(set->box, l_render, t, e);
	set->render = NULL;
	if (rc < 0)
		return name_in_front(e, e->line > 0 ? set->box->where : t->name);
	/* what the writer of a subject typed, too, is one line */
	for (size_t i = from; t->mode == TEMPLATE_SUBJECT && i < out->n; i++)
		if ((unsigned char)out->at[i] < ' ' || out->at[i] == 0x7f)
			out->at[i] = ' ';
	return 0;
}

int
template_page(struct template_set *set, const char *name, const struct val *vars,
	const struct template_view *view, struct str *out, struct err *e)
{
	struct template *t;
	box_ready(set);
	if (file_template(set, name, &t, e) < 0)
		return -1;
	return template_render(t, vars, view, out, e);
}

static int
l_try(lua_State *L)
{
	l_compile_code(L, lua_touserdata(L, 1));
	return 0;
}

int
template_compile(struct template_set *set, struct text text, const char *name,
	enum template_mode mode, struct template **out, struct err *e)
{
	box_ready(set);
	if (template_new(set, text, name, mode, out, e) < 0)
		return e->line > 0 ? name_in_front(e, name) : -1;
	if (box_protect(set->box, l_try, *out, e) < 0) {
		arena_free((*out)->arena);
		free(*out);
		*out = NULL;
		return name_in_front(e, name);
	}
	(*out)->next = set->letters;
	set->letters = *out;
	return 0;
}

void
template_drop(struct template *t)
{
	if (t == NULL)
		return;
	unlink_template(&t->set->letters, t);
	template_free(t);
}

struct val
template_names(struct arena *a, const struct template *t)
{
	return val_copy(a, &t->names);
}
