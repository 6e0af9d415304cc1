/* Consents, suppressed addresses, stored memberships, single values, what it all weighs. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "column/read.h"

#include <stdlib.h>
#include <string.h>

static int64_t
channel_bit(struct column_base *base, struct text channel)
{
	int64_t bit = dict_put(base->channels, channel, NULL);
	return bit < 16 ? bit : -1;
}

void
column_consent_set(
	struct column_base *base, int64_t person_id, struct text channel, bool granted)
{
	int64_t bit = channel_bit(base, channel);
	if (bit < 0)
		return;
	size_t row = column_row_of(base, person_id);
	if (granted)
		base->consents[row] |= (uint16_t)(1u << bit);
	else
		base->consents[row] &= (uint16_t) ~(1u << bit);
}

static struct text
suppression_key(struct arena *a, struct text channel, struct text address)
{
	return text_of(arena_printf(
		a, "%.*s %.*s", (int)channel.n, channel.at, (int)address.n, address.at));
}

void
column_suppress(
	struct column_base *base, struct text channel, struct text address, bool suppressed)
{
	struct arena_mark mark = arena_mark(base->scratch);
	bool added;
	int64_t number = dict_put(
		base->suppressed, suppression_key(base->scratch, channel, address), &added);
	if ((size_t)number >= base->suppressed_cap) {
		base->suppressed_cap = base->suppressed_cap > 0 ? base->suppressed_cap * 2
								: 64;
		base->is_suppressed = realloc(base->is_suppressed, base->suppressed_cap);
		must(base->is_suppressed != NULL);
	}
	base->is_suppressed[number] = suppressed;
	arena_rewind(base->scratch, mark);
}

static const char *
address_field(struct text channel)
{
	if (text_is(channel, "email"))
		return "email";
	if (text_is(channel, "sms") || text_is(channel, "viber"))
		return "phone";
	if (text_is(channel, "push"))
		return "push_token";
	return "chat_id";
}

bool
column_reachable(const struct column_base *base, size_t row, struct text channel)
{
	int64_t bit = dict_find(base->channels, channel);
	const struct column_field *f = column_field_find(
		base, text_of(address_field(channel)));
	if (bit < 0 || bit >= 16 || !(base->consents[row] >> bit & 1) || f == NULL ||
		f->kind != COLUMN_TEXT)
		return false;
	uint32_t code = ((const uint32_t *)f->cells)[row];
	if (code == 0)
		return false;
	struct arena_mark mark = arena_mark(base->scratch);
	int64_t number = dict_find(base->suppressed,
		suppression_key(base->scratch, channel, column_text(base, code)));
	arena_rewind(base->scratch, mark);
	return number == DICT_NONE || !base->is_suppressed[number];
}

const struct column_members *
column_members(const struct column_base *base, int64_t segment_id)
{
	for (size_t i = 0; i < base->member_n; i++)
		if (base->members[i].segment_id == segment_id)
			return &base->members[i];
	return NULL;
}

void
column_member_set(
	struct column_base *base, int64_t segment_id, int64_t person_id, bool is_member)
{
	struct column_members *m = (struct column_members *)column_members(
		base, segment_id);
	int64_t row = is_member ? (int64_t)column_row_of(base, person_id)
				: column_row(base, person_id);
	if (m == NULL) {
		if (base->member_n == base->member_cap) {
			base->member_cap = base->member_cap > 0 ? base->member_cap * 2 : 16;
			base->members = reallocarray(
				base->members, base->member_cap, sizeof *base->members);
			must(base->members != NULL);
		}
		m = &base->members[base->member_n++];
		*m = (struct column_members){.segment_id = segment_id};
	}
	if (row < 0 || (!is_member && (size_t)row / 64 >= m->word_n))
		return;
	if ((size_t)row / 64 >= m->word_n) {
		size_t n = base->cap / 64 + 1;
		m->words = reallocarray(m->words, n, sizeof *m->words);
		must(m->words != NULL);
		memset(m->words + m->word_n, 0, (n - m->word_n) * sizeof *m->words);
		m->word_n = n;
	}
	uint64_t *word = &m->words[row / 64], bit = UINT64_C(1) << (row % 64);
	if (is_member && !(*word & bit)) {
		*word |= bit;
		m->count++;
	} else if (!is_member && (*word & bit)) {
		*word &= ~bit;
		m->count--;
	}
}

bool
column_member_is(const struct column_base *base, int64_t segment_id, int64_t person_id)
{
	const struct column_members *m = column_members(base, segment_id);
	int64_t row = column_row(base, person_id);
	return m != NULL && row >= 0 && (size_t)row / 64 < m->word_n &&
	       (m->words[row / 64] >> (row % 64) & 1);
}

size_t
column_member_count(const struct column_base *base, int64_t segment_id)
{
	const struct column_members *m = column_members(base, segment_id);
	return m != NULL ? m->count : 0;
}

void
column_segment_drop(struct column_base *base, int64_t segment_id)
{
	struct column_members *m = (struct column_members *)column_members(
		base, segment_id);
	if (m == NULL)
		return;
	free(m->words);
	*m = base->members[--base->member_n];
}

struct val
column_cell(struct arena *a, const struct column_base *base, const struct column_field *f,
	size_t row)
{
	switch (f->kind) {
	case COLUMN_TEXT: {
		uint32_t code = ((const uint32_t *)f->cells)[row];
		return code > 0 ? val_of(column_text(base, code)) : val_null();
	}
	case COLUMN_NUMBER: {
		double d = ((const double *)f->cells)[row];
		if (isnan(d))
			return val_null();
		return fabs(d) < 9e15 && d == rint(d) ? val_int((int64_t)d) : val_num(d);
	}
	case COLUMN_DATE: {
		int32_t days = ((const int32_t *)f->cells)[row];
		struct date d = date_of_days(days);
		return days == INT32_MIN ? val_null()
					 : val_text(arena_printf(a, "%04d-%02d-%02d",
						   d.year, d.month, d.day));
	}
	case COLUMN_TIME: {
		int64_t at_us = ((const int64_t *)f->cells)[row];
		return at_us == INT64_MIN ? val_null() : val_text(time_text(a, at_us));
	}
	case COLUMN_BOOL: {
		int8_t b = ((const int8_t *)f->cells)[row];
		return b < 0 ? val_null() : val_bool(b);
	}
	case COLUMN_LIST: {
		const struct column_list *l = &((const struct column_list *)f->cells)[row];
		struct val list = l->n > 0 ? val_list(a) : val_null();
		for (uint32_t i = 0; i < l->n; i++)
			val_push(a, &list, val_of(column_text(base, l->at[i])));
		return list;
	}
	case COLUMN_GEO: {
		struct column_point p = ((const struct column_point *)f->cells)[row];
		if (isnan(p.lat))
			return val_null();
		struct val map = val_map(a);
		val_put(a, &map, "lat", val_num(p.lat));
		val_put(a, &map, "lon", val_num(p.lon));
		return map;
	}
	}
	return val_null();
}

struct val
column_value(struct arena *a, const struct column_base *base, size_t row, struct text field)
{
	const struct column_field *f = column_field_find(base, field);
	return f != NULL && row < base->n ? column_cell(a, base, f, row) : val_null();
}

void
column_position_set(struct column_base *base, int64_t seq)
{
	base->position = seq;
}

int64_t
column_position(const struct column_base *base)
{
	return base->position;
}

static size_t
field_bytes(const struct column_base *base, const struct column_field *f)
{
	static const size_t sizes[] = {4, 8, 4, 8, 1, sizeof(struct column_list), 16};
	size_t bytes = base->cap * (sizes[f->kind] + (f->changed_us != NULL ? 8 : 0));
	for (size_t i = 0; f->kind == COLUMN_LIST && i < base->n; i++)
		bytes += ((const struct column_list *)f->cells)[i].n * sizeof(uint32_t);
	return bytes;
}

struct column_stats
column_stats(const struct column_base *base)
{
	struct column_stats s = {.events = base->event_n,
		.fields = base->field_n,
		.texts = dict_count(base->texts),
		.rows_evaluated = base->rows_evaluated};
	const struct dict *dicts[] = {base->texts, base->folds, base->persons, base->types,
		base->names, base->type_props, base->channels, base->suppressed};
	for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++)
		s.memory_bytes += dict_size_bytes(dicts[i]);
	for (size_t i = 0; i < base->field_n; i++)
		s.memory_bytes += field_bytes(base, &base->fields[i]);
	for (size_t i = 0; i < base->member_n; i++)
		s.memory_bytes += base->members[i].word_n * sizeof(uint64_t);
	s.memory_bytes += base->cap * (sizeof *base->ids + sizeof *base->flags +
					      sizeof *base->consents + sizeof *base->zones +
					      sizeof *base->histories);
	s.memory_bytes += base->prop_cap * sizeof *base->props +
			  base->list_cap * sizeof *base->lists +
			  base->fold_cap * sizeof *base->fold_of +
			  base->row_cap * sizeof *base->row_of;
	for (size_t i = 0; i < base->n; i++) {
		s.memory_bytes += base->histories[i].cap * sizeof(struct column_event);
		s.persons += (base->flags[i] & COLUMN_LIVE) != 0;
		s.known += (base->flags[i] & COLUMN_KNOWN) != 0;
	}
	return s;
}
