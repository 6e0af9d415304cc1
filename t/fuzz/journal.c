/* The journal after any accident: what is read of it was written, whole, in order. Also what a dead sender left. First byte: 0 the
 * bytes are a segment; 1 records, one a line, and one byte of them changed; 2 the same cut short; 3 the bytes are a send log. */
#include "base/settings.h"
#include "base/sign.h"
#include "fuzz.h"
#include "journal/journal.h"
#include "journal/record.h"
#include "message/sendlog.h"

#include <stdlib.h>

enum { RECORDS_MAX = 64 };

struct written {
	struct text payloads[RECORDS_MAX];
	size_t n;
	char *bytes;
	size_t size;
};

static void
write_segment(struct arena *a, struct text t, struct written *w)
{
	w->bytes = arena_alloc(a, t.n + RECORDS_MAX * sizeof(struct record_head) + 1);
	while (t.n > 0 && w->n < RECORDS_MAX) {
		struct text payload = fuzz_line(&t);
		if (payload.n == 0)
			continue;
		struct record_head head = record_head(payload);
		memcpy(w->bytes + w->size, &head, sizeof head);
		memcpy(w->bytes + w->size + sizeof head, payload.at, payload.n);
		w->size += sizeof head + payload.n;
		w->payloads[w->n++] = payload;
	}
}

/* Reads all there is; each record has a right CRC where it lies. */
static size_t
read_segment(struct arena *a, struct text bytes, const struct written *w)
{
	struct journal_record *records;
	struct err e;
	size_t n, all = 0;
	int64_t from = 0, torn;
	bool ended = false;
	int fd;
	const char *name = strrchr(fuzz_file(a, bytes, &fd), '/') + 1;
	while (!ended) {
		must(journal_read(a, "/proc/self/fd", name, from, 7, &records, &n, &ended,
			     &torn, &e) == 0);
		must(n > 0 || ended);
		for (size_t i = 0; i < n; i++, all++) {
			struct text p = records[i].payload;
			struct record_head head;
			int64_t at = from;
			must(p.n > 0 && records[i].end <= (int64_t)bytes.n);
			must(records[i].end == at + (int64_t)(sizeof head + p.n));
			memcpy(&head, bytes.at + at, sizeof head);
			must(head.crc == record_crc((uint32_t)p.n, p.at));
			must(memcmp(p.at, bytes.at + at + sizeof head, p.n) == 0);
			if (w != NULL)
				must(all < w->n && text_same(p, w->payloads[all]));
			from = records[i].end;
		}
	}
	must(from + torn == (int64_t)bytes.n);
	close(fd);
	return all;
}

static void
damage(struct arena *a, struct text t, bool cut)
{
	struct written w = {0};
	uint16_t where = 0;
	if (t.n < 3)
		return;
	memcpy(&where, t.at, sizeof where);
	unsigned char bits = (unsigned char)t.at[2];
	write_segment(a, (struct text){t.at + 3, t.n - 3}, &w);
	must(read_segment(a, (struct text){w.bytes, w.size}, &w) == w.n);
	if (w.size == 0 || bits == 0)
		return;
	size_t at = where % w.size;
	if (cut)
		w.size = at;
	else
		w.bytes[at] = (char)(w.bytes[at] ^ bits);
	/* the head's last word is nobody's */
	read_segment(a, (struct text){w.bytes, w.size}, &w);
}

static void
sent(struct arena *a, struct text t)
{
	char dir[] = "/tmp/cxdp-fuzz-XXXXXX";
	struct settings s = {.journal_dir = dir};
	struct sendlog *log;
	struct sendlog_entry *left;
	struct err e;
	size_t n;
	must(mkdtemp(dir) != NULL);
	const char *path = arena_printf(a, "%s/send-0.log", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, t.at, t.n) == (ssize_t)t.n);
	close(fd);
	must(sendlog_open(a, &s, &log, &left, &n, &e) == 0);
	must(n <= t.n / sizeof(struct sendlog_entry));
	for (size_t i = 0; i < n; i++)
		must(memmem(t.at, t.n, &left[i], sizeof left[i]) != NULL);
	sendlog_close(log);
	unlink(path);
	rmdir(dir);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	switch (fuzz_choice(&t, 4)) {
	case 0:
		read_segment(a, t, NULL);
		break;
	case 1:
		damage(a, t, false);
		break;
	case 2:
		damage(a, t, true);
		break;
	default:
		sent(a, t);
	}
	arena_free(a);
	return 0;
}
