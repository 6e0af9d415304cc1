/* A rule for each profile in the box, beside stock Lua without limits: the same text over the same profiles, read by the same getter,
 * turn about in the same run. And a letter of 10 KB with 20 variables. ROUNDS and PROFILES may be given. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "script/box.h"
#include "script/template.h"

#include <lauxlib.h>
#include <lualib.h>

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 101 };

struct profile {
	int64_t bonus, visits;
	const char *city;
};

static struct profile *profiles;
static size_t profile_n = 200000;
static int rounds = 9;

/* What both sides read a profile by. */
static int
get(struct arena *a, void *obj, struct text key, struct val *out)
{
	const struct profile *p = obj;
	(void)a;
	if (text_is(key, "bonus"))
		*out = val_int(p->bonus);
	else if (text_is(key, "visits"))
		*out = val_int(p->visits);
	else if (text_is(key, "city"))
		*out = val_text(p->city);
	else
		return 0;
	return 1;
}

static int
stock_read(lua_State *L)
{
	struct val v;
	size_t n;
	const char *key = lua_tolstring(L, 2, &n);
	if (get(NULL, *(void **)lua_touserdata(L, 1), (struct text){key, n}, &v) == 0) {
		lua_getglobal(L, key);
		return 1;
	}
	if (v.kind == VAL_INT)
		lua_pushinteger(L, v.i);
	else
		lua_pushlstring(L, v.text.at, v.text.n);
	return 1;
}

static double
stock(const char *rule, int64_t *yes)
{
	struct arena *a = arena_new();
	lua_State *L = luaL_newstate();
	luaL_openlibs(L);
	must(luaL_loadstring(L, arena_printf(a, "local _ENV = ...; return (%s)", rule)) ==
		LUA_OK);
	void **object = lua_newuserdatauv(L, sizeof *object, 0);
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, stock_read);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	int64_t begun_us = time_monotonic_us();
	*yes = 0;
	for (size_t i = 0; i < profile_n; i++) {
		*object = &profiles[i];
		lua_pushvalue(L, 1);
		lua_pushvalue(L, 2);
		must(lua_pcall(L, 1, 1, 0) == LUA_OK);
		*yes += lua_toboolean(L, -1);
		lua_pop(L, 1);
	}
	double ns = (double)(time_monotonic_us() - begun_us) * 1000 / (double)profile_n;
	lua_close(L);
	arena_free(a);
	return ns;
}

static double
ours(const char *rule, int64_t *yes)
{
	struct err e = {.code = ERR_NONE};
	struct box_ref f;
	struct box *box = NULL;
	int64_t begun_us = time_monotonic_us();
	*yes = 0;
	for (size_t i = 0; i < profile_n; i++) {
		if (box == NULL || box_is_spent(box)) { /* as the evaluator does */
			box_free(box);
			box = box_new(BOX_RULE, NULL, 0, 1);
			must(box_load_expression(box, text_of(rule), "where", &f, &e) == 0);
		}
		int rc = box_test(box, f, get, &profiles[i], &e);
		if (rc < 0)
			printf("%s\n", e.text);
		must(rc >= 0);
		*yes += rc;
	}
	double ns = (double)(time_monotonic_us() - begun_us) * 1000 / (double)profile_n;
	box_free(box);
	return ns;
}

static int
by_size(const void *x, const void *y)
{
	double d = *(const double *)x - *(const double *)y;
	return (d > 0) - (d < 0);
}

static void
rule_bench(const char *name, const char *rule)
{
	double box_ns[ROUNDS_MAX], stock_ns[ROUNDS_MAX], ratio[ROUNDS_MAX];
	int64_t x, y;
	for (int i = 0; i < rounds; i++) {
		stock_ns[i] = stock(rule, &x);
		box_ns[i] = ours(rule, &y);
		must(x == y);
		ratio[i] = box_ns[i] / stock_ns[i];
	}
	size_t n = (size_t)rounds, middle = n / 2;
	qsort(box_ns, n, sizeof *box_ns, by_size);
	qsort(stock_ns, n, sizeof *stock_ns, by_size);
	qsort(ratio, n, sizeof *ratio, by_size);
	printf("%-12s box %5.0f ns, stock %5.0f ns a profile (medians of %d); ratio min "
	       "%.2f "
	       "median %.2f max %.2f\n",
		name, box_ns[middle], stock_ns[middle], rounds, ratio[0], ratio[middle],
		ratio[n - 1]);
}

static void
template_bench(struct arena *a)
{
	struct template_set *set = template_set_letters(NULL);
	struct template *t;
	struct str text = str_new(a), out = str_new(a);
	struct val vars = val_map(a);
	struct template_view view = {.language = "ru", .now_us = 1};
	struct err e;
	double each_us[ROUNDS_MAX];
	for (int i = 0; i < 20; i++) {
		str_addf(&text, "<p style=\"margin:0\">{{ v%d }}</p>", i);
		for (int k = 0; k < 9; k++)
			str_addz(&text, "<td class=\"x\">Свежий урожай из Юньнани</td>");
		val_put(a, &vars, arena_printf(a, "v%d", i), val_text("Анна & Ко"));
	}
	must(template_compile(set, str_text(&text), "letter", TEMPLATE_HTML, &t, &e) == 0);
	for (int r = 0; r < rounds; r++) {
		int64_t begun_us = time_monotonic_us();
		for (int i = 0; i < 5000; i++) {
			out.n = 0;
			must(template_render(t, &vars, &view, &out, &e) == 0);
		}
		each_us[r] = (double)(time_monotonic_us() - begun_us) / 5000;
	}
	qsort(each_us, (size_t)rounds, sizeof *each_us, by_size);
	printf("template     %zu bytes, 20 variables: %.0f renders/s (median of %d; min "
	       "%.0f, max "
	       "%.0f)\n",
		text.n, 1e6 / each_us[rounds / 2], rounds, 1e6 / each_us[rounds - 1],
		1e6 / each_us[0]);
	template_set_free(set);
}

int
main(int argc, char **argv)
{
	static const char *const cities[] = {"Минск", "Гомель", "Брест", "Minsk"};
	struct arena *a = arena_new();
	rounds = argc > 1 ? atoi(argv[1]) : rounds;
	profile_n = argc > 2 ? (size_t)atoi(argv[2]) : profile_n;
	must(rounds > 0 && rounds <= ROUNDS_MAX && profile_n > 0);
	profiles = calloc(profile_n, sizeof *profiles);
	must(profiles != NULL);
	for (size_t i = 0; i < profile_n; i++)
		profiles[i] = (struct profile){
			(int64_t)(i * 7919 % 1000), (int64_t)(i * 31 % 10), cities[i % 4]};
	rule_bench("two fields", "bonus > 500 and city == 'Минск'");
	rule_bench("four reads",
		"city == 'Минск' and bonus % 100 == 0 or visits > 3 and bonus < 900");
	rule_bench("text", "city:lower() == 'minsk' and #city == 5");
	rule_bench("a loop",
		"(function () local n = 0 for i = 1, 20 do n = n + i * visits end "
		"return n > 1000 end)()");
	template_bench(a);
	free(profiles);
	arena_free(a);
	return 0;
}
