/* Calls of SDKs and the pixel: /v1/..., /p.gif. */
#ifndef COLLECT_RECEIVE_H
#define COLLECT_RECEIVE_H

#include "web/web.h"

struct journal;
struct keys;
struct limit;

struct collect { /* the door's own, for all its threads */
	struct journal *journal;
	struct keys *keys;
	struct limit *limit; /* events of a write key */
};

web_handler receive_call;    /* POST /v1/{call} */
web_handler receive_batch;   /* POST /v1/batch and its other names */
web_handler receive_pixel;   /* GET: always 200 and a GIF */
web_handler receive_options; /* CORS */
web_handler
	receive_settings; /* GET /v1/projects/{key}/settings: what analytics.js loads first */

web_handler
	receive_source_config; /* GET /v1/sourceConfig/: the same for RudderStack's browser SDK */

/* The 1x1 GIF, not to be cached. */
void receive_gif(struct web *w);

#endif
