/* See password.h. The words are our own list: what short lists of leaked passwords have in common, in English and Russian, typed
 * in either layout. */
#include "tenant/password.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <string.h>

enum { RUN_MAX = 8, SIGNS_MIN = 4, PERIOD_MAX = 6 };

static const char *const obvious[] = {"password", "passwort", "passw", "pass", "word",
	"parol", "pwd", "secret", "admin", "administrator", "root", "user", "login",
	"guest", "test", "tester", "testing", "demo", "default", "change", "changeme", "me",
	"temp", "temporary", "welcome", "hello", "letmein", "let", "in", "my", "the",
	"your", "our", "is", "this", "new", "old", "super", "superuser", "master",
	"manager", "system", "server", "service", "company", "office", "account", "access",
	"enter", "open", "sesame", "qwerty", "qwertz", "azerty", "qwertyuiop", "qwertyui",
	"asdf", "asdfgh", "asdfghjkl", "zxcv", "zxcvbn", "zxcvbnm", "qazwsx", "wsx", "edc",
	"qaz", "rfv", "tgb", "abc", "abcd", "abcdef", "xyz", "love", "iloveyou", "you", "i",
	"lovely", "baby", "angel", "princess", "prince", "sunshine", "summer", "winter",
	"autumn", "spring", "monday", "friday", "january", "december", "month", "monkey",
	"dragon", "tiger", "lion", "shadow", "ninja", "pokemon", "batman", "superman",
	"spiderman", "starwars", "matrix", "football", "baseball", "basketball", "hockey",
	"soccer", "liverpool", "chelsea", "arsenal", "barcelona", "juventus", "spartak",
	"zenit", "dynamo", "michael", "jordan", "daniel", "jessica", "ashley", "charlie",
	"george", "thomas", "andrew", "alexander", "alexandr", "sergey", "dmitry", "andrey",
	"maxim", "natasha", "tatiana", "marina", "olga", "anna", "maria", "freedom",
	"whatever", "trustno", "computer", "internet", "samsung", "apple", "google",
	"yandex", "facebook", "vkontakte", "windows", "microsoft", "android", "iphone",
	"minecraft", "roblox", "minsk", "moscow", "moskva", "russia", "belarus",
	"kazakhstan", "privet", "zdravstvuy", "lyubov", "solnyshko", "kotik", "zaychik",
	"qwe", "asd", "zxc", "ewq", "dsa", "cxz", "cxdp", "marketing", "market", "shop",
	"store", "customer", "data", "platform", "correct", "horse", "battery", "staple",
	/* the same in Russian */
	"пароль", "паролик", "секрет", "админ", "администратор", "логин", "вход", "гость",
	"тест", "привет", "здравствуй", "любовь", "люблю", "солнышко", "солнце", "котик",
	"зайка", "зайчик", "йцукен", "йцукенгшщзхъ", "фывапролджэ", "фывапролд", "фыва",
	"ячсмить", "ячсмитьбю", "йфя", "цыч", "россия", "беларусь", "минск", "москва",
	"наташа", "сергей", "александр", "дмитрий", "максим", "марина", "спартак", "зенит",
	"динамо", "лето", "зима", "весна", "осень", "мой", "моя", "новый", "это", "самый",
	"супер", "компания",
	/* Russian words in the Latin layout */
	"gfhjkm", "ghbdtn", "k.,jdm", "yfnfif", "vfrcbv", "fylhtq", "cthutq", "fktrcfylh",
	"cjkysirj", "vfhbyf", "hjccbz", "vjcrdf", "flvby", "ckfdf"};

static const char *const rows[] = {"abcdefghijklmnopqrstuvwxyz", "01234567890",
	"qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
	"qazwsxedcrfvtgbyhnujm", "!@#$%^&*()_+", "абвгдежзийклмнопрстуфхцчшщъыьэюя",
	"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"};

/* Folded text with 0 for o, @ for a and the like read as letters. */
static struct text
plain(struct arena *a, struct text t)
{
	static const char from[] = "0134578@$!", to[] = "oieastbasi";
	char *out = arena_dup(a, t.at, t.n + (t.n == 0));
	for (size_t i = 0; i < t.n; i++) {
		const char *at = out[i] != '\0' ? strchr(from, out[i]) : NULL;
		if (at != NULL)
			out[i] = to[at - from];
	}
	return (struct text){out, t.n};
}

static bool
is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || c >= 0x80;
}

/* What is left of digits and signs around it. */
static struct text
core(struct text t)
{
	while (t.n > 0 && !is_letter((unsigned char)t.at[0]))
		t = (struct text){t.at + 1, t.n - 1};
	while (t.n > 0 && !is_letter((unsigned char)t.at[t.n - 1]))
		t.n--;
	return t;
}

/* Is it nothing but common words, one behind the other, with signs between? */
static bool
is_of_words(struct arena *a, struct text t)
{
	bool *reached = arena_array(a, t.n + 1, sizeof *reached);
	reached[0] = true;
	for (size_t i = 0; i < t.n; i++) {
		if (!reached[i])
			continue;
		if (!is_letter((unsigned char)t.at[i]))
			reached[i + 1] = true;
		for (size_t k = 0; k < sizeof obvious / sizeof *obvious; k++) {
			size_t n = strlen(obvious[k]);
			if (n <= t.n - i && memcmp(t.at + i, obvious[k], n) == 0)
				reached[i + n] = true;
		}
	}
	return reached[t.n];
}

/* Is all of it a piece of at most PERIOD_MAX bytes again and again, or made of very few signs? */
static bool
repeats(struct text t)
{
	bool seen[256] = {0};
	int signs = 0;
	for (size_t i = 0; i < t.n; i++)
		if (!seen[(unsigned char)t.at[i]]) {
			seen[(unsigned char)t.at[i]] = true;
			signs++;
		}
	for (size_t period = 1; period <= PERIOD_MAX; period++)
		if (memcmp(t.at, t.at + period, t.n - period) == 0)
			return true;
	return signs < SIGNS_MIN;
}

/* The longest piece of a row of the alphabet or keyboard, either way, is most of it. */
static bool
is_run(struct arena *a, struct text t)
{
	size_t longest = 0;
	char *back = arena_alloc(a, t.n + 1);
	for (size_t i = 0; i < t.n; i++)
		back[i] = t.at[t.n - 1 - i];
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
		for (size_t i = 0; i < 2 * t.n; i++) {
			const char *at = i < t.n ? t.at + i : back + (i - t.n);
			size_t left = i < t.n ? t.n - i : 2 * t.n - i;
			for (const char *from = rows[r]; *from != '\0'; from++) {
				size_t n = 0;
				while (n < left && from[n] != '\0' && at[n] == from[n])
					n++;
				longest = n > longest ? n : longest;
			}
		}
	return longest >= RUN_MAX && 2 * longest >= t.n;
}

int
password_check(struct arena *a, struct text password, const char *email, struct err *e)
{
	if (password.n < PASSWORD_BYTES_MIN || password.n > PASSWORD_BYTES_MAX)
		return err_field(e, "password", "a password has 12 to 1024 bytes, not %zu",
			password.n);
	if (!text_is_utf8(password))
		return err_field(e, "password", "a password is UTF-8 text");
	struct text folded = text_fold(a, password);
	struct text own = text_fold(a, text_of(email));
	if (text_same(folded, own) || repeats(folded) || is_run(a, folded) ||
		is_of_words(a, folded) || is_of_words(a, core(plain(a, folded))) ||
		is_of_words(a, plain(a, core(folded))))
		return err_field(
			e, "password", "this password is among the first that are guessed");
	return 0;
}
