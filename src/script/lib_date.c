/* date.*: instants are seconds since 1970 UTC, or texts of a time. Calendars are those of a zone, UTC unless told. The clock is what
 * the host gave, and no rule sees it. */
#include "script/state.h"
#include "base/time.h"
#include "script/format.h"

#include <math.h>
#include <string.h>

/* Years 1 to 9999. */
#define LEAST_S -62135596800.0
#define MOST_S	253402300799.0

static int
l_now(lua_State *L)
{
	lua_pushinteger(L, box_of(L)->now_us / SECOND_US);
	return 1;
}

/* An argument that is an instant: seconds, or a text of a time. */
static int64_t
l_instant(lua_State *L, int arg)
{
	int64_t at_us;
	struct date d;
	if (lua_type(L, arg) == LUA_TSTRING) {
		struct text t = l_text(L, arg);
		if (time_parse(t, &at_us) == 1)
			return at_us;
		if (date_parse(t, &d) == 1)
			return date_days(d) * DAY_US;
		luaL_error(L,
			"a time such as \"2026-01-31T10:00:00Z\" or seconds since 1970 are "
			"expected, got \"%s\"",
			text_z(box_of(L)->scratch, text_cut(t, 40)));
	}
	double s = luaL_checknumber(L, arg);
	luaL_argcheck(L, s >= LEAST_S && s <= MOST_S, arg,
		"a time of the years 1 to 9999 is expected, in seconds");
	return (int64_t)floor(s * 1e6);
}

static const struct zone *
l_zone(lua_State *L, int arg)
{
	if (lua_isnoneornil(L, arg))
		return zone_utc();
	struct text name = l_text(L, arg);
	l_charge(L, 50); /* a list of up to 600 names is gone through */
	const struct zone *z = zone_find(name);
	if (z == NULL) {
		l_charge(L, 500); /* a file was looked for */
		luaL_error(L,
			"there is no time zone \"%s\"; one such as \"Europe/Minsk\" is "
			"expected",
			text_z(box_of(L)->scratch, text_cut(name, 40)));
	}
	return z;
}

static int
l_push_seconds(lua_State *L, int64_t at_us)
{
	if (at_us < (int64_t)LEAST_S * SECOND_US || at_us > (int64_t)MOST_S * SECOND_US)
		return luaL_error(L, "a time outside of the years 1 to 9999");
	if (at_us % SECOND_US == 0)
		lua_pushinteger(L, at_us / SECOND_US);
	else
		lua_pushnumber(L, (double)at_us / 1e6);
	return 1;
}

/* Reads "31.12.2026 14:05" by "dd.MM.yyyy HH:mm"; false when it does not fit. A single letter takes one or two digits. */
static bool
read_by(struct text t, struct text pattern, struct date *d, int *second)
{
	int parts[6] = {1970, 1, 1, 0, 0, 0};
	size_t at = 0;
	for (size_t i = 0; i < pattern.n;) {
		static const char letters[] = "yMdHms";
		const char *letter = strchr(letters, pattern.at[i]);
		if (letter == NULL || *letter == '\0') {
			if (at >= t.n || t.at[at++] != pattern.at[i++])
				return false;
			continue;
		}
		size_t wide = 1, n = 0;
		while (i + wide < pattern.n && pattern.at[i + wide] == *letter)
			wide++;
		i += wide;
		if (wide > 4)
			return false;
		int *part = &parts[letter - letters];
		for (*part = 0; n < (wide == 1 ? 2 : wide) && at < t.n && t.at[at] >= '0' &&
				t.at[at] <= '9';
			n++)
			*part = *part * 10 + (t.at[at++] - '0');
		if (n < wide)
			return false;
		if (*letter == 'y' && wide == 2)
			*part += *part < 70 ? 2000 : 1900;
	}
	*d = (struct date){parts[0], parts[1], parts[2]};
	*second = parts[3] * 3600 + parts[4] * 60 + parts[5];
	return at == t.n && date_is(*d) && parts[3] < 24 && parts[4] < 60 && parts[5] < 60;
}

/* parse(text [, pattern [, zone]]): nil when it is none */
static int
l_parse(lua_State *L)
{
	int64_t at_us;
	struct date d;
	int second;
	struct text t = text_trim(l_text(L, 1));
	if (!lua_isnoneornil(L, 2)) {
		struct text pattern = l_text(L, 2);
		const struct zone *z = l_zone(L, 3);
		luaL_argcheck(L, pattern.n <= 256, 2, "a pattern of more than 256 bytes");
		l_charge(L, 10 + pattern.n);
		if (read_by(t, pattern, &d, &second))
			return l_push_seconds(L, zone_time_us(z, d, second));
	} else if (time_parse(t, &at_us) == 1)
		return l_push_seconds(L, at_us);
	else if (date_parse(t, &d) == 1)
		return l_push_seconds(L, date_days(d) * DAY_US);
	lua_pushnil(L);
	return 1;
}

/* format(t [, "dd.MM.yyyy" [, zone [, language]]]) */
static int
l_format(lua_State *L)
{
	int64_t at_us = l_instant(L, 1);
	struct text pattern = l_text_or(L, 2, "yyyy-MM-dd HH:mm:ss");
	const struct zone *z = l_zone(L, 3);
	struct text language = l_text_or(L, 4, "en");
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	luaL_argcheck(L, pattern.n <= 256, 2, "a pattern of more than 256 bytes");
	l_charge(L, 10 + pattern.n);
	format_time(&out, at_us, pattern, z, text_z(a, text_cut(language, 8)));
	return l_give_text(L, mark, str_text(&out));
}

static lua_Integer
l_part(lua_State *L, int table, const char *name, lua_Integer otherwise)
{
	int is_whole;
	lua_pushstring(L, name);
	lua_rawget(L, table);
	lua_Integer n = lua_isnil(L, -1) ? otherwise : lua_tointegerx(L, -1, &is_whole);
	if (!lua_isnil(L, -1) && !is_whole)
		luaL_error(L, "make: %s is a whole number, not a %s", name,
			luaL_typename(L, -1));
	if (n < 0 || n > 9999)
		luaL_error(L, "make: %s is %I, outside of what a date has", name,
			(LUAI_UACINT)n);
	lua_pop(L, 1);
	return n;
}

/* make({year, month, day, hour, minute, second} [, zone]) */
static int
l_make(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	const struct zone *z = l_zone(L, 2);
	struct date d = {(int)l_part(L, 1, "year", 1970), (int)l_part(L, 1, "month", 1),
		(int)l_part(L, 1, "day", 1)};
	lua_Integer hour = l_part(L, 1, "hour", 0), minute = l_part(L, 1, "minute", 0),
		    second = l_part(L, 1, "second", 0);
	if (!date_is(d) || hour > 23 || minute > 59 || second > 59)
		return luaL_error(L, "make: there is no such date or hour");
	return l_push_seconds(
		L, zone_time_us(z, d, (int)(hour * 3600 + minute * 60 + second)));
}

static int
weekday(struct date d)
{
	/* 1970-01-01 was a Thursday; Monday is 1 */
	return (int)(((date_days(d) + 3) % 7 + 7) % 7) + 1;
}

/* parts(t [, zone]): a table as make takes it, with weekday and day of the year */
static int
l_parts(lua_State *L)
{
	int64_t at_us = l_instant(L, 1);
	int second;
	struct date d = zone_date(l_zone(L, 2), at_us, &second);
	const struct {
		const char *name;
		lua_Integer n;
	} parts[] = {{"year", d.year}, {"month", d.month}, {"day", d.day},
		{"hour", second / 3600}, {"minute", second / 60 % 60},
		{"second", second % 60}, {"weekday", weekday(d)},
		{"yearday", date_days(d) - date_days((struct date){d.year, 1, 1}) + 1}};
	lua_createtable(L, 0, 8);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		lua_pushinteger(L, parts[i].n);
		lua_setfield(L, -2, parts[i].name);
	}
	return 1;
}

static int64_t
l_duration(lua_State *L, int arg)
{
	struct text t = l_text(L, arg);
	bool minus = t.n > 0 && *t.at == '-';
	int64_t span_us;
	if (time_duration(minus ? (struct text){t.at + 1, t.n - 1} : t, &span_us) == 0)
		luaL_argerror(L, arg, "not a duration such as \"15m\", \"1h\", \"-90d\"");
	return minus ? -span_us : span_us;
}

/* add(t, "1d"): so many times 86400 seconds */
static int
l_add(lua_State *L)
{
	return l_push_seconds(L, l_instant(L, 1) + l_duration(L, 2));
}

static int
days_of_month(struct date d)
{
	int days = 31;
	while (!date_is((struct date){d.year, d.month, days}))
		days--;
	return days;
}

static struct date
add_months(struct date d, int64_t n)
{
	int64_t months = d.year * 12 + d.month - 1 + n;
	struct date out = {(int)(months / 12), (int)(months % 12) + 1, 1};
	if (date_is(out)) {
		int last = days_of_month(out);
		out.day = d.day < last ? d.day : last;
	}
	return out;
}

/* add_days, add_months(t, n [, zone]): the same hour of another day of the calendar */
static int
l_add_calendar(lua_State *L, bool months)
{
	int64_t at_us = l_instant(L, 1);
	lua_Integer n = luaL_checkinteger(L, 2);
	const struct zone *z = l_zone(L, 3);
	luaL_argcheck(L, n >= -4000000 && n <= 4000000, 2, "too many");
	int second;
	struct date d = zone_date(z, at_us, &second);
	d = months ? add_months(d, n) : date_of_days(date_days(d) + n);
	if (!date_is(d))
		return luaL_error(L, "a time outside of the years 1 to 9999");
	int64_t part_us = (at_us % SECOND_US + SECOND_US) % SECOND_US;
	return l_push_seconds(L, zone_time_us(z, d, second) + part_us);
}

static int
l_add_days(lua_State *L)
{
	return l_add_calendar(L, false);
}

static int
l_add_months(lua_State *L)
{
	return l_add_calendar(L, true);
}

enum unit { SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, UNITS };

static const char *const units[] = {
	"second", "minute", "hour", "day", "week", "month", "quarter", "year", NULL};

/* start(t, "week" [, zone]): when the minute, hour, day, week (Monday), month, quarter, year of t begins */
static int
l_start(lua_State *L)
{
	static const int64_t spans_us[] = {SECOND_US, MINUTE_US, HOUR_US};
	int64_t at_us = l_instant(L, 1);
	int unit = luaL_checkoption(L, 2, "day", units);
	const struct zone *z = l_zone(L, 3);
	if (unit <= HOUR) {
		/* some zones are half an hour aside */
		int64_t local_us = at_us + zone_offset_s(z, at_us) * SECOND_US;
		int64_t span = spans_us[unit];
		return l_push_seconds(L, at_us - (local_us % span + span) % span);
	}
	struct date d = zone_date(z, at_us, NULL);
	if (unit == WEEK)
		d = date_of_days(date_days(d) - weekday(d) + 1);
	if (unit >= MONTH)
		d.day = 1;
	if (unit == QUARTER)
		d.month -= (d.month - 1) % 3;
	if (unit == YEAR)
		d.month = 1;
	return l_push_seconds(L, zone_date_us(z, d));
}

/* Whole months of the calendar from one local time to a later one. */
static int64_t
months_between(struct date from, int from_s, struct date to, int to_s)
{
	int64_t n = (int64_t)(to.year - from.year) * 12 + to.month - from.month;
	int64_t end = date_days(add_months(from, n));
	return n - (end > date_days(to) || (end == date_days(to) && from_s > to_s));
}

/* diff(a, b [, unit [, zone]]): whole units from a to b; negative when b is earlier */
static int
l_diff(lua_State *L)
{
	int64_t a = l_instant(L, 1), b = l_instant(L, 2), n;
	int unit = luaL_checkoption(L, 3, "day", units), a_s, b_s;
	const struct zone *z = l_zone(L, 4);
	int sign = b < a ? -1 : 1;
	struct date from = zone_date(z, sign < 0 ? b : a, &a_s),
		    to = zone_date(z, sign < 0 ? a : b, &b_s);
	if (unit >= MONTH) {
		static const int64_t months[] = {1, 3, 12};
		n = months_between(from, a_s, to, b_s) / months[unit - MONTH];
	} else if (unit >= DAY) {
		n = date_days(to) - date_days(from) - (a_s > b_s);
		n /= unit == WEEK ? 7 : 1;
	} else
		n = (b > a ? b - a : a - b) / (unit == SECOND	       ? SECOND_US
						      : unit == MINUTE ? MINUTE_US
								       : HOUR_US);
	lua_pushinteger(L, sign * n);
	return 1;
}

/* days(a, b [, zone]): midnights from a to b */
static int
l_days(lua_State *L)
{
	const struct zone *z = l_zone(L, 3);
	int64_t from = date_days(zone_date(z, l_instant(L, 1), NULL));
	lua_pushinteger(L, date_days(zone_date(z, l_instant(L, 2), NULL)) - from);
	return 1;
}

static int
l_weekday(lua_State *L)
{
	lua_pushinteger(L, weekday(zone_date(l_zone(L, 2), l_instant(L, 1), NULL)));
	return 1;
}

void
l_lib_date(lua_State *L)
{
	static const struct lib_word date[] = {
		{"add", l_add},
		{"add_days", l_add_days},
		{"add_months", l_add_months},
		{"days", l_days},
		{"diff", l_diff},
		{"format", l_format},
		{"make", l_make},
		{"parse", l_parse},
		{"parts", l_parts},
		{"start", l_start},
		{"weekday", l_weekday},
	};
	lua_newtable(L);
	l_words(L, date, sizeof date / sizeof date[0]);
	if (box_of(L)->use != BOX_RULE) {
		lua_pushcfunction(L, l_now);
		lua_setfield(L, -2, "now");
	}
	l_proxy(L, "date");
	lua_setfield(L, -2, "date");
}
