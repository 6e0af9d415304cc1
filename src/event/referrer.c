/* See referrer.h. */
#include "event/referrer.h"

#include <string.h>

static const char *const search[] = {"google", "yandex", "ya", "bing", "duckduckgo",
	"yahoo", "baidu", "rambler", "ecosia", "qwant", "startpage", "naver", "seznam",
	"search"};
static const char *const social[] = {"facebook", "fb", "instagram", "vk", "vkontakte", "ok",
	"odnoklassniki", "twitter", "x", "t", "telegram", "youtube", "youtu", "tiktok",
	"linkedin", "lnkd", "pinterest", "reddit", "threads", "dzen", "rutube", "whatsapp",
	"viber"};
static const char *const mail[] = {"mail", "gmail", "outlook", "webmail"};
static const char *const ad_marks[] = {"gclid=", "yclid=", "fbclid=", "msclkid=", "gbraid=",
	"wbraid=", "ttclid=", "ysclid_ad="};

struct text
referrer_host(struct text url)
{
	const char *start = memmem(url.at, url.n, "://", 3);
	if (start == NULL)
		return (struct text){"", 0};
	struct text host = {start + 3, url.n - (size_t)(start + 3 - url.at)};
	size_t n = 0;
	while (n < host.n && memchr("/?#:", host.at[n], 4) == NULL)
		n++;
	host.n = n;
	if (host.n > 4 && strncasecmp(host.at, "www.", 4) == 0)
		host = (struct text){host.at + 4, host.n - 4};
	return host;
}

struct text
referrer_section(struct text url)
{
	const char *start = memmem(url.at, url.n, "://", 3);
	const char *end = url.at + url.n, *at = start != NULL ? start + 3 : url.at;
	if (start != NULL) {
		at = memchr(at, '/', (size_t)(end - at));
		if (at == NULL)
			return (struct text){"", 0};
	}
	if (at < end && *at == '/')
		at++;
	size_t n = 0;
	while (at + n < end && memchr("/?#", at[n], 3) == NULL)
		n++;
	return (struct text){at, n};
}

/* Whether one of the host's labels before the last is a known name: google.by, yandex.ru, l.facebook.com, e.mail.ru. */
static bool
has_label(struct text host, const char *const *names, size_t n)
{
	for (size_t from = 0; from < host.n;) {
		size_t to = from;
		while (to < host.n && host.at[to] != '.')
			to++;
		if (to == host.n)
			return false;
		for (size_t i = 0; i < n; i++)
			if (strlen(names[i]) == to - from &&
				strncasecmp(host.at + from, names[i], to - from) == 0)
				return true;
		from = to + 1;
	}
	return false;
}

static bool
holds(struct text t, const char *word)
{
	return memmem(t.at, t.n, word, strlen(word)) != NULL;
}

static const char *
by_medium(struct text medium)
{
	static const struct {
		const char *word, *class;
	} words[] = {{"cpc", "ad"}, {"ppc", "ad"}, {"cpm", "ad"}, {"cpa", "ad"},
		{"paid", "ad"}, {"ads", "ad"}, {"banner", "ad"}, {"display", "ad"},
		{"retarget", "ad"}, {"email", "mail"}, {"e-mail", "mail"},
		{"newsletter", "mail"}, {"social", "social"}, {"smm", "social"},
		{"organic", "search"}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (holds(medium, words[i].word))
			return words[i].class;
	return NULL;
}

/* shop.example and m.shop.example are one's own. */
static bool
is_below(struct text host, struct text top)
{
	return host.n > top.n && host.at[host.n - top.n - 1] == '.' &&
	       strncasecmp(host.at + host.n - top.n, top.at, top.n) == 0;
}

const char *
referrer_class(struct text url, struct text referrer, struct text medium)
{
	const char *class = by_medium(medium);
	if (class != NULL)
		return class;
	for (size_t i = 0; i < sizeof ad_marks / sizeof *ad_marks; i++)
		if (holds(url, ad_marks[i]))
			return "ad";
	struct text from = referrer_host(referrer), own = referrer_host(url);
	if (from.n == 0)
		return "direct";
	if (own.n > 0 && ((from.n == own.n && strncasecmp(from.at, own.at, own.n) == 0) ||
				 is_below(from, own) || is_below(own, from)))
		return "own";
	if (has_label(from, social, sizeof social / sizeof *social) &&
		!holds(from, "mail.ru"))
		return "social";
	if (holds(from, "mail.") && !holds(from, "go.mail.ru"))
		return "mail";
	if (holds(from, "go.mail.ru") ||
		has_label(from, search, sizeof search / sizeof *search))
		return "search";
	return has_label(from, mail, sizeof mail / sizeof *mail) ? "mail" : "site";
}
