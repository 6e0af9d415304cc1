/* See person_letter.h. */
#include "ui/person_letter.h"
#include "base/arena.h"
#include "base/err.h"
#include "message/compose.h"
#include "message/letter.h"
#include "message/message.h"
#include "message/template_store.h"
#include "profile/person.h"
#include "ui/person.h"
#include "ui/show.h"

int
person_put_kept(struct web *w, struct val *vars, struct err *e)
{
	const struct val *list = val_get(vars, "messages");
	bool is_kept[PERSON_MESSAGES] = {false};
	int64_t ids[PERSON_MESSAGES];
	size_t n = val_len(list);
	int hides = show_hides_any(w, e);
	for (size_t i = 0; i < n; i++)
		ids[i] = val_as_int(val_get(&list->list->at[i], "id"), 0);
	if (hides < 0 || (hides == 0 && letter_which(w->arena, w->db, w->company.id, ids, n,
						is_kept, e) < 0))
		return -1;
	for (size_t i = 0; i < n; i++)
		val_put(w->arena, &list->list->at[i], "kept", val_bool(is_kept[i]));
	return 0;
}

/* Of the template and the client as they are now, without the fields this user may not see. */
static int
make_anew(struct web *w, int64_t id, const struct message *m, const struct val *hidden,
	struct text *html, struct err *e)
{
	struct letter_template t;
	struct val card, fields;
	struct text subject;
	if (web_found(message_template_by_id(
			      w->arena, w->db, w->company.id, m->template_id, &t, e),
		    e) < 0 ||
		web_found(person_card(w->arena, w->db, w->company.id, id, &card, e), e) < 0)
		return -1;
	fields = val_copy(w->arena, val_get(&card, "fields"));
	for (size_t i = 0; i < val_len(hidden); i++)
		val_put_key(
			w->arena, &fields, val_as_text(&hidden->list->at[i]), val_null());
	return compose_preview(w->arena, w->settings, &w->company, &t, &fields, m->vars,
		html, &subject, e);
}

int
person_letter(struct web *w, struct err *e)
{
	struct message *m;
	struct val hidden;
	struct text html;
	int64_t id, message, root = 0;
	size_t found;
	if (person_find(w, &id, e) < 0 || web_id(w, "message", &message, e) < 0 ||
		message_load(w->arena, w->db, w->company.id, &message, 1, false, &m, &found,
			e) < 0 ||
		show_hidden(w, &hidden, e) < 0)
		return -1;
	if (found == 1 &&
		person_root(w->arena, w->db, w->company.id, m->person_id, &root, e) < 0)
		return -1;
	if (root != id) /* another's, or nobody's any more */
		return web_found(0, e);
	int kept = val_len(&hidden) > 0
			   ? 0
			   : letter_kept(w->arena, w->db, w->company.id, message, &html, e);
	if (kept < 0 || (kept == 0 && make_anew(w, id, m, &hidden, &html, e) < 0))
		return -1;
	response_header(w, "Content-Security-Policy",
		"sandbox; default-src 'none'; img-src https: http: data:; style-src "
		"'unsafe-inline'; frame-ancestors 'self'");
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, 200, "text/html; charset=utf-8", html);
	return 0;
}
