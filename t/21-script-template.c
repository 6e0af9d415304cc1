/* Templates print what they should, escaped for where it stands, and say where they are wrong. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "script/template.h"
#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct template_set *letters;
static const char *data =
	"{\"profile\":{\"first_name\":\"Анна\",\"evil\":\"<b>\\\"'&\",\"js\":\"javascript:"
	"alert(1)\","
	"\"tab\":\"java\\tscript:x\",\"site\":\"https://a.example/"
	"?x=1&y=2\",\"birthday\":\"1991-12-14\"},"
	"\"n\":5,\"price\":125050,\"at\":\"2026-03-05T20:30:00Z\",\"list\":[\"a\",\"b\"],"
	"\"map\":{\"z\":1,\"a\":2},\"yes\":true,\"half\":0.5,\"five\":5.0}";

static const char *
rendered(struct arena *a, const char *text, enum template_mode mode, const char *language)
{
	struct err e = {.code = ERR_NONE};
	struct val vars;
	struct template *t;
	struct str out = str_new(a);
	struct template_view view = {.language = language,
		.zone = zone_find(text_of("Europe/Minsk")),
		.currency = "BYN",
		.now_us = 1772742600 * SECOND_US + 3 * HOUR_US};
	must(json_parse(a, text_of(data), &vars, &e) == 0);
	if (template_compile(letters, text_of(text), "letter", mode, &t, &e) < 0)
		return arena_printf(a, "[%d] %s", e.line, e.text);
	int rc = template_render(t, &vars, &view, &out, &e);
	template_drop(t);
	if (rc < 0)
		return arena_printf(a, "(%d) %s", e.line, e.text);
	str_addc(&out, '\0');
	return out.at;
}

struct expect {
	const char *text, *want;
};

static const struct expect html[] = {
	{"Hi {{ profile.first_name }}!", "Hi Анна!"},
	{"{{ profile.evil }}", "&lt;b&gt;&#34;&#39;&amp;"},
	{"<a title=\"{{ profile.evil }}\">", "<a title=\"&lt;b&gt;&#34;&#39;&amp;\">"},
	{"{{{ profile.evil }}}", "<b>\"'&"},
	{"[{{ profile.none }}{{ none.x.y }}{{ nil }}]", "[]"},
	{"{{ 'x' .. default(none.y, '') .. 'z' }}", "xz"},
	{"{{ five }} {{ half }} {{ yes }}", "5 0.5 true"},
	{"<a href=\"{{ profile.js }}\">", "<a href=\"#\">"},
	{"<a href=\"{{ profile.tab }}\">", "<a href=\"#\">"},
	{"<a href='{{ profile.site }}'>", "<a href='https://a.example/?x=1&amp;y=2'>"},
	{"<a href=\"/p?q={{ url(profile.evil) }}\">", "<a href=\"/p?q=%3Cb%3E%22%27%26\">"},
	{"<a href=\"/x/{{ profile.js }}\">", "<a href=\"/x/javascript:alert(1)\">"},
	{"<a href=\"{{ 'java' }}{{ 'script:alert(1)' }}\">",
		"<a href=\"javascript%3Aalert%281%29\">"},
	{"<a href=\"java{{ 'script:alert(1)' }}\">",
		"<a href=\"javascript%3Aalert%281%29\">"},
	{"<div hx-get=\"{{ profile.js }}\">", "<div hx-get=\"#\">"},
	{"<a href=\"mailto:{{ 'a@b.example' }}\">", "<a href=\"mailto:a@b.example\">"},
	{"<i style=\"color: {{ '#fff' }}; {{ 'x:url(y)' }}\">",
		"<i style=\"color: #fff; \">"},
	{"<script type=\"application/json\">{{ json({a = '</script>'}) }}</script>",
		"<script "
		"type=\"application/json\">{\"a\":\"\\u003c/script\\u003e\"}</script>"},
	{"<textarea>{{ profile.evil }}</textarea>",
		"<textarea>&lt;b&gt;&#34;&#39;&amp;</textarea>"},
	{"{% if n > 3 %}big{% elseif n > 1 %}mid{% else %}small{% end %}", "big"},
	{"{% if none %}a{% else %}b{% end %}", "b"},
	{"{% for x in list %}<li>{{ x }}{% end %}", "<li>a<li>b"},
	{"{% for k, v in map %}{{ k }}={{ v }};{% end %}", "a=2;z=1;"},
	{"{% for i, v in list %}{{ i }}{{ v }}{% end %}", "1a2b"},
	{"{% for x in none %}no{% end %}ok", "ok"},
	{"{% local x = n * 2 %}{{ x }}", "10"},
	{"{# {{ nothing }} #}a", "a"},
	{"<option value=\"1\"{% if yes %} selected{% end %}>x",
		"<option value=\"1\" selected>x"},
	{"<i class=\"a{% if yes %} b{% end %}\">", "<i class=\"a b\">"},
	{"a\n  {% if yes %}\n  b\n  {% end %}\nc\n", "a\n  b\nc\n"},
	{"{{ \"}}\" }}{{ ({x = {1}}).x[1] }}", "}}1"},
	{"{{ default(profile.none, '–') }}{{ default('', 'e') }}", "–e"},
	{"{{ truncate('Привет, мир', 7) }}", "Привет…"},
	{"{{ join(list) }}", "a, b"},
	{"{{ list[1]:upper() }}", "A"},
	/* and what is wrong */
	{"a\n{{ x + }}", "[2] letter, line 2: \"x +\": unexpected symbol near <eof>"},
	{"{{ 1) x = (2 }}", "[1] letter, line 1: \"1) x = (2\": <eof> expected near ')'"},
	{"\n\n{{ n.x.y() }}",
		"(3) letter, line 3: attempt to index a number value (global 'n')"},
	{"{{ profile }}", "(1) letter, line 1: a table cannot be printed"},
	{"{% if x %}", "[1] letter, line 1: no {% end %} for this block"},
	{"{% end %}", "[1] letter, line 1: this end ends nothing"},
	{"{% what %}", "[1] letter, line 1: expected if, elseif, else, for, end, local, "
		       "set, include or layout"},
	{"{{ x ", "[1] letter, line 1: no }} for this {{"},
	{"<a href={{ x }}>", "[1] letter, line 1: put the attribute's value into quotes"},
	{"<a {{ x }}>", "[1] letter, line 1: nothing is printed inside a tag but the "
			"quoted values of attributes"},
	{"<a onclick=\"{{ x }}\">",
		"[1] letter, line 1: nothing is printed into an event handler"},
	{"<a title=\"{{{ x }}}\">",
		"[1] letter, line 1: nothing raw is printed into an attribute"},
	{"<!-- {{ x }} -->", "[1] letter, line 1: nothing is printed into a comment"},
	{"<script>{{ x }}</script>", "[1] letter, line 1: inside <style> and <script> "
				     "nothing is printed, only {{ "
				     "json(v) }} in a script of JSON"},
	{"<style>{{ x }}</style>", "[1] letter, line 1: inside <style> and <script> "
				   "nothing is printed, only {{ "
				   "json(v) }} in a script of JSON"},
	{"<a href=\"javascript:{{ x }}\">",
		"[1] letter, line 1: an address with such a beginning takes no expression"},
	{"{% if x %}<a href=\"{% end %}",
		"[1] letter, line 1: this block does not end where in the HTML it began"},
	{"<a href=\"", "[1] letter, line 1: the template ends inside a tag, a comment, "
		       "<style> or <script>"},
	{"{{ _ENV }}", "[1] letter, line 1: the name _ENV is not for templates"},
	{"{% for i = 1, 9 %}x{% end %}", "[1] letter, line 1: expected {% for x in list %} "
					 "or {% for k, v in map %}"},
	{"{{ (function () while true do end end)() }}",
		"(0) letter: the script used up its gas"},
	{"again", "again"},
};

static const struct expect plain[] = {
	{"{{ profile.evil }}", "<b>\"'&"},
	{"{{ date(at, 'dd.MM.yyyy HH:mm') }}", "05.03.2026 23:30"},
	{"{{ date(at, 'long') }}", "5 марта 2026 г."},
	{"{{ date(profile.birthday) }}{{ date(none) }}", "14.12.1991"},
	{"{{ date(at, 'ago') }}", "3 часа назад"},
	{"{{ money(price) }}|{{ money(100) }}|{{ money(-1234567, '') }}", "1\xC2\xA0"
									  "250,50\xC2\xA0"
									  "BYN|1\xC2\xA0"
									  "BYN|−12\xC2\xA0"
									  "345,67"},
	{"{{ number(1234567.5) }}|{{ number(half, 2) }}", "1\xC2\xA0"
							  "234\xC2\xA0"
							  "567,5|0,50"},
	{"{{ n }} {{ plural(n, 'день', 'дня', 'дней') }}, {{ plural(22, 'день', 'дня', "
	 "'дней') }}",
		"5 дней, дня"},
	{"{{ upper('привет') }} {{ lower('МИР') }}", "ПРИВЕТ мир"},
	{"{{ json(list) }}", "[\"a\",\"b\"]"},
};

static const char *
page(struct arena *a, struct template_set *set, const char *name, const char *vars)
{
	struct err e = {.code = ERR_NONE};
	struct val v;
	struct str out = str_new(a);
	must(json_parse(a, text_of(vars), &v, &e) == 0);
	if (template_page(set, name, &v, NULL, &out, &e) < 0)
		return arena_printf(a, "(%d) %s", e.line, e.text);
	str_addc(&out, '\0');
	return out.at;
}

static void
put_file(struct arena *a, const char *dir, const char *name, const char *text)
{
	FILE *f = fopen(arena_printf(a, "%s/%s.html", dir, name), "we");
	must(f != NULL);
	fputs(text, f);
	fclose(f);
}

static int
say(struct box *box, struct arena *a, void *obj, const struct val *args, size_t n,
	struct val *result, struct err *e)
{
	(void)box, (void)e, (void)n;
	*result = val_text(
		arena_printf(a, "%s:%s", (const char *)obj, val_as_z(a, &args[0])));
	return 0;
}

static void
files(struct arena *a)
{
	char dir[] = "/tmp/cxdp-template-XXXXXX";
	must(mkdtemp(dir) != NULL);
	put_file(a, dir, "frame", "<title>{{ title }}</title>{{{ body }}}{{ t('end') }}");
	put_file(a, dir, "hello",
		"{% layout \"frame\" %}\n{% set title = \"A & B\" %}\n<p>{{ name }}</p>"
		"{% include \"row\" with { x = 2 } %}{% include \"row\" %}");
	put_file(a, dir, "row", "[{{ x }}{{ name }}]");
	put_file(a, dir, "bad", "\n{% include \"broken\" %}");
	put_file(a, dir, "broken", "\n\n{{ x() }}");
	put_file(a, dir, "loop", "{% include \"loop\" %}");
	struct template_set *set = template_set_new(dir, NULL, BOX_PAGE, true);
	template_set_give(set, "t", say, (void *)"ru");
	is_text(page(a, set, "hello", "{\"name\":\"<x>\"}"),
		"<title>A &amp; B</title><p>&lt;x&gt;</p>[2&lt;x&gt;][&lt;x&gt;]ru:end",
		"a page in its layout, with parts and t()");
	is_text(page(a, set, "bad", "{}"),
		"(3) broken, line 3: attempt to call a nil value (global 'x')",
		"an error names the part and its line");
	is_text(page(a, set, "loop", "{}"),
		"(1) loop, line 1: parts included deeper than 16",
		"a part that includes itself ends");
	is_text(page(a, set, "../etc/passwd", "{}"),
		"(0) no template is called ../etc/passwd", "a name is no path");
	put_file(a, dir, "row", "now {{ x }}");
	must(utimensat(0, arena_printf(a, "%s/row.html", dir), NULL, 0) == 0);
	is_text(page(a, set, "row", "{\"x\":1}"), "now 1", "a changed file is read again");
	template_set_free(set);
}

/* Every page of ours compiles. */
static void
own_pages(struct arena *a)
{
	struct template_set *set = template_set_new(NULL, NULL, BOX_PAGE, false);
	FILE *names = popen("find " SOURCE_DIR "/templates -name '*.html' | sort", "r");
	char path[1000];
	int bad = 0, n = 0;
	must(names != NULL);
	for (; fgets(path, sizeof path, names) != NULL; n++) {
		path[strcspn(path, "\n")] = '\0';
		FILE *f = fopen(path, "re");
		must(f != NULL);
		char *bytes = arena_alloc(a, 200000);
		struct text text = {bytes, fread(bytes, 1, 200000, f)};
		fclose(f);
		struct template *t;
		struct err e;
		if (template_compile(set, text, path + strlen(SOURCE_DIR "/templates/"),
			    TEMPLATE_HTML, &t, &e) < 0) {
			printf("# %s\n", e.text);
			bad++;
		}
	}
	pclose(names);
	ok(bad == 0, "all %d pages of ours compile", n);
	template_set_free(set);
}

int
main(void)
{
	struct arena *a = arena_new();
	letters = template_set_letters(NULL);
	for (size_t i = 0; i < sizeof html / sizeof html[0]; i++)
		is_text(rendered(a, html[i].text, TEMPLATE_HTML, "en"), html[i].want,
			"HTML %zu", i);
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		is_text(rendered(a, plain[i].text, TEMPLATE_PLAIN, "ru"), plain[i].want,
			"plain %zu", i);
	is_text(rendered(a, "{{ 'a\\r\\nBcc: x' }}", TEMPLATE_SUBJECT, "ru"), "a  Bcc: x",
		"a subject stays on its line");
	is_text(rendered(a, "a\nb\tc", TEMPLATE_SUBJECT, "ru"), "a b c",
		"also with what its writer typed");
	struct template *t;
	struct err e;
	must(template_compile(letters,
		     text_of("{{ profile.first_name }} {% for o in order.items %}{{ o.name "
			     "}} {{ money(o.price) }}{% end %}"
			     "{{ profile.first_name:upper() .. 'x.y' }}"),
		     "l", TEMPLATE_HTML, &t, &e) == 0);
	struct val names = template_names(a, t);
	is_text(json_text(a, &names).at, "[\"profile.first_name\",\"order.items\"]",
		"the variables of a letter are known");
	template_drop(t);
	files(a);
	own_pages(a);
	template_set_free(letters);
	arena_free(a);
	return tap_done();
}
