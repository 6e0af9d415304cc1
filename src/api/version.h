/* Versions of things: ETag, If-None-Match, If-Match (RFC 9110, 13.1). */
#ifndef API_VERSION_H
#define API_VERSION_H

#include "web/web.h"

/* After a GET of one thing: says its ETag; 304 without a body when the client has that version. */
void version_tell(struct web *w);

/* Before a change with If-Match: the thing is still what the client saw. 0, or -1 ERR_STALE; ERR_MISSING when it is gone; ERR_BUSY. Until the
 * request ends no other change with If-Match of that path goes on; one without asks nobody, and is not waited for. */
int version_check(struct web *w, struct err *e);

#endif
