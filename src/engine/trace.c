/* See trace.h. */
#include "engine/trace.h"
#include "base/err.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
trace_open(const char *dir, struct trace *h, struct trace_note *left, struct err *e)
{
	char path[512];
	memset(left, 0, sizeof *left);
	snprintf(path, sizeof path, "%s/in-hand", dir);
	h->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (h->fd < 0)
		return err_set(e, ERR_BUSY, "cannot open %s: %m", path);
	if (pread(h->fd, left, sizeof *left, 0) != (ssize_t)sizeof *left ||
		left->depth < TRACE_NOTHING || left->depth > TRACE_LETTER)
		memset(left, 0, sizeof *left);
	left->journal[sizeof left->journal - 1] = '\0';
	return 0;
}

void
trace_close(struct trace *h)
{
	trace_wipe(h);
	close(h->fd);
}

static void
put(struct trace *h, const struct trace_note *note)
{
	ssize_t ignored = pwrite(h->fd, note, sizeof *note, 0);
	(void)ignored;
}

void
trace_leave(struct trace *h, enum trace_depth depth, const char *journal, int64_t from,
	int64_t to, int call)
{
	struct trace_note note;
	memset(&note, 0, sizeof note);
	note.depth = depth;
	note.call = call;
	note.from = from;
	note.to = to;
	if (journal != NULL)
		snprintf(note.journal, sizeof note.journal, "%s", journal);
	put(h, &note);
}

void
trace_wipe(struct trace *h)
{
	struct trace_note note;
	memset(&note, 0, sizeof note);
	put(h, &note);
}
