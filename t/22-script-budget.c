/* One company's scripts end at its share, another's go on; time brings it back; the background may owe a burst, not more. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "script/box.h"
#include "script/budget.h"
#include "script/template.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static struct settings settings;

/* Runs of a loop of about 30,000 gas until one is refused, at most many. */
static int
runs(struct arena *a, struct box **box, int many, struct err *e)
{
	struct val v;
	for (int i = 0; i < many; i++) {
		if (box_is_spent(*box)) {
			box_free(*box);
			*box = box_new(BOX_RULE, &settings, 0, 1);
		}
		if (box_run(a, *box, text_of("for i = 1, 30000 do end"), "s", NULL, &v, e) <
			0)
			return i;
	}
	return many;
}

static void
settings_refuse(struct arena *a)
{
	static const char *const names[] = {"rule_gas", "rule_memory_kb", "rule_wall_ms",
		"step_gas", "step_memory_kb", "step_wall_ms", "adapter_gas",
		"adapter_memory_kb", "adapter_wall_ms", "company_gas_s",
		"company_script_ms", "company_burst_s"};
	char path[] = "/tmp/cxdp-settings-XXXXXX";
	int fd = mkstemp(path), refused = 0, clear = 0;
	must(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (int k = 0; k < 3; k++) {
			static const char *const values[] = {"0", "-1", "none"};
			FILE *f = fopen(path, "we");
			struct settings s;
			struct err e;
			fprintf(f, "%s = %s\n", names[i], values[k]);
			fclose(f);
			refused += settings_read(a, path, &s, &e) < 0 &&
				   strcmp(e.field, names[i]) == 0 && e.line == 1;
			clear += k == 2 ||
				 strstr(e.text, "a limit that is off is no limit") != NULL;
		}
	unlink(path);
	ok(refused == 36, "no limit of a script can be 0, less or a word (%d)", refused);
	ok(clear == 36, "and the sentence says why");
}

int
main(void)
{
	struct arena *a = arena_new();
	struct err e = {.code = ERR_NONE};
	settings_refuse(a);
	must(settings_read(a, SOURCE_DIR "/t/fuzz/cxdp.conf", &settings, &e) == 0);
	settings.rule_gas = settings.company_gas_s = 1000000;
	settings.rule_wall_ms = 60000;
	settings.company_script_ms = 1000;
	settings.company_burst_s = 1;
	struct budget *one = budget_of(1, &settings), *two = budget_of(2, &settings);
	ok(one != two && one == budget_of(1, &settings), "a company has one budget");
	budget_enter(one, false);
	struct box *flood = box_new(BOX_RULE, &settings, 0, 1);
	budget_enter(two, false);
	struct box *other = box_new(BOX_RULE, &settings, 0, 1);
	int done = runs(a, &flood, 1000, &e);
	ok(done >= 30 && done < 200 && e.code == ERR_BUSY,
		"a flood is refused after its share (%d runs)", done);
	ok(strstr(e.text, "share of the processor; they go on in 1 s") != NULL,
		"with a sentence: %s", e.text);
	ok(!box_is_spent(flood), "its box is whole");
	ok(runs(a, &other, 5, &e) == 5, "another company's scripts go on");
	struct val v;
	budget_enter(one, false);
	struct box *again = box_new(BOX_RULE, &settings, 0, 1);
	ok(box_run(a, again, text_of("return 1"), "s", NULL, &v, &e) < 0,
		"a new box of the company is refused, too");
	box_free(again);
	struct box *ours = box_new(BOX_PAGE, &settings, 0, 1);
	ok(box_run(a, ours, text_of("return 1"), "s", NULL, &v, &e) == 0,
		"pages are drawn none the less");
	box_free(ours);
	struct template_set *set = template_set_letters(&settings);
	struct template *letter;
	ok(template_compile(set, text_of("{{ 1 }}"), "l", TEMPLATE_HTML, &letter, &e) < 0 &&
			e.code == ERR_BUSY && strcmp(e.field, "scripts") == 0,
		"its letters wait, too: %s", e.text);
	template_set_free(set);
	usleep(1200 * 1000);
	ok(runs(a, &flood, 3, &e) == 3, "a second later it goes on");
	runs(a, &flood, 1000, &e);
	budget_enter(one, true);
	done = runs(a, &flood, 1000, &e);
	ok(done >= 20 && done < 200 && e.code == ERR_BUSY,
		"work in the background may owe a burst, not more (%d runs)", done);
	budget_enter(NULL, false);
	box_free(flood);
	box_free(other);
	flood = box_new(BOX_RULE, &settings, 0, 1);
	ok(runs(a, &flood, 300, &e) == 300, "who works for nobody is not counted");
	box_free(flood);
	arena_free(a);
	return tap_done();
}
