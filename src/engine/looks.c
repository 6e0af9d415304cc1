/* See looks.h. */
#include "engine/looks.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/time.h"
#include "engine/turn.h"
#include "profile/interest.h"

#include <stdlib.h>

enum { PEOPLE_MAX = 20000, AT_ONCE = 500 };
static const int64_t every_us = SECOND_US;

struct looks {
	struct dict *people; /* to numbers */
	int64_t companies[PEOPLE_MAX];
	size_t done; /* of people, in this round */
	int64_t at_us;
};

struct looks *
looks_new(void)
{
	struct looks *l = calloc(1, sizeof *l);
	must(l != NULL);
	l->people = dict_new();
	l->at_us = time_monotonic_us();
	return l;
}

void
looks_free(struct looks *l)
{
	if (l == NULL)
		return;
	dict_free(l->people);
	free(l);
}

int
looks_add(struct arena *a, struct db *db, const struct arrival *arrivals,
	const struct applied *applied, size_t n, struct err *e)
{
	size_t count = 0, k = 0;
	for (size_t i = 0; i < n; i++)
		if (applied[i].state == APPLIED_NEW)
			count += val_len(&arrivals[i].topics);
	struct interest *looks = arena_array(a, count + 1, sizeof *looks);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0;
			applied[i].state == APPLIED_NEW && j < val_len(&arrivals[i].topics);
			j++) {
			const struct val *pair = &arrivals[i].topics.list->at[j];
			looks[k++] = (struct interest){.company_id = arrivals[i].company_id,
				.node_id = applied[i].node_id,
				.topic = val_as_text(&pair->list->at[0]),
				.weight = val_as_num(&pair->list->at[1], 1),
				.at_us = arrivals[i].at_us};
		}
	return interest_add(a, db, looks, count, e);
}

void
looks_note(struct looks *l, const struct arrival *arrivals, const struct applied *applied,
	size_t n)
{
	for (size_t i = 0; l != NULL && i < n; i++) {
		bool added;
		if (applied[i].state != APPLIED_NEW || val_len(&arrivals[i].topics) == 0 ||
			dict_count(l->people) >= PEOPLE_MAX)
			continue;
		int64_t k = dict_put_id(l->people, applied[i].person_id, &added);
		if (added)
			l->companies[k] = arrivals[i].company_id;
	}
}

/* The people from l->done on that are of one company, at most AT_ONCE: list of {person_id, interests} to write. */
static int
read_news(struct applier *applier, int64_t company_id, struct val *news, struct err *e)
{
	struct looks *l = applier->looks;
	int64_t people[AT_ONCE];
	size_t n = 0;
	while (l->done + n < dict_count(l->people) && n < AT_ONCE &&
		l->companies[l->done + n] == company_id) {
		people[n] = dict_id(l->people, (int64_t)(l->done + n));
		n++;
	}
	if (interest_news(applier->arena, applier->db, company_id, people, n, news, e) < 0)
		return -1;
	l->done += n;
	return 0;
}

static int
write_news(
	struct applier *applier, int64_t company_id, const struct val *news, struct err *e)
{
	struct arena *a = applier->arena;
	size_t n = val_len(news);
	struct arrival *arrivals = arena_array(a, n + 1, sizeof *arrivals);
	struct applied *applied = arena_array(a, n + 1, sizeof *applied);
	int64_t now = time_now_us();
	for (size_t i = 0; i < n; i++) {
		const struct val *one = &news->list->at[i];
		struct val fields = val_map(a);
		val_put(a, &fields, "interests", *val_get(one, "interests"));
		arrivals[i] = (struct arrival){.company_id = company_id,
			.who = {.node_id = val_as_int(val_get(one, "person_id"), 0),
				.values = true},
			.type = text_of("profile_updated"),
			.fields = fields,
			.at_us = now,
			.received_at_us = now,
			.dedup = id_make(),
			.silent = true};
	}
	return n > 0 ? event_apply(a, applier->db, applier->types, arrivals, n, applied,
			       NULL, NULL, e)
		     : 0;
}

int
looks_settle(struct applier *applier, bool busy, struct err *e)
{
	struct looks *l = applier->looks;
	struct val news;
	int64_t now = time_monotonic_us();
	if (dict_count(l->people) == 0 ||
		((busy || l->done == 0) && now - l->at_us < every_us))
		return 0;
	int64_t company_id = l->companies[l->done];
	l->at_us = now;
	if (read_news(applier, company_id, &news, e) < 0 ||
		write_news(applier, company_id, &news, e) < 0)
		return -1;
	if (l->done < dict_count(l->people))
		return 1;
	dict_free(l->people);
	l->people = dict_new();
	l->done = 0;
	return 0;
}
