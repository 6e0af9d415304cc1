/* See overview.h. */
#include "ui/overview.h"
#include "base/arena.h"
#include "base/err.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "web/page.h"

enum { FEED_ROWS = 8 };

int
overview_page(struct web *w, struct err *e)
{
	if (w->session == NULL)
		return err_set(e, ERR_AUTH, "log in first");
	if (w->session->user.company_id == PLATFORM) {
		response_redirect(w, "/platform");
		return 0;
	}
	struct val vars = val_map(w->arena), events;
	if (event_view_recent(w, 0, FEED_ROWS, &events, e) < 0)
		return -1;
	val_put(w->arena, &vars, "events", events);
	return ui_page(w, 200, "overview", &vars, e);
}
