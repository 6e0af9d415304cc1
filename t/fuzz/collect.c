/* Bodies and pixels at the door of SDKs: what is taken or refused goes into one record that can be read again. The keys and the journal
 * behind the door are ours. */
#include "base/json.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/url.h"
#include "collect/keys.h"
#include "collect/receive.h"
#include "fuzz.h"
#include "journal/journal.h"
#include "web/limit.h"
#include "web/serve.h"

static size_t taken, refused;

struct keys *
keys_new(void)
{
	return NULL;
}

void
keys_free(struct keys *keys)
{
	(void)keys;
}

int
keys_find(struct keys *keys, struct arena *a, struct db *db, struct text key,
	struct write_key *out, struct err *e)
{
	(void)keys, (void)a, (void)db, (void)e;
	*out = (struct write_key){.company_id = 1,
		.source_id = 2,
		.country = "BY",
		.active = true,
		.kind = "site"};
	return key.n != 1;
}

int
journal_open(
	const struct settings *s, const char *prefix, struct journal **out, struct err *e)
{
	(void)s, (void)prefix;
	*out = NULL;
	return err_set(e, ERR_BUSY, "no journal here");
}

void
journal_close(struct journal *j)
{
	(void)j;
}

int
journal_append(struct journal *j, struct text payload, struct err *e)
{
	struct arena *a = arena_new();
	struct val record;
	(void)j;
	must(payload.n > 0 && payload.n <= JOURNAL_RECORD_MAX);
	must(json_parse(a, payload, &record, e) == 0);
	must(val_as_int(val_get(&record, "company"), 0) == 1);
	taken += val_len(val_get(&record, "items"));
	refused += val_len(val_get(&record, "refused"));
	arena_free(a);
	return 0;
}

/* The first byte chooses the call, the first line is the query. */
static void
ask(struct web *w, struct text t)
{
	static char *const plain[] = {
		"CONTENT_TYPE=application/json", "HTTP_AUTHORIZATION=Basic a2V5Og==", NULL};
	static char *const packed[] = {"HTTP_CONTENT_ENCODING=gzip", NULL};
	static const char *const calls[] = {"track", "identify", "page", "alias", "g", "x"};
	struct err e = {0};
	int which = fuzz_choice(&t, 12), rc = 0;
	struct text query = fuzz_line(&t);
	w->request.params = which % 2 == 0 ? plain : packed;
	w->params = val_map(w->arena);
	val_put(w->arena, &w->params, "call", val_text(calls[which % 6]));
	if (url_query(w->arena, query, &w->request.query, &e) < 0)
		return;
	w->request.body = (struct text){arena_text(w->arena, t.at, t.n), t.n};
	if (which < 4)
		rc = receive_batch(w, &e);
	else if (which < 8)
		rc = receive_call(w, &e);
	else {
		rc = receive_pixel(w, &e);
		must(rc == 0 && w->response.status == 200);
	}
	if (rc == 0 && which < 8)
		must(taken > 0 && w->response.status == 200);
	must(rc == 0 || (e.code != ERR_NONE && e.text[0] != '\0'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct settings settings = {.public_url = "http://x.example"};
	static struct collect shared;
	static const struct door door = {.name = "collect", .shared = &shared};
	struct arena *a = arena_new();
	struct web w = {.arena = a, .settings = &settings, .door = &door};
	taken = refused = 0;
	if (shared.limit == NULL)
		shared.limit = limit_new(0);
	w.request.query = val_map(a);
	response_init(&w.response, a);
	ask(&w, (struct text){(const char *)bytes, n});
	arena_free(a);
	return 0;
}
