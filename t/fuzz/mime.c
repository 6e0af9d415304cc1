/* Letters: no name, subject, field or body can add a header, a line or a recipient. First line the company, second the person, third
 * the address, the rest the body. */
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "fuzz.h"
#include "message/compose.h"
#include "message/mime.h"
#include "wire/smtp.h"

/* Names of header fields, one after the other; aborts on a broken line. *body begins behind the empty one. */
static const char *
fields_of(struct arena *a, struct text mail, struct text *body)
{
	struct str names = str_new(a);
	str_addz(&names, "");
	while (mail.n > 0) {
		struct text line = fuzz_line(&mail);
		must(line.n > 0 && line.n <= 998 && line.at[line.n - 1] == '\r');
		must(memchr(line.at, '\r', line.n - 1) == NULL &&
			memchr(line.at, '\0', line.n) == NULL);
		if (line.n == 1)
			break;
		const char *colon = memchr(line.at, ':', line.n);
		for (size_t i = 0; i + 1 < line.n; i++)
			must(line.at[i] >= ' ' && line.at[i] <= '~');
		if (line.at[0] == ' ')
			continue;
		must(colon != NULL && names.n < 1000);
		str_add(&names, line.at, (size_t)(colon - line.at));
		str_addc(&names, ' ');
	}
	*body = mail;
	return names.at;
}

static void
check_lines(struct text body)
{
	while (body.n > 0) {
		struct text line = fuzz_line(&body);
		must(line.n > 0 && line.n <= 78 && line.at[line.n - 1] == '\r');
		must(memchr(line.at, '\r', line.n - 1) == NULL);
		must(line.n != 2 || line.at[0] != '.');
		for (size_t i = 0; i + 1 < line.n; i++)
			must(line.at[i] >= ' ' && line.at[i] <= '~');
	}
}

static void
compose(struct arena *a, struct composer *c, const char *company_name, const char *name,
	struct text address, const char *text)
{
	static const char want[] = "From To Subject Date Message-ID X-Entity-Ref-ID "
				   "Feedback-ID Auto-Submitted List-Unsubscribe "
				   "List-Unsubscribe-Post MIME-Version Content-Type ";
	struct company company = {.id = 7,
		.name = company_name,
		.language = "ru",
		.timezone = "Europe/Minsk",
		.currency = "BYN"};
	struct letter_template t = {.id = 3,
		.name = "T",
		.version = 1,
		.subject = "{{ profile.first_name }}",
		.body = "<a href=\"{{ profile.site }}\">{{ profile.first_name }}</a>"
			"{{{ profile.site }}}"};
	struct message m = {.company_id = 7, .id = 9, .address = address};
	struct origin origin = {.id = 9, .kind = "campaign", .name = name};
	struct val fields = val_map(a);
	struct letter out;
	struct text body;
	struct err e = {0};
	val_put(a, &fields, "first_name", val_text(name));
	val_put(a, &fields, "site", val_text(text));
	struct letter_order order = {&company, &t, &m, &origin, &fields, true};
	if (compose_letter(a, c, &order, &out, &e) < 0) {
		must(e.text[0] != '\0');
		return;
	}
	must(strcmp(fields_of(a, out.mail, &body), want) == 0);
	struct text to = text_of(
		arena_printf(a, "\r\nTo: <%.*s>\r\n", (int)address.n, address.at));
	must(memmem(out.mail.at, out.mail.n, to.at, to.n) != NULL);
	check_lines(body);
	for (size_t i = 0; i < out.link_n; i++)
		must(memchr(out.links[i].url.at, '\n', out.links[i].url.n) == NULL);
}

static void
spell(struct arena *a, struct text t)
{
	struct str s = str_new(a);
	struct text body;
	mime_add_text(&s, "A", t);
	mime_add_mailbox(&s, "B", t, text_of("a@x.example"));
	mime_add_part(&s, "text/plain", t);
	must(strcmp(fields_of(a, str_text(&s), &body),
		     "A B Content-Type Content-Transfer-Encoding ") == 0);
	check_lines(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct settings settings;
	static struct composer *c;
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct err e;
	if (c == NULL) {
		static struct arena *kept;
		kept = arena_new();
		must(settings_read(kept, SOURCE_DIR "/t/fuzz/cxdp.conf", &settings, &e) ==
			0);
		settings.templates_dir = SOURCE_DIR "/templates";
		settings.lua_dir = SOURCE_DIR "/lua";
		settings.mail_from = "us@x.example";
		c = composer_new(&settings);
	}
	spell(a, t);
	struct text company = fuzz_line(&t), name = fuzz_line(&t), address = fuzz_line(&t);
	if (smtp_address_is(address))
		compose(a, c, text_z(a, company), text_z(a, name), address, text_z(a, t));
	arena_free(a);
	return 0;
}
