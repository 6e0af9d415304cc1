/* Events as people read them: what happened as a noun, its icon, one line of what it was about. */
#ifndef UI_EVENT_VIEW_H
#define UI_EVENT_VIEW_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* Of a list of events, as event/history.h gives them: properties named as fields whose values this user may not see lose theirs, at any depth, and
 * reasons of segments all of theirs.
 * Before event_view. What an event changed of a person is the caller's. 0 / -1 the store's. */
int event_hide(struct web *w, struct val *list, struct err *e);

/* Adds to an event as event/history.h gives it: title, icon, node (class of the timeline's circle), line (one line about
 * it), money and currency (minor units; where it was bought), href and what (what it points to, when ours). */
void event_view(struct web *w, struct val *event);

/* What a type of events is called: "Покупка" for purchase; a name nobody described is itself. */
struct text event_title_of(struct web *w, struct text type);

/* The company's live feed: its newest events, viewed, with people. source_id 0: of all. */
int event_view_recent(
	struct web *w, int64_t source_id, size_t limit, struct val *out, struct err *e);

/* A person's name as lists show it: "Ольга Коваленко", else the e-mail, the phone, "Аноним 3be915". */
/* Why two became one: in words, or the identifier they shared. */
struct text merge_line(struct web *w, struct text reason);

struct text person_name(struct web *w, int64_t id, const struct val *fields);

#endif
