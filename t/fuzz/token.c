/* Tokens of links, cursors, ids, base64: only the one spelling we make is read, and nobody else makes one. */
#include "base/id.h"
#include "base/sign.h"
#include "base/str.h"
#include "event/history.h"
#include "fuzz.h"
#include "message/token.h"

#include <stdlib.h>

static void
init(void)
{
	struct err e;
	int fd;
	struct arena *a = arena_new();
	static const char secret[SIGN_KEY_BYTES] = "a secret of the fuzz programs";
	must(sign_init(fuzz_file(a, (struct text){secret, sizeof secret}, &fd), &e) == 0);
	close(fd);
	arena_free(a);
}

/* A right token with one byte changed is wrong. */
static void
forge(struct arena *a, struct text t)
{
	struct message_token token = {7, 0, 0}, out;
	if (t.n < 20)
		return;
	memcpy(&token.message_id, t.at, 8);
	memcpy(&token.link_id, t.at + 8, 8);
	token.message_id &= INT64_MAX;
	token.link_id &= INT64_MAX;
	enum message_token_kind kind = (unsigned char)t.at[16] % 3;
	struct text made = text_of(message_token_make(a, kind, &token));
	char *copy = arena_text(a, made.at, made.n);
	must(made.n <= 80 && message_token_read(kind, made, &out) == 1);
	must(out.company_id == 7 && out.message_id == token.message_id);
	must(message_token_read((kind + 1) % 3, made, &out) == 0);
	size_t at = (unsigned char)t.at[17] % made.n;
	/* the last of 22 characters has bits to spare */
	if (copy[at] == t.at[18] || at + 1 == made.n)
		return;
	copy[at] = t.at[18];
	must(message_token_read(kind, (struct text){copy, made.n}, &out) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static bool ready;
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n}, out;
	struct message_token token;
	struct history_at at;
	int64_t id;
	if (!ready)
		init();
	ready = true;
	for (int kind = 0; kind < 3; kind++)
		must(message_token_read((enum message_token_kind)kind, t, &token) == 0);
	if (history_cursor_read(t, &at) == 1) {
		struct history_at again;
		must(history_cursor_read(text_of(history_cursor(a, at)), &again) == 1);
		must(again.time_key == at.time_key && again.dedup == at.dedup);
	}
	if (id_parse(t, &id))
		must(id > 0);
	if (text_base64_decode(a, t, &out) == 1)
		must(out.n <= n);
	forge(a, t);
	arena_free(a);
	return 0;
}
