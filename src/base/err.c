/* See err.h. */
#include "base/err.h"

#include <unistr.h>

#include <stdarg.h>
#include <string.h>

/* A sentence quotes what came, cut to a length: parts of a letter at the cut go, so that it stays UTF-8 wherever it is put. */
static void
drop_parts(char *text)
{
	const uint8_t *bad;
	size_t n = strlen(text);
	while ((bad = u8_check((const uint8_t *)text, n)) != NULL) {
		size_t at = (size_t)(bad - (const uint8_t *)text);
		memmove(text + at, text + at + 1, n - at);
		n--;
	}
}

static void
set(struct err *e, enum err_code code, const char *fmt, va_list ap)
{
	e->code = code;
	e->line = 0;
	e->field[0] = '\0';
	vsnprintf(e->text, sizeof e->text, fmt, ap);
	drop_parts(e->text);
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set(e, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_field(struct err *e, const char *field, const char *fmt, ...)
{
	char name[sizeof e->field];
	snprintf(name, sizeof name, "%s", field);
	drop_parts(name);
	va_list ap;
	va_start(ap, fmt);
	set(e, ERR_INPUT, fmt, ap);
	va_end(ap);
	memcpy(e->field, name, sizeof name);
	return -1;
}

int
err_wrap(struct err *e, const char *where)
{
	char text[sizeof e->text];
	memcpy(text, e->text, sizeof text);
	snprintf(e->text, sizeof e->text, "%s: %s", where, text);
	drop_parts(e->text);
	return -1;
}

const char *
err_word(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return "ok";
	case ERR_INPUT:
		return "invalid";
	case ERR_AUTH:
		return "unauthorized";
	case ERR_DENIED:
		return "forbidden";
	case ERR_MISSING:
		return "not_found";
	case ERR_CONFLICT:
		return "conflict";
	case ERR_STALE:
		return "changed";
	case ERR_SIZE:
		return "too_large";
	case ERR_LIMIT:
		return "limit";
	case ERR_BUSY:
		return "unavailable";
	case ERR_BUG:
		break;
	}
	return "internal";
}
