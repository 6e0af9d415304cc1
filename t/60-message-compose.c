/* Letters and tokens: whatever a person or a company is called, no header, no recipient and no link of ours can be made by it. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "message/compose.h"
#include "message/html.h"
#include "message/mime.h"
#include "message/token.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static struct settings settings;

static const char *
noise(struct arena *a)
{
	static const char *const pieces[] = {"\r\n", "\n", "\r", "Bcc: evil@c.example", "a",
		" ", "\t", "=?UTF-8?B?QQ==?=", "\"", "\\", "<x@y.example>", "Анна", "{{",
		"}}", "<b>", "&", ",", ";", ":", "\xc2\x85", "\xe2\x80\xa8", ".", "\x7f",
		"very long word without any space in it at all"};
	struct str s = str_new(a);
	int n = rand() % 9;
	for (int i = 0; i < n; i++)
		str_addz(&s, pieces[rand() % (int)(sizeof pieces / sizeof *pieces)]);
	str_addc(&s, 'x');
	str_addc(&s, '\0');
	return s.at;
}

static bool
has(struct text t, const char *z)
{
	return memmem(t.at, t.n, z, strlen(z)) != NULL;
}

/* Names of the header's fields in order, "From To Subject ..."; lines too long or without CR LF make "!". */
static const char *
fields_of(struct arena *a, struct text mail)
{
	struct str s = str_new(a);
	must(mail.at != NULL);
	for (size_t at = 0; at < mail.n;) {
		const char *end = memmem(mail.at + at, mail.n - at, "\r\n", 2);
		if (end == NULL)
			return "!";
		size_t n = (size_t)(end - mail.at) - at;
		const char *line = mail.at + at, *colon = memchr(line, ':', n);
		if (n == 0)
			break;
		if (memchr(line, '\r', n) != NULL || memchr(line, '\n', n) != NULL ||
			n > 200 || (line[0] != ' ' && colon == NULL))
			return "!";
		if (line[0] != ' ') {
			str_add(&s, line, (size_t)(colon - line));
			str_addc(&s, ' ');
		}
		at += n + 2;
	}
	str_addc(&s, '\0');
	return s.at;
}

static struct letter
letter(struct arena *a, struct composer *c, const char *company_name, const char *subject,
	const char *body, const char *name, bool transactional)
{
	struct company company = {.id = 7,
		.name = company_name,
		.language = "ru",
		.timezone = "Europe/Minsk",
		.currency = "BYN"};
	struct letter_template t = {.id = 3, .name = "T", .subject = subject, .body = body};
	struct message m = {.company_id = 7,
		.id = 4611686018427387904,
		.transactional = transactional,
		.address = text_of("anna@shop.example")};
	struct origin origin = {.id = 9, .kind = "campaign", .name = "Весна"};
	struct val fields = val_map(a);
	struct letter out;
	struct err e = {0};
	static int64_t version;
	t.version = ++version;
	val_put(a, &fields, "first_name", val_text(name));
	struct letter_order order = {&company, &t, &m, &origin, &fields, true};
	int rc = compose_letter(a, c, &order, &out, &e);
	if (rc < 0)
		printf("# %s\n", e.text);
	must(rc == 0);
	return out;
}

static void
headers(struct arena *a, struct composer *c)
{
	static const char want[] = "From To Subject Date Message-ID X-Entity-Ref-ID "
				   "Feedback-ID Auto-Submitted List-Unsubscribe "
				   "List-Unsubscribe-Post MIME-Version Content-Type ";
	int wrong = 0;
	srand(11);
	for (int i = 0; i < 3000; i++) {
		struct arena_mark mark = arena_mark(a);
		const char *company = noise(a), *name = noise(a);
		struct letter l = letter(a, c, company, "{{ profile.first_name }}",
			"<p>{{ profile.first_name }}</p>", name, false);
		const char *fields = fields_of(a, l.mail);
		if (strcmp(fields, want) != 0 && wrong++ == 0)
			printf("# %s\n# of company %s, name %s\n", fields, company, name);
		if (!has(l.mail, "\r\nTo: <anna@shop.example>\r\n"))
			wrong++;
		arena_rewind(a, mark);
	}
	ok(wrong == 0, "of 3000 hostile names none adds, loses or breaks a header");
}

static void
bodies(struct arena *a, struct composer *c)
{
	struct letter l = letter(a, c, "Лавка", "Привет",
		"<html><body><a href='https://shop.example/a?x=1&amp;y=2'>a</a>"
		"<A class=b HREF=\"https://shop.example/b\">b</A><a "
		"href=\"mailto:us@shop.example\">m</a><!-- <a "
		"href=\"https://shop.example/no\"> -->"
		"<a href=\"{{ unsubscribe_url }}\">u</a></body></html>",
		"Анна", false);
	ok(l.link_n == 2, "links to the web are taken note of, others are not");
	ok(text_is(l.links[0].url, "https://shop.example/a?x=1&y=2"),
		"as they are meant, not as HTML writes them");
	is_text(text_z(a, l.shown),
		"<html><body><a href='https://shop.example/a?x=1&amp;y=2'>a</a>"
		"<A class=b HREF=\"https://shop.example/b\">b</A><a "
		"href=\"mailto:us@shop.example\">m</a><!-- <a "
		"href=\"https://shop.example/no\"> -->"
		"<a href=\"http://localhost/u/preview\">u</a></body></html>",
		"to be looked at it has its own links, no pixel, and no way out of "
		"another's");
	is_text(text_z(a, l.subject), "Привет", "the subject is kept as it is read");
	ok(has(l.mail, "Subject: =?UTF-8?B?0J/RgNC40LLQtdGC?=\r\n"),
		"and sent in an encoded word");
	struct text html = text_of(
		"<p>1</p><style>p{}</style>Hello &mdash; <b>you</b><br>there &lt;3 <a "
		"href=\"http://a.example/\">link</a>");
	is_text(text_z(a, html_plain(a, html)),
		"1\n\nHello \342\200\224 you\nthere <3 link (http://a.example/)\n",
		"HTML is told in plain text");
	struct str endless = str_new(
		a); /* each "<a" is a tag without an end, and none ends the style */
	str_addz(&endless, "<style>");
	for (int i = 0; i < 200000; i++)
		str_addz(&endless, "<a</style-");
	int64_t from_us = time_monotonic_us();
	html_plain(a, str_text(&endless));
	ok(time_monotonic_us() - from_us < 2 * SECOND_US,
		"2 MB of tags without ends are read once");
	struct letter order = letter(
		a, c, "Shop", "Order", "<p>Thank you</p>", "Anna", true);
	ok(has(order.mail, "Auto-Submitted: auto-generated") &&
			!has(order.mail, "List-Unsubscribe"),
		"a transactional letter has nothing to unsubscribe from");
	ok(has(l.mail, "List-Unsubscribe: <http://localhost/u/") &&
			has(order.mail, "Message-ID: <4611686018427387904.7@b.example>"),
		"the Message-ID is the message's");
	struct str long_line = str_new(a), out = str_new(a);
	for (int i = 0; i < 500; i++)
		str_addz(&long_line, "word=.");
	str_addz(&long_line, "\n.\nFrom here\n ends ");
	mime_add_part(&out, "text/plain", str_text(&long_line));
	size_t longest = 0, run = 0;
	for (size_t i = 0; i < out.n; i++)
		longest = (run = out.at[i] == '\n' ? 0 : run + 1) > longest ? run : longest;
	ok(longest <= 77, "no line of a body is longer than 76 and its CR");
	struct str dots = str_new(a), quoted = str_new(a);
	for (int i = 0; i < 90; i++) {
		for (int n = 0; n < i; n++)
			str_addc(&dots, 'x');
		str_addz(&dots, ".\n");
	}
	mime_add_part(&quoted, "text/plain", str_text(&dots));
	ok(!has(str_text(&quoted), "\r\n."),
		"no line of a body begins with a dot, behind a soft break neither");
}

static void
tokens(struct arena *a)
{
	struct message_token t = {7, 4611686018427387904, 12345}, got;
	const char *click = message_token_make(a, MESSAGE_CLICK, &t);
	const char *open = message_token_make(a, MESSAGE_OPEN, &t);
	ok(message_token_read(MESSAGE_CLICK, text_of(click), &got) == 1 &&
			got.company_id == 7 && got.message_id == t.message_id &&
			got.link_id == 12345,
		"a token is read back");
	ok(message_token_read(
		   MESSAGE_OPEN, text_of(arena_printf(a, "%s.gif", open)), &got) == 1,
		"also as the name of a picture");
	ok(message_token_read(MESSAGE_UNSUBSCRIBE, text_of(open), &got) == 0,
		"a token of one kind is none of another");
	int passed = 0;
	size_t n = strlen(click);
	for (size_t i = 0; i < n; i++)
		for (int c = ' '; c < 127; c++) {
			char *other = arena_text(a, click, n);
			other[i] = (char)c;
			passed += c != click[i] && message_token_read(MESSAGE_CLICK,
							   (struct text){other, n}, &got);
		}
	ok(passed == 0, "with any one character changed it is no token");
	passed = 0;
	for (size_t i = 0; i < n; i++)
		passed += message_token_read(MESSAGE_CLICK, (struct text){click, i}, &got) +
			  message_token_read(MESSAGE_CLICK,
				  text_of(arena_printf(
					  a, "%.*s0%s", (int)i, click, click + i)),
				  &got);
	ok(passed == 0, "nor cut, nor with one more");
}

int
main(void)
{
	struct arena *a = arena_new();
	struct err e;
	char secret[] = "/tmp/cxdp-secret-XXXXXX";
	int fd = mkstemp(secret);
	must(fd >= 0 && write(fd, "0123456789abcdef0123456789abcdef", 32) == 32 &&
		close(fd) == 0);
	must(sign_init(secret, &e) == 0);
	unlink(secret);
	settings = (struct settings){.public_url = "http://localhost",
		.mail_from = "us@b.example",
		.templates_dir = SOURCE_DIR "/templates",
		.lua_dir = SOURCE_DIR "/lua",
		.rule_gas = 200000,
		.rule_memory_kb = 2048,
		.rule_wall_ms = 1000,
		.step_gas = 1000000,
		.step_memory_kb = 4096,
		.step_wall_ms = 1000,
		.adapter_gas = 5000000,
		.adapter_memory_kb = 8192,
		.adapter_wall_ms = 1000};
	struct composer *c = composer_new(&settings);
	tokens(a);
	headers(a, c);
	bodies(a, c);
	composer_free(c);
	arena_free(a);
	return tap_done();
}
