/* See shop.h: fields, segments, letters, campaigns and scenarios of the shop, through the API. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "demo/people.h"
#include "demo/shop.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LETTER_MAX = 64 * 1024, LAUNCH_TRIES = 60 };

/* name, label, type, options as JSON */
static const char *const fields[][4] = {
	{"bonus", "Баллы", "number", "{\"unit\": \"баллов\", \"min\": 0}"},
	{"favourite", "Любимая категория", "text", "{}"},
	{"brewing", "Чем заваривает", "choice",
		"{\"choices\": [\"воронка\", \"турка\", \"френч-пресс\", \"кофемашина\"]}"},
	{"level", "Уровень", "choice",
		"{\"choices\": [\"обычный\", \"серебряный\", \"золотой\"], \"formula\": "
		"\"bonus and (bonus >= 800 and \\\"золотой\\\" or bonus >= 300 and "
		"\\\"серебряный\\\" or \\\"обычный\\\") or nil\"}"}};

const char demo_archived[] = "Зимняя распродажа";

static const char audience[] = "Минск, покупали за квартал";

/* name, rule, and {folder, description, unique by, locked} */
static const struct segment {
	const char *name, *rule, *folder, *description, *unique;
	bool locked;
} segments[] = {
	{"Постоянные",
		"-- три покупки и больше за полгода\n"
		"return event.purchase:within \"180d\":count():at_least(3)",
		"Удержание", "Кому первым показывают новый урожай", NULL, true},
	{"Минск, светлая обжарка",
		"return field.city:is \"Минск\"\n"
		"     & field.favourite:is \"Светлая обжарка\"",
		"По вкусам", NULL, NULL, false},
	{"Можно написать", "return reachable \"email\"", NULL,
		"Адрес есть, согласие дано, ничто не мешает", NULL, false},
	{"Остывают",
		"-- покупали, но два месяца не заходили\n"
		"return event.purchase:within \"365d\"\n"
		"     & ~event.page_view:within \"60d\"",
		"Удержание", "Кого пора вернуть", NULL, false},
	{"День рождения на неделе", "return field.birthday:anniversary \"7d\"", "Акции",
		NULL, NULL, false},
	{"Брошенная корзина",
		"return event.cart_add:within \"14d\"\n"
		"     & ~event.purchase:within \"14d\"",
		"Удержание", NULL, NULL, false},
	{audience,
		"return field.city:is \"Минск\"\n"
		"     & event.purchase:within \"90d\"\n"
		"     & reachable \"email\"",
		NULL, NULL, NULL, false},
	{"Купон: один на номер", "return event.purchase:within \"90d\"", "Акции",
		"С одним номером телефона купон получает один", "phone", false},
	{demo_archived, "return event.purchase:between(\"2025-12-01\", \"2026-02-28\")",
		"Акции", "Прошлая зима", NULL, false},
};

static const char *const letters[][3] = {
	{"Приветствие",
		"{{ default(profile.first_name, \"Здравствуйте\") }}, добро пожаловать!",
		"welcome"},
	{"Новый урожай", "Новый урожай: Эфиопия и Кения", "news"},
	{"Забытая корзина",
		"{{ default(profile.first_name, \"Здравствуйте\") }}, корзина ждёт вас",
		"cart"},
};

/* name, letter, segment, whether it is launched */
static const struct {
	const char *name, *letter, *segment;
	bool launched;
} campaigns[] = {{"Новый урожай, Минск", "Новый урожай", audience, true},
	{"Новый урожай, все остальные", "Новый урожай", "Можно написать", false}};

static const char *const scenarios[][2] = {
	{"Знакомство",
		"-- письмо сразу, второе через три дня тем, кто ничего не смотрел\n"
		"return scenario {\n"
		"  on = event.signup,\n"
		"  stop = event.purchase,\n"
		"  send \"Приветствие\",\n"
		"  wait_for(event.product_view, \"3d\") {\n"
		"    no = {\n"
		"      at { days = \"mon-fri\", from = \"10:00\", to = \"19:00\" },\n"
		"      send \"Новый урожай\",\n"
		"    },\n"
		"  },\n"
		"}"},
	{"Забытая корзина", "return scenario {\n"
			    "  on = event.cart_add,\n"
			    "  stop = event.purchase,\n"
			    "  again = \"7d\",\n"
			    "  wait \"1h\",\n"
			    "  when(reachable \"email\") {\n"
			    "    yes = { send \"Забытая корзина\" },\n"
			    "  },\n"
			    "}"},
};

enum { GUESTS = 60 }; /* of the festival: every third of the first ones */

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct val
map_of(struct shop *s, const char *const *keys, const char *const *texts, size_t n)
{
	struct val v = val_map(s->arena);
	for (size_t i = 0; i < n; i++)
		if (texts[i] != NULL)
			val_put(s->arena, &v, keys[i], val_text(texts[i]));
	return v;
}

/* Adds one thing; *id "" when it was there already. */
static int
add(struct shop *s, const char *path, const struct val *body, const char **id,
	struct err *e)
{
	const char *bearer = arena_printf(s->arena, "Bearer %s", s->order->api_key);
	struct text answer;
	struct val v;
	int status;
	*id = "";
	if (shop_post(s, path, bearer,
		    body != NULL ? json_text(s->arena, body) : text_of("{}"), &status,
		    &answer, e) < 0)
		return -1;
	if (status == 422)
		return err_set(e, ERR_INPUT, "%s: %.300s", path, text_z(s->arena, answer));
	if (status == 409)
		return 0;
	if (json_parse(s->arena, answer, &v, e) < 0)
		return -1;
	const struct val *data = val_get(&v, "data");
	*id = arena_printf(
		s->arena, "%s", text_z(s->arena, val_as_text(val_get(data, "id"))));
	return 0;
}

int
house_fields(struct shop *s, struct err *e)
{
	static const char *const keys[] = {"name", "label", "type"};
	const char *id;
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct val v = map_of(s, keys, fields[i], 3), options;
		if (json_parse(s->arena, text_of(fields[i][3]), &options, e) < 0)
			return -1;
		val_put(s->arena, &v, "options", options);
		if (add(s, "/api/v1/fields", &v, &id, e) < 0)
			return -1;
	}
	return 0;
}

static int
read_letter(struct shop *s, const char *name, const char **text, struct err *e)
{
	const char *path = arena_printf(
		s->arena, "%s/demo/%s.html", s->order->templates_dir, name);
	char *at = arena_alloc(s->arena, LETTER_MAX);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_INPUT, "cannot read %s: %m", path);
	size_t n = fread(at, 1, LETTER_MAX - 1, f);
	fclose(f);
	at[n] = '\0';
	*text = at;
	return 0;
}

/* The segment's first build may take a moment. */
static int
launch(struct shop *s, const char *id, struct err *e)
{
	const char *path = arena_printf(s->arena, "/api/v1/campaigns/%s/launch", id);
	const char *ignored;
	for (int try = 0;; try++) {
		if (add(s, path, NULL, &ignored, e) == 0)
			return 0;
		if (e->code != ERR_INPUT || try == LAUNCH_TRIES)
			return -1;
		usleep(500000);
	}
}

static int
add_campaigns(struct shop *s, const char *const *letter_ids, const char *const *segment_ids,
	struct err *e)
{
	for (size_t i = 0; i < COUNT(campaigns); i++) {
		const char *letter = "", *segment = "", *id;
		for (size_t k = 0; k < COUNT(letters); k++)
			if (strcmp(letters[k][0], campaigns[i].letter) == 0)
				letter = letter_ids[k];
		for (size_t k = 0; k < COUNT(segments); k++)
			if (strcmp(segments[k].name, campaigns[i].segment) == 0)
				segment = segment_ids[k];
		if (letter[0] == '\0' || segment[0] == '\0')
			continue; /* an earlier run was here */
		static const char *const keys[] = {"name", "template_id", "segment_id"};
		const char *texts[] = {campaigns[i].name, letter, segment};
		struct val v = map_of(s, keys, texts, 3);
		if (add(s, "/api/v1/campaigns", &v, &id, e) < 0 ||
			(id[0] != '\0' && campaigns[i].launched && launch(s, id, e) < 0))
			return -1;
	}
	return 0;
}

static int
add_segment(struct shop *s, const struct segment *one, const char **id, struct err *e)
{
	static const char *const keys[] = {"name", "rule", "folder", "description"};
	const char *texts[] = {one->name, one->rule, one->folder, one->description};
	struct val v = map_of(s, keys, texts, COUNT(keys)), unique = val_map(s->arena);
	if (one->unique != NULL) {
		val_put(s->arena, &unique, "by", val_text(one->unique));
		val_put(s->arena, &unique, "keep", val_text("last_updated"));
		val_put(s->arena, &v, "unique", unique);
	}
	if (one->locked)
		val_put(s->arena, &v, "locked", val_bool(true));
	return add(s, "/api/v1/segments", &v, id, e);
}

/* A static segment: who signed a list on paper. */
static int
add_guests(struct shop *s, struct err *e)
{
	static const char *const keys[] = {"name", "folder", "description"};
	const char *texts[] = {"Гости фестиваля чая", "Акции", "Список с бумаги, май"}, *id;
	struct val v = map_of(s, keys, texts, COUNT(keys)), emails = val_list(s->arena);
	for (int64_t i = 1; i <= GUESTS * 3; i += 3)
		val_push(s->arena, &emails,
			val_text(demo_person_make(s->arena, (uint64_t)s->order->seed, i)
					 .email));
	val_put(s->arena, &v, "static", val_bool(true));
	val_put(s->arena, &v, "emails", emails);
	return add(s, "/api/v1/segments", &v, &id, e);
}

int
house_rest(struct shop *s, struct err *e)
{
	static const char *const letter_keys[] = {"name", "subject", "body"};
	static const char *const script_keys[] = {"name", "script"};
	const char *segment_ids[COUNT(segments)], *letter_ids[COUNT(letters)], *id,
		*ignored;
	for (size_t i = 0; i < COUNT(segments); i++)
		if (add_segment(s, &segments[i], &segment_ids[i], e) < 0)
			return -1;
	if (add_guests(s, e) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(letters); i++) {
		const char *texts[] = {letters[i][0], letters[i][1], NULL};
		if (read_letter(s, letters[i][2], &texts[2], e) < 0)
			return -1;
		struct val v = map_of(s, letter_keys, texts, 3);
		if (add(s, "/api/v1/templates", &v, &letter_ids[i], e) < 0)
			return -1;
	}
	for (size_t i = 0; i < COUNT(scenarios); i++) {
		struct val v = map_of(s, script_keys, scenarios[i], 2);
		if (add(s, "/api/v1/scenarios", &v, &id, e) < 0)
			return -1;
		const char *path = arena_printf(
			s->arena, "/api/v1/scenarios/%s/publish", id);
		if (id[0] != '\0' && add(s, path, NULL, &ignored, e) < 0)
			return -1;
	}
	return add_campaigns(s, letter_ids, segment_ids, e);
}
