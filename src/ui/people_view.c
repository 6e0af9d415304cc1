/* See people_view.h. */
#include "ui/people_view.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "segment/folder.h"
#include "tenant/user_list.h"

enum { SEARCH_BYTES_MAX = 800 };

struct said { /* where the arguments are looked for */
	struct web *w;
	bool of_form;
};

static struct text
get(struct said s, const char *name)
{
	return s.of_form ? web_form(s.w, name) : web_query(s.w, name);
}

static bool
is_said(struct said s, const char *name)
{
	get(s, name);
	return val_get(s.of_form ? &s.w->request.form : &s.w->request.query, name) != NULL;
}

static int
find_folder(struct web *w, struct text typed, struct people_view *v, struct err *e)
{
	struct val id = val_of(typed);
	if (typed.n == 0)
		return 0;
	v->folder_id = val_as_int(&id, -1);
	if (web_found(folder_by_id(w->arena, w->db, w->company.id, w->session->user.id,
			      v->folder_id, &v->folder, e),
		    e) < 0)
		return -1;
	v->may_change = val_as_int(val_get(&v->folder, "user_id"), 0) ==
				w->session->user.id ||
			user_may(&w->session->user, RIGHT_COMPANY);
	return 0;
}

int
people_view_read(struct web *w, bool of_form, struct people_view *v, struct err *e)
{
	struct said s = {w, of_form};
	struct text kept_sort;
	*v = (struct people_view){.folder = val_null(), .cursor = get(s, "cursor")};
	if (find_folder(w, get(s, "folder"), v, e) < 0 ||
		user_list_get(w->arena, w->db, w->company.id, w->session->user.id,
			PEOPLE_LIST, &v->columns, &kept_sort, e) < 0)
		return -1;
	struct text rule = val_as_text(val_get(&v->folder, "rule")),
		    search = val_as_text(val_get(&v->folder, "search")),
		    sort = val_as_text(val_get(&v->folder, "sort"));
	bool all = val_as_bool(val_get(&v->folder, "all"), false);
	bool own = v->folder_id == 0 || is_said(s, "rule") || is_said(s, "q") ||
		   is_said(s, "all");
	v->rule = own ? get(s, "rule") : rule;
	v->search = text_cut(own ? get(s, "q") : search, SEARCH_BYTES_MAX);
	v->all = own ? get(s, "all").n > 0 : all;
	v->sort = get(s, "sort");
	if (v->sort.n == 0)
		v->sort = sort.n > 0	    ? sort
			  : kept_sort.n > 0 ? kept_sort
					    : text_of(USUAL_ORDER);
	v->changed = v->folder_id != 0 &&
		     (!text_same(v->rule, rule) || !text_same(v->search, search) ||
			     v->all != all || (sort.n > 0 && !text_same(v->sort, sort)));
	return 0;
}

struct text
people_view_rule(const struct people_view *v)
{
	return v->rule.n == 0 && v->all ? text_of("return everyone()") : v->rule;
}

static void
add_argument(struct str *s, const char *name, struct text value)
{
	str_addf(s, "%s=", name);
	str_add_url(s, value);
	str_addc(s, '&');
}

static struct str
address_begun(struct arena *a, const struct people_view *v, const char *path)
{
	struct str s = str_new(a);
	str_addf(&s, "%s?", path);
	if (v->folder_id != 0)
		str_addf(&s, "folder=%lld&", (long long)v->folder_id);
	return s;
}

static const char *
address_of(struct arena *a, const struct people_view *v, const char *path)
{
	struct str s = address_begun(a, v, path);
	if (v->folder_id == 0 ? v->rule.n > 0 : v->changed)
		add_argument(&s, "rule", v->rule);
	if (v->folder_id == 0 ? v->search.n > 0 : v->changed)
		add_argument(&s, "q", v->search);
	if (v->all && (v->folder_id == 0 || v->changed))
		add_argument(&s, "all", text_of("1"));
	return s.at;
}

const char *
people_view_address(struct arena *a, const struct people_view *v)
{
	return address_of(a, v, "/clients");
}

void
people_view_put(struct web *w, const struct people_view *v, struct val *vars)
{
	struct arena *a = w->arena;
	struct str without = address_begun(a, v, "/clients");
	add_argument(&without, "rule", text_of(""));
	if (v->search.n > 0)
		add_argument(&without, "q", v->search);
	if (v->all)
		add_argument(&without, "all", text_of("1"));
	val_put(a, vars, "rule", val_of(v->rule));
	val_put(a, vars, "q", val_of(v->search));
	val_put(a, vars, "all", val_bool(v->all));
	val_put(a, vars, "sort", val_of(v->sort));
	val_put(a, vars, "folder", v->folder);
	val_put(a, vars, "folder_id", val_id(a, v->folder_id));
	val_put(a, vars, "folder_changed", val_bool(v->changed));
	val_put(a, vars, "may_change", val_bool(v->may_change));
	val_put(a, vars, "here", val_text(people_view_address(a, v)));
	val_put(a, vars, "count_here", val_text(address_of(a, v, "/clients/count")));
	val_put(a, vars, "without_rule", val_of(str_text(&without)));
}
