/* See ask.h. */
#include "column/ask.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "event/history.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
address(const struct settings *s, struct sockaddr_un *out, struct err *e)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	int n = snprintf(
		out->sun_path, sizeof out->sun_path, "%s/columns.sock", s->run_dir);
	return n < (int)sizeof out->sun_path
		       ? 0
		       : err_set(e, ERR_INPUT, "run_dir is too long for a socket");
}

/* Moves exactly n bytes before the deadline: 1 done, 0 the other end closed at the first byte, -1 *e. */
static int
move(int fd, char *at, size_t n, bool out, int64_t until_us, struct err *e)
{
	size_t done = 0;
	while (done < n) {
		int64_t left_ms = (until_us - time_monotonic_us()) / 1000;
		struct pollfd p = {.fd = fd, .events = out ? POLLOUT : POLLIN};
		if (left_ms <= 0 || poll(&p, 1, (int)left_ms) == 0)
			return err_set(e, ERR_BUSY, "the engine did not answer in time");
		ssize_t got =
			out ? send(fd, at + done, n - done, MSG_NOSIGNAL | MSG_DONTWAIT)
			    : recv(fd, at + done, n - done, MSG_DONTWAIT);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got == 0 && done == 0)
			return 0;
		if (got <= 0)
			return err_set(e, ERR_BUSY, "the engine went away: %m");
		done += (size_t)got;
	}
	return 1;
}

int
ask_write(struct arena *a, int fd, int deadline_ms, const struct val *v, struct err *e)
{
	struct text t = json_text(a, v);
	if (t.n > ASK_BYTES_MAX)
		return err_set(
			e, ERR_SIZE, "the answer is larger than %d bytes", ASK_BYTES_MAX);
	uint32_t n = (uint32_t)t.n;
	char *frame = arena_alloc(a, t.n + 4);
	for (int i = 0; i < 4; i++)
		frame[i] = (char)(n >> (8 * i));
	memcpy(frame + 4, t.at, t.n);
	return move(fd, frame, t.n + 4, true,
		       time_monotonic_us() + deadline_ms * INT64_C(1000), e) == 1
		       ? 0
		       : -1;
}

int
ask_read(struct arena *a, int fd, int deadline_ms, struct val *out, struct err *e)
{
	unsigned char head[4];
	int64_t until = time_monotonic_us() + deadline_ms * INT64_C(1000);
	int rc = move(fd, (char *)head, 4, false, until, e);
	if (rc < 1)
		return rc;
	uint32_t n = head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 |
		     (uint32_t)head[3] << 24;
	if (n == 0 || n > ASK_BYTES_MAX)
		return err_set(e, ERR_INPUT, "a frame of %u bytes", n);
	char *bytes = arena_alloc(a, n);
	if (move(fd, bytes, n, false, until, e) != 1)
		return err_set(e, ERR_BUSY, "the engine went away");
	return json_parse(a, (struct text){bytes, n}, out, e) < 0 ? -1 : 1;
}

int
ask_listen(const struct settings *s, int *fd, struct err *e)
{
	struct sockaddr_un at;
	if (address(s, &at, e) < 0)
		return -1;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unlink(at.sun_path);
	if (*fd < 0 || bind(*fd, (struct sockaddr *)&at, sizeof at) != 0 ||
		chmod(at.sun_path, 0660) != 0 || listen(*fd, 128) != 0)
		return err_set(e, ERR_BUSY, "cannot listen on %s: %m", at.sun_path);
	return 0;
}

struct val
ask_refusal(struct arena *a, const struct err *e)
{
	struct val out = val_map(a), why = val_map(a);
	val_put(a, &why, "code", val_int(e->code));
	val_put(a, &why, "line", val_int(e->line));
	val_put(a, &why, "field", val_text(arena_printf(a, "%s", e->field)));
	val_put(a, &why, "text", val_text(arena_printf(a, "%s", e->text)));
	val_put(a, &out, "refused", why);
	return out;
}

static int
take_refusal(const struct val *answer, struct arena *a, struct err *e)
{
	const struct val *why = val_get(answer, "refused");
	if (why == NULL)
		return 0;
	const char *field = val_as_z(a, val_get(why, "field"));
	int64_t code = val_as_int(val_get(why, "code"), ERR_BUG);
	if (code <= ERR_NONE ||
		code > ERR_BUG) /* of an engine that is newer than this door */
		code = ERR_BUG;
	err_set(e, (enum err_code)code, "%s", val_as_z(a, val_get(why, "text")));
	snprintf(e->field, sizeof e->field, "%s", field);
	e->line = (int)val_as_int(val_get(why, "line"), 0);
	return -1;
}

int
ask(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	struct val *question, int deadline_ms, struct val *answer, struct err *e)
{
	struct sockaddr_un at;
	int64_t seq = 0;
	if (address(s, &at, e) < 0 || feed_last(a, db, company_id, &seq, e) < 0)
		return -1;
	val_put(a, question, "company", val_int(company_id));
	val_put(a, question, "seq", val_int(seq));
	val_put(a, question, "deadline_ms", val_int(deadline_ms));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
		if (fd >= 0)
			close(fd);
		return err_set(e, ERR_BUSY, "no engine answers for the columns");
	}
	int rc = ask_write(a, fd, deadline_ms, question, e);
	if (rc == 0)
		rc = ask_read(a, fd, deadline_ms, answer, e) == 1 ? 0 : -1;
	close(fd);
	return rc < 0 ? -1 : take_refusal(answer, a, e);
}
