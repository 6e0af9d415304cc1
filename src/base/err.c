/* See err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <string.h>

static void
set(struct err *e, enum err_code code, const char *fmt, va_list ap)
{
	e->code = code;
	e->line = 0;
	e->field[0] = '\0';
	vsnprintf(e->text, sizeof e->text, fmt, ap);
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
