/* See log.h. One write per line, control characters replaced, so that lines of threads never mix or forge others. */
#include "base/log.h"
#include "base/time.h"
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"debug", "info", "warn", "error"};
static const char *program = "cxdp";
static enum log_level threshold = LOG_INFO;
static _Thread_local const char *request;

void
log_init(const char *name, const char *level)
{
	program = name;
	for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
		if (strcmp(level, names[i]) == 0)
			threshold = (enum log_level)i;
}

void
log_request(const char *id)
{
	request = id;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	if (level < threshold)
		return;
	struct arena *a = arena_new();
	char line[2048];
	int head = snprintf(line, sizeof line, "%s %s %s %s ", time_text(a, time_now_us()),
		names[level], program, request != NULL ? request : "-");
	arena_free(a);
	size_t n = (size_t)head;
	va_list ap;
	va_start(ap, fmt);
	int body = vsnprintf(line + n, sizeof line - n - 1, fmt, ap);
	va_end(ap);
	if (body > 0)
		n += (size_t)body < sizeof line - n - 1 ? (size_t)body
							: sizeof line - n - 2;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = ' ';
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nowhere left to say so */
}
