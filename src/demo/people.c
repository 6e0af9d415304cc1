/* See people.h. A tenth writes itself in Latin letters, a tenth in Belarusian. */
#include "demo/people.h"
#include "base/arena.h"
#include "base/str.h"

#include <string.h>

#define PICK(c, list) (list)[chance_below((c), (int64_t)(sizeof(list) / sizeof(list)[0]))]

static const char *const fathers[] = {"Александр", "Сергей", "Иван", "Владимир", "Николай",
	"Виктор", "Михаил", "Пётр", "Андрей", "Павел", "Олег", "Юрий"};
static const struct {
	const char *name;
	int weight;
} cities[] = {{"Минск", 40}, {"Гомель", 9}, {"Гродно", 8}, {"Витебск", 7}, {"Могилёв", 7},
	{"Брест", 7}, {"Барановичи", 4}, {"Бобруйск", 4}, {"Пинск", 3}, {"Орша", 2},
	{"Лида", 2}, {"Полоцк", 2}, {"Москва", 3}, {"Смоленск", 2}};
static const char *const hosts[] = {
	"pochta.example", "mail.example", "minsk.example", "tut.example", "inbox.example"};

static const char *
city(struct chance *c)
{
	int64_t at = chance_below(c, 100);
	for (size_t i = 0; i < sizeof cities / sizeof *cities; i++) {
		at -= cities[i].weight;
		if (at < 0)
			return cities[i].name;
	}
	return "Минск";
}

/* Passport transliteration, ASCII. */
static const char *
latin(struct arena *a, const char *z)
{
	static const struct {
		const char *from, *to;
	} letters[] = {{"а", "a"}, {"б", "b"}, {"в", "v"}, {"г", "g"}, {"д", "d"},
		{"е", "e"}, {"ё", "e"}, {"ж", "zh"}, {"з", "z"}, {"и", "i"}, {"й", "i"},
		{"к", "k"}, {"л", "l"}, {"м", "m"}, {"н", "n"}, {"о", "o"}, {"п", "p"},
		{"р", "r"}, {"с", "s"}, {"т", "t"}, {"у", "u"}, {"ф", "f"}, {"х", "kh"},
		{"ц", "ts"}, {"ч", "ch"}, {"ш", "sh"}, {"щ", "shch"}, {"ъ", ""}, {"ы", "y"},
		{"ь", ""}, {"э", "e"}, {"ю", "iu"}, {"я", "ia"}};
	struct text low = text_fold(a, text_of(z));
	struct str s = str_new(a);
	for (size_t i = 0; i + 1 < low.n; i += 2)
		for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
			if (memcmp(low.at + i, letters[k].from, 2) == 0)
				str_addz(&s, letters[k].to);
	return text_z(a, str_text(&s));
}

static const char *
capital(struct arena *a, const char *z)
{
	char *copy = arena_text(a, z, strlen(z));
	if (copy[0] >= 'a' && copy[0] <= 'z')
		copy[0] = (char)(copy[0] - 'a' + 'A');
	return copy;
}

static const char *
patronymic(struct arena *a, const char *father, bool woman)
{
	size_t n = strlen(father);
	const char *soft = "й"; /* Сергей, Николай, Андрей, Юрий: two bytes less */
	if (n > 2 && strcmp(father + n - 2, soft) == 0)
		return arena_printf(
			a, "%.*s%s", (int)n - 2, father, woman ? "евна" : "евич");
	return arena_printf(a, "%s%s", strcmp(father, "Пётр") == 0 ? "Петр" : father,
		woman ? "овна" : "ович");
}

/* The number keeps addresses apart. */
static const char *
address(struct arena *a, struct chance *c, const char *first, const char *last,
	int64_t number)
{
	long long n = (long long)number;
	first = latin(a, first);
	last = latin(a, last);
	const char *host = PICK(c, hosts);
	switch (chance_below(c, 5)) {
	case 0:
		return arena_printf(a, "%.1s.%s%lld@%s", first, last, n, host);
	case 1:
		return arena_printf(a, "%s.%s%lld@%s", first, last, n, host);
	case 2:
		return arena_printf(a, "%s_%s%lld@%s", last, first, n, host);
	case 3:
		return arena_printf(a, "%s%lld@%s", first, n, host);
	default:
		return arena_printf(a, "%s-%.1s%lld@%s", last, first, n, host);
	}
}

struct demo_person
demo_person_make(struct arena *a, uint64_t seed, int64_t number)
{
	struct chance c = {
		seed * 0x9E3779B97F4A7C15u + (uint64_t)number * 0xD1342543DE82EF95u};
	bool woman = chance_percent(&c, 58), belarusian = chance_percent(&c, 10);
	const char *const *first = woman ? demo_women[chance_below(&c, demo_women_n)]
					 : demo_men[chance_below(&c, demo_men_n)];
	const char *const *last = demo_surnames[chance_below(&c, demo_surnames_n)];
	int year = 1955 + (int)chance_below(&c, 52);
	struct demo_person p = {.number = number,
		.first_name = first[belarusian],
		.last_name = last[belarusian * 2 + woman],
		.gender = woman ? "female" : "male",
		.email = address(a, &c, first[0], last[woman], number),
		.city = city(&c),
		.language = belarusian ? "be" : "ru",
		.agrees = chance_percent(&c, 65)};
	if (!belarusian && chance_percent(&c, 10)) {
		p.first_name = capital(a, latin(a, first[0]));
		p.last_name = capital(a, latin(a, last[woman]));
	} else if (!belarusian && chance_percent(&c, 40))
		p.middle_name = patronymic(a, PICK(&c, fathers), woman);
	/* code 00 is nobody's: the number looks right and rings nowhere */
	if (chance_percent(&c, 70))
		p.phone = arena_printf(
			a, "+37500%07lld", (long long)(1000000 + number * 797 % 8999993));
	if (chance_percent(&c, 60))
		p.birthday = arena_printf(a, "%04d-%02d-%02d", year,
			1 + (int)chance_below(&c, 12), 1 + (int)chance_below(&c, 28));
	if (chance_percent(&c, 45))
		p.external_id = arena_printf(a, "1C-%06lld", (long long)number);
	p.device = arena_printf(
		a, "demo-%llu-%lld", (unsigned long long)seed, (long long)number);
	int64_t zeal = chance_below(&c, 100);
	p.zeal = zeal < 35 ? 0 : zeal < 75 ? 1 : zeal < 94 ? 2 : 3;
	return p;
}
