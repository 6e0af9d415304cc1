/* One call of an SDK (identify, track, page, screen, group, alias) as it came, to an arrival. Hostile until checked. */
#ifndef EVENT_CALL_H
#define EVENT_CALL_H

#include "event/apply.h"
#include "event/enrich.h"

enum {
	CALL_BYTES_MAX = 32 * 1024,
	CALL_BATCH_MAX = 2500,
	CALL_BODY_MAX = 500 * 1024,
	CALL_MESSAGE_ID_MAX = 100,
	CALL_PROPERTIES_MAX = 200,
	CALL_DEPTH_MAX = 8
};

/* What a request says of all its calls. */
struct envelope {
	int64_t company_id, source_id, user_id;
	const char *country; /* of the company: phones are read by it */
	int64_t received_at_us;
	struct val sent_at; /* of the batch, or null */
	struct val context; /* of the batch, or null; an item's own wins */
	int64_t late_us;    /* older events start no scenarios */
	bool trusted; /* came under an API key: may name people by e-mail and phone, and say where they agreed */
	bool quiet; /* an import */
	struct sighting sighting;
};

/* 0, or -1 with ERR_INPUT, the field and a sentence. */
int event_call_check(
	struct arena *a, const struct val *item, const struct envelope *env, struct err *e);

/* The arrival of a checked call. Values are borrowed from item, else on a. 0 / -1 as event_call_check. */
int event_call_read(struct arena *a, const struct val *item, const struct envelope *env,
	struct arrival *out, struct err *e);

/* Consents as a list of {channel, granted, proof} from what came: [{channel, granted, text, url, at}] or
 * {"email": true} or {"email": {"granted": true, "proof": "..."}}. -1 ERR_INPUT an unknown channel. */
int event_consents(struct arena *a, const struct val *in, struct val *out, struct err *e);

#endif
