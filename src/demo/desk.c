/* See shop.h: by the same functions as the pages. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "demo/people.h"
#include "demo/shop.h"
#include "profile/ident.h"
#include "profile/note.h"
#include "profile/person.h"
#include "segment/folder.h"
#include "segment/option.h"
#include "segment/store.h"
#include "tenant/company.h"
#include "tenant/user.h"

#include <unistd.h>

enum { BUILD_TRIES = 150 };

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct {
	const char *name, *rule;
	bool shared;
} folders[] = {
	{"Новые на этой неделе", "return field.created_at:within_last \"7d\"", true},
	{"Золотые из Минска", "return field.level:is \"золотой\" & field.city:is \"Минск\"",
		true},
	{"С корзиной, без заказа",
		"return event.cart_add:within \"3d\" & ~event.purchase:within \"3d\"",
		true},
	{"Позвонить самому",
		"return field.brewing:is \"турка\" & ~field.phone:empty()\n"
		"     & event.purchase:within \"14d\"",
		false},
};

/* Whom, by number, and what was noted. */
static const struct {
	int64_t number;
	const char *text;
} notes[] = {
	{1, "Просит звонить после шести вечера."},
	{3, "Берёт зерно в офис на двадцать человек, выставляем счёт на юрлицо."},
	{5, "Подарили пробник Кении, ждём отзыва."},
	{5, "Отзыв хороший, предложить подписку."},
};

static int
add_folders(struct shop *s, int64_t company_id, int64_t user_id, struct err *e)
{
	for (size_t i = 0; i < COUNT(folders); i++) {
		const struct folder f = {.name = text_of(folders[i].name),
			.rule = text_of(folders[i].rule),
			.search = text_of(""),
			.sort = text_of(""),
			.shared = folders[i].shared};
		int64_t id;
		if (folder_add(s->arena, s->order->db, company_id, user_id, &f, &id, e) < 0)
			return -1;
	}
	return 0;
}

static int
add_notes(struct shop *s, const struct company *c, int64_t user_id, struct err *e)
{
	for (size_t i = 0; i < COUNT(notes); i++) {
		struct demo_person p = demo_person_make(
			s->arena, (uint64_t)s->order->seed, notes[i].number);
		int64_t id;
		int found = person_by_ident(s->arena, s->order->db, c->id, c->country,
			IDENT_EMAIL, text_of(p.email), &id, e);
		if (found < 0 || (found == 1 && note_add(s->order->db, c->id, id, user_id,
							text_of(notes[i].text), e) < 0))
			return -1;
	}
	return 0;
}

/* Of a segment that is built, so that somebody is in it. */
static int
put_away(struct shop *s, int64_t company_id, int64_t user_id, struct err *e)
{
	struct val all;
	for (int try = 0;; try++) {
		bool ready = true;
		if (segment_all(s->arena, s->order->db, company_id, &all, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&all); i++)
			ready = ready &&
				!text_is(val_as_text(val_get(&all.list->at[i], "state")),
					"building");
		if (ready || try == BUILD_TRIES)
			break;
		usleep(200000);
	}
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *one = &all.list->at[i];
		if (text_is(val_as_text(val_get(one, "name")), demo_archived) &&
			segment_archive(s->order->db, company_id,
				val_as_int(val_get(one, "id"), 0), true, user_id, e) < 0)
			return -1;
	}
	return 0;
}

int
desk_fill(struct shop *s, struct err *e)
{
	struct company c;
	struct val users, there;
	if (s->order->company == NULL)
		return 0;
	int found = company_by_slug(
		s->arena, s->order->db, text_of(s->order->company), &c, e);
	if (found < 1)
		return found < 0 ? -1
				 : err_set(e, ERR_INPUT, "there is no company \"%s\"",
					   s->order->company);
	if (user_all(s->arena, s->order->db, c.id, &users, e) < 0)
		return -1;
	if (val_len(&users) == 0)
		return 0;
	int64_t user_id = val_as_int(val_get(&users.list->at[0], "id"), 0);
	if (folder_all(s->arena, s->order->db, c.id, user_id, &there, e) < 0)
		return -1;
	if (val_len(&there) > 0)
		return 0; /* an earlier run was here */
	if (add_folders(s, c.id, user_id, e) < 0 || add_notes(s, &c, user_id, e) < 0)
		return -1;
	return put_away(s, c.id, user_id, e);
}
