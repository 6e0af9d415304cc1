/* A scenario's text becomes a tree of steps, or a sentence with a line. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "scenario/compile.h"
#include "tap.h"

static const struct {
	const char *script, *want;
} cases[] = {
	{"return scenario {\n on = event.cart_updated:where { total = at_least(50) },\n "
	 "stop = event['Order Completed'], again = "
	 "'7d',\n wait '1h',\n send 'cart-reminder',\n}",
		"{\"on\":{\"event\":\"cart_updated\",\"where\":[{\"op\":\"at_least\","
		"\"prop\":\"total\",\"value\":50}]},"
		"\"stop\":{\"event\":\"purchase\"},\"again_us\":604800000000,\"steps\":["
		"{\"op\":\"wait\",\"line\":4,\"for_us\":3600000000},{\"op\":\"send\","
		"\"line\":5,\"template\":\"cart-reminder\"}]}"},
	{"return scenario { on = segment_enter 'VIP', wait_for(event.email_click, '2d') { "
	 "yes = send 'a', no = { at { days = "
	 "'mon-wed,sat', from = '10:00', to = '19:30' }, finish() } } }",
		"{\"on\":{\"segment\":\"VIP\"},\"steps\":[{\"op\":\"wait_for\",\"line\":1,"
		"\"for_us\":172800000000,\"event\":{\"event\":"
		"\"email_click\"},\"yes\":[{\"op\":\"send\",\"line\":1,\"template\":\"a\"}]"
		",\"no\":[{\"op\":\"at\",\"line\":1,\"days\":[1,"
		"2,3,6],\"from_s\":36000,\"to_s\":70200},{\"op\":\"end\",\"line\":1}]}]}"},
	{"local city, least = 'Минск \"2\"', 2\nreturn scenario { on = event.a,\n "
	 "when(field.city:is(city) & "
	 "~(event.purchase:within '90d':count():at_least(least) | known())) { yes = { send "
	 "'x' } } }",
		"{\"on\":{\"event\":\"a\"},\"steps\":[{\"op\":\"when\",\"line\":3,\"rule\":"
		"\"(field.city:is(\\\"Минск "
		"\\\\\\\"2\\\\\\\"\\\") & "
		"~((event.purchase:within(\\\"90d\\\"):count():at_least(2) | known())))\","
		"\"yes\":[{\"op\":\"send\",\"line\":3,\"template\":\"x\"}],\"no\":[]}]}"},
	{"return scenario { on = event.a, when(where [[ age > 5 ]]) { no = { when(segment "
	 "'x') { yes = finish() } } } }",
		"{\"on\":{\"event\":\"a\"},\"steps\":[{\"op\":\"when\",\"line\":1,\"rule\":"
		"\"where(\\\" age > 5 \\\")\",\"yes\":[],\"no\":[{"
		"\"op\":\"when\",\"line\":1,\"rule\":\"segment(\\\"x\\\")\",\"yes\":[{"
		"\"op\":\"end\",\"line\":1}],\"no\":[]}]}]}"},
	{"return scenario { on = event.a, again = true, wait_for(event.b:where{city = "
	 "one_of{'x', 'y'}, n = between(1, 2)}, '1d') }",
		"{\"on\":{\"event\":\"a\"},\"again_us\":0,\"steps\":[{\"op\":\"wait_for\","
		"\"line\":1,\"for_us\":86400000000,\"event\":{"
		"\"event\":\"b\",\"where\":[{\"op\":\"one_of\",\"prop\":\"city\",\"value\":"
		"[\"x\",\"y\"]},{\"op\":\"between\",\"prop\":"
		"\"n\",\"to\":2,\"value\":1}]},\"yes\":[],\"no\":[]}]}"},
	/* refused */
	{"return scenario { wait '1h' }", "line 1: a scenario begins with on = event.NAME "
					  "or on = segment_enter \"name\""},
	{"return scenario { on = event.a }", "line 1: a scenario needs a step"},
	{"return scenario { on = event.a,\n wait(5) }",
		"line 2: wait expects a duration such as \"15m\", \"1h\" or \"2d\", got "
		"number 5"},
	{"return scenario { on = event.a:within '1d', wait '1h' }",
		"line 1: on: an event that is yet to come takes no within or between"},
	{"return scenario { on = field.city:is 'x', wait '1h' }",
		"line 1: on expects an event such as event.purchase or segment_enter "
		"\"name\", got a condition"},
	{"return scenario { on = event.a, wait '1h', 5 }",
		"line 1: scenario: step 2 is number 5; steps are wait, send, wait_for, "
		"when, at, finish()"},
	{"return scenario { on = event.a, wait '1h', nil, wait '2h' }",
		"line 1: scenario: there is no word \"3\" here, or the list of steps has a "
		"hole"},
	{"return scenario { on = event.a, when(known()) }",
		"line 1: when(…) is followed by { yes = { … }, no = { … } }"},
	{"return scenario { on = event.a, when(known()) { maybe = {} } }",
		"line 1: when: only yes = { … } and no = { … } stand here, not maybe"},
	{"return scenario { on = event.a, when(field.city) {} }",
		"line 1: a field alone is no condition: add a word, as in field.city:is "
		"\"…\""},
	{"local w = wait '1h'\nreturn scenario { on = event.a, wait '2h' }",
		"line 1: this wait is built and not used"},
	{"local w = known()\nreturn scenario { on = event.a, wait '2h' }",
		"line 1: this condition is built and not used: join conditions with & | ~ "
		"(not and, or, not), and return what you "
		"built"},
	{"return scenario { on = event.a, send 'x' { yes = {} } }",
		"line 1: a step is not called: put a comma between two steps"},
	{"return scenario { on = event.a, at { days = 'monday' } }",
		"line 1: at: a day is mon, tue, wed, thu, fri, sat or sun, got text "
		"\"monday\""},
	{"return scenario { on = event.a, at { from = '19:00', to = '10:00' } }",
		"line 1: at: from comes before to, on one day"},
	{"return scenario { on = event.a, points(50) }",
		"line 1: there is no word points: fields are field.points, texts stand in "
		"quotes"},
	{"return 5", "line 1: a scenario gives back itself: return scenario { … }"},
	{"return scenario { on = event.a, of = 1, wait '1h' }",
		"line 1: scenario: there is no word \"of\"; on, stop, again and steps "
		"stand here"},
	{"return scenario { on = event.a,\n when(known() or field.city:is 'x') { yes = "
	 "finish() } }",
		"line 2: conditions are joined with |, not with or: what stands behind or "
		"would never be asked"},
	{"while true do end", "line 0: the script used up its gas"},
};

int
main(void)
{
	struct arena *a = arena_new();
	struct settings settings = {.lua_dir = SOURCE_DIR "/lua",
		.step_gas = 1000000,
		.step_memory_kb = 4096,
		.step_wall_ms = 500};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct val tree;
		struct err e = {.code = ERR_NONE};
		const char *got;
		if (scenario_compile(a, &settings, text_of(cases[i].script), &tree, &e) < 0)
			got = arena_printf(a, "line %d: %s", e.line, e.text);
		else
			got = text_z(a, json_text(a, &tree));
		is_text(got, cases[i].want, "scenario %zu", i);
	}
	arena_free(a);
	return tap_done();
}
