/* See people.h. Names as they are met in Belarus and Russia; a tenth writes itself in Latin letters. */
#include "demo/people.h"
#include "base/arena.h"
#include "base/str.h"

#include <string.h>

#define PICK(c, list) (list)[chance_below((c), (int64_t)(sizeof(list) / sizeof(list)[0]))]

static const char *const women[] = {"Анна", "Мария", "Елена", "Ольга", "Наталья",
	"Екатерина", "Татьяна", "Ирина", "Светлана", "Юлия", "Анастасия", "Дарья",
	"Виктория", "Алина", "Полина", "Ксения", "Марина", "Людмила", "Вероника", "Алеся",
	"Яна", "Кристина", "Олеся", "Валентина", "София", "Ульяна", "Злата", "Милана",
	"Карина", "Маргарита"};
static const char *const men[] = {"Александр", "Дмитрий", "Сергей", "Андрей", "Алексей",
	"Максим", "Иван", "Михаил", "Павел", "Артём", "Николай", "Евгений", "Владимир",
	"Игорь", "Денис", "Роман", "Антон", "Кирилл", "Виталий", "Юрий", "Никита", "Олег",
	"Илья", "Вадим", "Глеб", "Тимофей", "Матвей", "Станислав", "Пётр", "Янка"};
/* stem and how it ends for a man and a woman */
static const struct {
	const char *stem, *man, *woman;
} surnames[] = {{"Иван", "ов", "ова"}, {"Ковал", "ёв", "ёва"}, {"Новик", "", ""},
	{"Козл", "ов", "ова"}, {"Ковальчук", "", ""}, {"Бондар", "ь", "ь"},
	{"Мельник", "", ""}, {"Шевч", "ук", "ук"}, {"Кравч", "енко", "енко"},
	{"Савицк", "ий", "ая"}, {"Жуковск", "ий", "ая"}, {"Климович", "", ""},
	{"Лукашевич", "", ""}, {"Станкевич", "", ""}, {"Петр", "ов", "ова"},
	{"Сидор", "ов", "ова"}, {"Мороз", "", ""}, {"Гончар", "ов", "ова"},
	{"Васил", "евский", "евская"}, {"Карпович", "", ""}, {"Романовск", "ий", "ая"},
	{"Зайц", "ев", "ева"}, {"Павл", "ов", "ова"}, {"Захар", "енко", "енко"},
	{"Лозов", "ик", "ик"}, {"Зинч", "ук", "ук"}, {"Дорошевич", "", ""},
	{"Соколовск", "ий", "ая"}, {"Пашкевич", "", ""}, {"Белявск", "ий", "ая"},
	{"Тарас", "евич", "евич"}, {"Юхневич", "", ""}, {"Шпак", "", ""},
	{"Левчук", "", ""}, {"Кузнец", "ов", "ова"}, {"Смирн", "ов", "ова"},
	{"Попов", "", "а"}, {"Волк", "ов", "ова"}, {"Корол", "ёв", "ёва"},
	{"Гайдук", "", ""}};
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

struct demo_person
demo_person_make(struct arena *a, uint64_t seed, int64_t number)
{
	struct chance c = {
		seed * 0x9E3779B97F4A7C15u + (uint64_t)number * 0xD1342543DE82EF95u};
	bool woman = chance_percent(&c, 58);
	size_t s = (size_t)chance_below(&c, sizeof surnames / sizeof *surnames);
	const char *first = woman ? PICK(&c, women) : PICK(&c, men);
	const char *last = arena_printf(
		a, "%s%s", surnames[s].stem, woman ? surnames[s].woman : surnames[s].man);
	int year = 1955 + (int)chance_below(&c, 52);
	const char *box = arena_printf(a, "%.1s.%s%02d%lld@%s", latin(a, first),
		latin(a, last), year % 100, (long long)(number % 997), PICK(&c, hosts));
	struct demo_person p = {.number = number,
		.first_name = first,
		.last_name = last,
		.gender = woman ? "female" : "male",
		.email = box,
		.city = city(&c),
		.language = chance_percent(&c, 8) ? "be" : "ru",
		.agrees = chance_percent(&c, 65)};
	if (chance_percent(&c, 10)) {
		p.first_name = capital(a, latin(a, first));
		p.last_name = capital(a, latin(a, last));
	} else if (chance_percent(&c, 40))
		p.middle_name = patronymic(a, PICK(&c, fathers), woman);
	/* code 00 is nobody's: the number looks right and rings nowhere */
	if (chance_percent(&c, 70))
		p.phone = arena_printf(a, "+37500%07lld", (long long)(1000000 + number));
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
