/* See csv.h: bytes to UTF-8, a piece at a time. */
#include "base/arena.h"
#include "base/err.h"
#include "markup/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, GROWS = 3 /* a byte of CP1251 is at most three of UTF-8 */ };

struct csv_source {
	int fd;
	iconv_t how;
	bool ended, begun;
	size_t unit; /* bytes passed over where nothing can be decoded */
	int64_t done, total;
	char raw[PIECE];
	size_t raw_n;
	char *at; /* malloc: the window moves and grows */
	size_t from, n, cap;
};

static void
close_source(void *obj)
{
	struct csv_source *s = obj;
	if (s->fd >= 0)
		close(s->fd);
	if (s->how != (iconv_t)-1)
		iconv_close(s->how);
	free(s->at);
}

int
csv_source_open(struct arena *a, const char *path, const char *encoding,
	struct csv_source **out, struct err *e)
{
	struct stat st;
	struct csv_source *s = arena_alloc(a, sizeof *s);
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	s->how = (iconv_t)-1;
	arena_defer(a, close_source, s);
	if (s->fd < 0 || fstat(s->fd, &st) < 0)
		return err_set(
			e, ERR_MISSING, "the file is not there: %s", strerror(errno));
	s->total = st.st_size;
	s->unit = strncmp(encoding, "UTF-16", 6) == 0 ? 2 : 1;
	s->how = iconv_open("UTF-8", encoding);
	if (s->how == (iconv_t)-1)
		return err_field(
			e, "encoding", "no encoding is called \"%.40s\"", encoding);
	*out = s;
	return 0;
}

struct text
csv_source_text(const struct csv_source *s)
{
	return (struct text){s->at != NULL ? s->at + s->from : "", s->n};
}

/* Room behind the window for n bytes. */
static void
make_room(struct csv_source *s, size_t n)
{
	if (s->from > 0 && s->from + s->n + n > s->cap) {
		memmove(s->at, s->at + s->from, s->n);
		s->from = 0;
	}
	if (s->n + n <= s->cap)
		return;
	s->cap = s->cap * 2 > s->n + n ? s->cap * 2 : s->n + n;
	s->at = realloc(s->at, s->cap);
	must(s->at != NULL);
}

static void
add_lost(struct csv_source *s)
{
	make_room(s, 3);
	memcpy(s->at + s->from + s->n, "\xef\xbf\xbd", 3);
	s->n += 3;
}

static void
decode(struct csv_source *s)
{
	char *in = s->raw;
	size_t left = s->raw_n;
	while (left > 0) {
		make_room(s, left * GROWS + 16);
		char *to = s->at + s->from + s->n;
		size_t room = s->cap - s->from - s->n, had = room;
		size_t rc = iconv(s->how, &in, &left, &to, &room);
		s->n += had - room;
		if (rc != (size_t)-1 || errno == E2BIG)
			continue;
		if (errno == EINVAL && !s->ended)
			break; /* the rest of a character comes with the next piece */
		size_t lost = left < s->unit ? left : s->unit;
		add_lost(s);
		in += lost;
		left -= lost;
	}
	memmove(s->raw, in, left);
	s->raw_n = left;
}

int
csv_source_more(struct csv_source *s, struct err *e)
{
	size_t had = s->n;
	while (!s->ended && s->n == had) {
		ssize_t got = read(s->fd, s->raw + s->raw_n, sizeof s->raw - s->raw_n);
		if (got < 0)
			return err_set(e, ERR_BUSY, "the file cannot be read: %s",
				strerror(errno));
		s->ended = got == 0;
		s->raw_n += (size_t)got;
		s->done += got;
		decode(s);
		if (!s->begun && s->n >= 3) {
			s->begun = true;
			if (memcmp(s->at + s->from, "\xef\xbb\xbf", 3) == 0)
				csv_source_take(s, 3);
			had = 0;
		}
	}
	return s->n > had;
}

void
csv_source_take(struct csv_source *s, size_t n)
{
	s->from += n;
	s->n -= n;
	if (s->n == 0)
		s->from = 0;
}

void
csv_source_progress(const struct csv_source *s, int64_t *done, int64_t *total)
{
	*done = s->done - (int64_t)s->raw_n;
	*total = s->total;
}
