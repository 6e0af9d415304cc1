/* Consents, suppressed addresses, stored memberships, single values, what it all weighs. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "column/page.h"
#include "column/parts.h"

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
	int64_t number = dict_put(
		base->suppressed, suppression_key(base->scratch, channel, address), NULL);
	base->is_suppressed = COLUMN_ROOM(base, base->is_suppressed, (size_t)number,
		base->suppressed_cap, (size_t)number + 1);
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
column_consents(const struct column_base *base, size_t row, struct text channel)
{
	int64_t bit = dict_find(base->channels, channel);
	return bit >= 0 && bit < 16 && (base->consents[row] >> bit & 1);
}

struct bits
column_consents_all(struct arena *a, const struct column_base *base, struct text channel)
{
	struct bits out = bits_new(a, base->n);
	int64_t bit = dict_find(base->channels, channel);
	for (size_t row = 0; bit >= 0 && bit < 16 && row < base->n; row++)
		out.at[row / 64] |= (uint64_t)(base->consents[row] >> bit & 1)
				    << (row % 64);
	return out;
}

/* The codes of addresses nothing may be sent to, a bit a code. */
static struct bits
suppressed_codes(struct arena *a, const struct column_base *base, struct text channel)
{
	struct bits codes = bits_new(a, dict_count(base->texts) + 1);
	for (size_t i = 0; i < dict_count(base->suppressed); i++) {
		struct text key = dict_text(base->suppressed, (int64_t)i);
		if (!base->is_suppressed[i] || key.n <= channel.n ||
			key.at[channel.n] != ' ' ||
			memcmp(key.at, channel.at, channel.n) != 0)
			continue;
		int64_t code = dict_find(base->texts,
			(struct text){key.at + channel.n + 1, key.n - channel.n - 1});
		if (code >= 0)
			bits_set(&codes, (size_t)code + 1);
	}
	return codes;
}

struct bits
column_reachable_all(struct arena *a, const struct column_base *base, struct text channel)
{
	struct bits out = column_consents_all(a, base, channel);
	const struct column_field *f = column_field_find(
		base, text_of(address_field(channel)));
	if (f == NULL || f->kind != COLUMN_TEXT)
		return bits_new(a, base->n);
	struct bits forbidden = suppressed_codes(a, base, channel);
	BITS_EACH(&out, row)
	{
		uint32_t code = ((const uint32_t *)f->cells)[row];
		if (code == 0 || bits_has(&forbidden, code))
			bits_clear(&out, row);
	}
	return out;
}

bool
column_reachable(const struct column_base *base, size_t row, struct text channel)
{
	const struct column_field *f = column_field_find(
		base, text_of(address_field(channel)));
	if (!column_consents(base, row, channel) || f == NULL || f->kind != COLUMN_TEXT)
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
		base->members = COLUMN_ROOM(base, base->members, base->member_n,
			base->member_cap, base->member_n + 1);
		m = &base->members[base->member_n++];
		*m = (struct column_members){.segment_id = segment_id};
	}
	if (row < 0 || (!is_member && (size_t)row / 64 >= m->word_n))
		return;
	if ((size_t)row / 64 >= m->word_n) {
		size_t n = base->cap / 64 + 1;
		m->words = room_grow(&base->room, m->words, m->word_n, n, sizeof *m->words);
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

void
column_members_among(const struct column_base *base, int64_t segment_id, struct bits *among)
{
	const struct column_members *m = column_members(base, segment_id);
	for (size_t i = 0; i < (among->n + 63) / 64; i++)
		among->at[i] &= m != NULL && i < m->word_n ? m->words[i] : 0;
}

size_t
column_member_count(const struct column_base *base, int64_t segment_id)
{
	const struct column_members *m = column_members(base, segment_id);
	return m != NULL ? m->count : 0;
}

void
column_members_clear(struct column_base *base)
{
	for (size_t i = 0; i < base->member_n; i++)
		room_free(&base->room, base->members[i].words);
	base->member_n = 0;
}

void
column_segment_drop(struct column_base *base, int64_t segment_id)
{
	struct column_members *m = (struct column_members *)column_members(
		base, segment_id);
	if (m == NULL)
		return;
	room_free(&base->room, m->words);
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
		uint32_t n;
		const uint32_t *codes = column_list(
			base, ((const uint32_t *)f->cells)[row], &n);
		struct val list = n > 0 ? val_list(a) : val_null();
		for (uint32_t i = 0; i < n; i++)
			val_push(a, &list, val_of(column_text(base, codes[i])));
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
	return base->cap *
	       (column_cell_size(f->kind) + (f->changed_us != NULL ? sizeof(int64_t) : 0));
}

static size_t
events_bytes(const struct column_base *base)
{
	size_t bytes = (base->events.cap + base->changed.cap) * sizeof *base->events.at +
		       base->prop_cap * sizeof *base->props +
		       base->list_cap * sizeof *base->lists +
		       base->wide_cap * sizeof *base->wides +
		       base->total_cap * sizeof *base->total_list +
		       base->sum_cap * sizeof *base->sums;
	for (size_t i = 0; i < base->type_cap; i++)
		bytes += base->type_list[i].word_n * sizeof(uint64_t);
	return bytes + column_last_bytes(base) + dict_size_bytes(base->types) +
	       dict_size_bytes(base->type_props) + dict_size_bytes(base->distinct) +
	       base->distinct_cap * sizeof(uint32_t);
}

static size_t
rows_bytes(const struct column_base *base)
{
	size_t bytes = base->cap * (sizeof *base->ids + sizeof *base->flags +
					   sizeof *base->consents + sizeof *base->zones +
					   sizeof *base->histories + sizeof *base->changes +
					   sizeof *base->totals) +
		       base->row_slot_n * sizeof *base->row_slots +
		       base->unused_cap * sizeof *base->unused +
		       base->merged_cap * sizeof *base->merged_into;
	for (size_t i = 0; i < base->field_n; i++)
		bytes += field_bytes(base, &base->fields[i]);
	for (size_t i = 0; i < base->member_n; i++)
		bytes += base->members[i].word_n * sizeof(uint64_t);
	const struct dict *dicts[] = {base->merged, base->names, base->channels,
		base->suppressed, base->zone_names};
	for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++)
		bytes += dict_size_bytes(dicts[i]);
	return bytes;
}

size_t
column_memory_bytes(const struct column_base *base)
{
	return rows_bytes(base) + events_bytes(base) + dict_size_bytes(base->texts) +
	       dict_size_bytes(base->folds) + base->fold_cap * sizeof *base->fold_of;
}

struct column_stats
column_stats(const struct column_base *base)
{
	struct column_stats s = {.persons = base->n - base->unused_n,
		.events = base->event_n,
		.fields = base->field_n,
		.texts = dict_count(base->texts),
		.rows_bytes = rows_bytes(base),
		.events_bytes = events_bytes(base),
		.memory_bytes = column_memory_bytes(base),
		.rows_evaluated = base->rows_evaluated};
	for (size_t i = 0; i < base->total_n; i++)
		s.folded += base->total_list[i].count;
	for (size_t i = 0; i < base->n; i++)
		s.known += (base->flags[i] & COLUMN_KNOWN) != 0;
	return s;
}
