/* See house.h. The texts stand in templates/letter/. */
#include "message/house.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "message/html.h"
#include "message/mime.h"
#include "script/template.h"
#include "store/job.h"
#include "tenant/company.h"
#include "tenant/pass.h"
#include "wire/smtp.h"

#include <string.h>

enum { TRIES_MAX = 60 };
static const int64_t again_us = 30 * SECOND_US;

/* Who it goes to: 1 / 0 nobody / -1. */
static int
find_user(struct arena *a, struct db *db, const struct job *j, struct user *out,
	struct err *e)
{
	const struct val *email = val_get(&j->args, "email");
	bool active = false;
	int found = email != NULL ? user_by_email(a, db, j->company_id, val_as_text(email),
					    out, &active, e)
				  : user_by_id(a, db, j->company_id,
					    val_as_int(val_get(&j->args, "user"), 0), out,
					    &active, e);
	return found == 1 && !active ? 0 : found;
}

static int
render(struct arena *a, const struct settings *s, const char *name, const struct val *vars,
	const char *language, struct text *html, struct err *e)
{
	struct str out = str_new(a);
	struct template_view view = {.language = language, .now_us = time_now_us()};
	struct template_set *set = template_set_new(s->templates_dir, s, BOX_PAGE, false);
	int done = template_page(set, name, vars, &view, &out, e);
	template_set_free(set);
	*html = str_text(&out);
	return done;
}

/* What stands in the page's <title>. */
static struct text
title_of(struct arena *a, struct text html)
{
	static const char open[] = "<title>", close[] = "</title>";
	const char *from = memmem(html.at, html.n, open, sizeof open - 1);
	must(from != NULL);
	from += sizeof open - 1;
	const char *to = memmem(
		from, html.n - (size_t)(from - html.at), close, sizeof close - 1);
	must(to != NULL);
	return text_trim(html_plain(a, (struct text){from, (size_t)(to - from)}));
}

/* The part of it that is read. */
static struct text
body_of(struct text html)
{
	const char *from = memmem(html.at, html.n, "<body", 5);
	must(from != NULL);
	return (struct text){from, html.n - (size_t)(from - html.at)};
}

static struct text
compose(struct arena *a, const struct settings *s, const char *company,
	const struct user *u, int64_t id, struct text html)
{
	struct str m = str_new(a);
	const char *edge = arena_printf(a, "=_%s", sign_token(a, 24));
	const char *domain = strchr(s->mail_from, '@');
	mime_add_mailbox(&m, "From", text_of(company), text_of(s->mail_from));
	mime_add_mailbox(&m, "To", text_of(u->name), text_of(u->email));
	mime_add_text(&m, "Subject", title_of(a, html));
	mime_add_date(&m, time_now_us());
	mime_add_header(&m, "Message-ID",
		text_of(arena_printf(a, "<house.%lld%s>", (long long)id,
			domain != NULL ? domain : "@localhost")));
	mime_add_header(&m, "Auto-Submitted", text_of("auto-generated"));
	str_addf(&m,
		"MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n "
		"boundary=\"%s\"\r\n\r\n--%s\r\n",
		edge, edge);
	mime_add_part(&m, "text/plain", html_plain(a, body_of(html)));
	str_addf(&m, "\r\n--%s\r\n", edge);
	mime_add_part(&m, "text/html", html);
	str_addf(&m, "\r\n--%s--\r\n", edge);
	return str_text(&m);
}

/* 1 the relay took it, 0 not now, -1 *e for good. */
static int
send_to(const struct settings *s, const char *address, struct text mail, struct err *e)
{
	struct smtp *smtp;
	struct smtp_letter letter = {.id = 1, .to = address, .text = mail};
	if (!smtp_address_is(text_of(address)))
		return err_set(e, ERR_INPUT,
			"\"%.100s\" is no address letters can be sent to", address);
	if (smtp_open(s, 1, &smtp, e) < 0)
		return -1;
	smtp_send(smtp, &letter, 1, NULL, NULL);
	smtp_close(smtp);
	if (letter.result == SMTP_REFUSED)
		return err_set(e, ERR_INPUT, "the relay refused it: %s", letter.reply);
	return letter.result !=
	       SMTP_LATER; /* one link too many does no harm, but a second letter puzzles */
}

static int
write_to(struct arena *a, struct db *db, const struct settings *s, const struct job *j,
	const struct user *u, struct err *e)
{
	bool invited = val_get(&j->args, "email") == NULL;
	struct company c = {.name = "cxdp"};
	struct val vars = val_map(a);
	const char *token;
	struct text html;
	if (u->company_id != PLATFORM && company_by_id(a, db, u->company_id, &c, e) < 1)
		return -1;
	if (pass_make(a, db, u, invited ? PASS_INVITE_US : PASS_RESET_US, &token, e) < 0)
		return -1;
	val_put(a, &vars, "language", val_text(u->language));
	val_put(a, &vars, "company", val_text(c.name));
	val_put(a, &vars, "email", val_text(u->email));
	val_put(a, &vars, "name", val_text(u->name));
	val_put(a, &vars, "invited", val_bool(invited));
	val_put(a, &vars, "link",
		val_text(arena_printf(a, "%s/pass?k=%s", s->public_url, token)));
	if (render(a, s, "letter/password", &vars, u->language, &html, e) < 0)
		return -1;
	return send_to(s, u->email, compose(a, s, c.name, u, j->id, html), e);
}

int
house_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct user u;
	(void)lease_us;
	int found = find_user(a, db, j, &u, e);
	if (found < 0)
		return -1;
	int sent = found == 1 ? write_to(a, db, s, j, &u, e) : 1;
	if (sent < 0)
		return -1;
	if (sent == 0 && ++j->done < TRIES_MAX)
		return job_rest(a, db, j, time_now_us() + again_us, e);
	return job_end(a, db, j, sent == 1 ? NULL : "the mail relay was away", e);
}
