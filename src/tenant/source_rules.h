/* What a source takes and how: consent, addresses, what is masked, who may say who somebody is, the tracking plan. */
#ifndef TENANT_SOURCE_RULES_H
#define TENANT_SOURCE_RULES_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { SOURCE_RULES_MAX = 64 * 1024, PLAN_EVENTS_MAX = 500, PLAN_PROPERTIES_MAX = 200 };

enum source_ip { IP_FULL, IP_TRUNCATED, IP_NONE };
enum plan_verdict { PLAN_TAKE, PLAN_QUARANTINE, PLAN_REFUSE };

/* Read from a map (JSON) of the same names; what is missing has the default that stands behind it. */
struct source_rules {
	const char *kind;    /* of the source */
	const char *consent; /* full anonymous none: until a visitor says; full */
	bool respect_dnt;    /* Do Not Track and Global Privacy Control; no */
	enum source_ip ip;   /* truncated */
	struct val mask;     /* list of parameters' names; source_masks */
	bool mask_values;    /* what looks like an e-mail or a card; yes */
	struct val
		origins; /* list of "https://shop.example", or with a star for any host below; any */
	const char *exclude; /* networks; none */
	bool exclude_flags;  /* kept and marked instead of left out; no */
	struct val guarded;  /* "protected": list of fields no write key sets; none */
	bool signed_only;    /* "identity": "signed"; no */
	struct text secret;  /* opened; empty: none was made */
	struct val
		events;	 /* map of the tag's own events to on/off; see source_tag_events */
	struct val plan; /* map of events to maps of properties to types; {} */
	enum plan_verdict on_event, on_property,
		on_type; /* what the plan does not know; take */
};

/* Parameters that are masked unless told otherwise; the events the tag sends by itself, and whether it does at first. */
extern const char *const source_masks[];
extern const size_t source_masks_n;
struct source_tag_event {
	const char *name;
	bool on;
};
extern const struct source_tag_event source_tag_events[];
extern const size_t source_tag_events_n;

/* The rules of what the store has (both texts may be empty); on a. What cannot be read is as if it were not there. */
void source_rules_read(struct arena *a, int64_t company_id, int64_t source_id,
	const char *kind, struct text rules, struct text secret, struct source_rules *out);

/* 1 / 0 / -1. */
int source_rules_find(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct source_rules *out, struct err *e);

/* Checks a map of new rules and stores it; members that do not come along stay as they are. -1 ERR_INPUT with the member.
 * secret: "make" a new one, "drop" it, NULL: as it is. */
int source_rules_put(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	const struct val *change, const char *secret, struct err *e);

/* The rules as the map they are read from, whole. */
struct val source_rules_map(struct arena *a, const struct source_rules *r);

/* Whether a page of that origin may send: no list, or it is on it. */
bool source_allows(const struct source_rules *r, struct text origin);

#endif
