/* See person_act.h. */
#include "ui/person_act.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "event/undo.h"
#include "exchange/erase.h"
#include "exchange/person_file.h"
#include "profile/field.h"
#include "profile/person.h"
#include "ui/frame.h"
#include "ui/person.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

static void
go_to(struct web *w, int64_t id)
{
	response_redirect(w, arena_printf(w->arena, "/clients/%lld", (long long)id));
}

/* The number of a profile, or the link to its card: its last path part. 0 none. */
static int64_t
id_typed(struct arena *a, struct text t)
{
	t = text_trim(t);
	const char *slash = t.n > 0 ? memrchr(t.at, '/', t.n) : NULL;
	if (slash != NULL)
		t = (struct text){slash + 1, t.n - (size_t)(slash + 1 - t.at)};
	size_t digits = strspn(text_z(a, t), "0123456789");
	struct val v = val_bytes(t.at, digits);
	return val_as_int(&v, 0);
}

int
person_merge(struct web *w, struct err *e)
{
	struct join_ask ask = {.company_id = w->company.id,
		.user_id = w->session->user.id,
		.reason = "hand"};
	int64_t merge_id, root;
	if (web_id(w, "id", &ask.into_id, e) < 0 ||
		web_found(
			person_root(w->arena, w->db, w->company.id, ask.into_id, &root, e),
			e) < 0)
		return -1;
	ask.into_id = root;
	ask.from_id = id_typed(w->arena, web_form(w, "with"));
	go_to(w, root);
	int joined = ask.from_id == 0
			     ? -2
			     : event_join(w->arena, w->db, ui_types(w), &ask, &merge_id, e);
	if (joined == -1 && e->code != ERR_MISSING)
		return -1;
	page_flash(w, joined == 1   ? T_("duplicates.merged")
		      : joined == 0 ? T_("client.merge_same")
				    : T_("client.merge_bad"));
	return joined == 1
		       ? ui_audit(w, "profile.merge", root,
				 arena_printf(w->arena, "%lld", (long long)ask.from_id), e)
		       : 0;
}

int
person_part(struct web *w, struct err *e)
{
	int64_t id;
	struct val back = val_of(web_form(w, "client"));
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int done = event_split(
		w->arena, w->db, ui_types(w), w->company.id, id, w->session->user.id, e);
	if (done < 0)
		return -1;
	page_flash(w, done == 1 ? T_("client.parted") : T_("client.part_late"));
	go_to(w, val_as_int(&back, 0));
	return done == 1 ? ui_audit(w, "merge.undo", id, "", e) : 0;
}

int
person_erase(struct web *w, struct err *e)
{
	int64_t id, job;
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(erase_begin(w->arena, w->db, ui_types(w), w->company.id, id,
				  w->session->user.id, &job, e),
			e) < 0 ||
		ui_audit(w, "profile.erase", id, "", e) < 0)
		return -1;
	page_flash(w, T_("client.erased"));
	response_redirect(w, "/clients");
	return 0;
}

int
person_download(struct web *w, struct err *e)
{
	int64_t id;
	struct val file, hidden;
	if (show_hidden(w, &hidden, e) < 0)
		return -1;
	if (val_len(&hidden) > 0)
		return err_set(e, ERR_DENIED, "there are personal fields in it");
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(person_file(w->arena, w->db, ui_types(w), w->company.id, id,
				  &file, e),
			e) < 0 ||
		ui_audit(w, "profile.file", id, "", e) < 0)
		return -1;
	response_header(w, "Content-Disposition",
		arena_printf(w->arena, "attachment; filename=\"profile-%lld.json\"",
			(long long)id));
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &file);
	return 0;
}
