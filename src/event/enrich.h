/* What a visitor's address, browser and page say, put beside what they did: docs/events.md. */
#ifndef EVENT_ENRICH_H
#define EVENT_ENRICH_H

#include "base/val.h"

struct agents;
struct arena;
struct arrival;
struct err;
struct geo;
struct settings;

struct enricher {
	struct geo *geo;       /* NULL: no file */
	struct agents *agents; /* NULL: no file */
	const char *language;  /* of places' names */
};

/* Opens the files of the settings; one that is not there is said once in the log. */
void enricher_open(const struct settings *s, struct enricher *out);
void enricher_close(struct enricher *g);

/* Where a call came from, as the journal has it. */
struct sighting {
	const struct enricher *enricher; /* NULL: nothing is added */
	struct text ip, agent;		 /* empty: not the visitor's, or not kept */
	bool internal;			 /* an address of the company's own */
};

/* Adds to an arrival of a page, screen, track (props, which must be its own map) or identify (only what it says of the person): country
 * region city browser os device bot internal referrer_class session_id session_number session_start; hints for fields; topics. */
void enrich(struct arena *a, const struct sighting *s, const struct val *context,
	struct arrival *r);

#endif
