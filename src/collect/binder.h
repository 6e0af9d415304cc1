/* What the overlay asks in which a marketer points at things on their own site (docs/binding.md): under the token of its link and nothing
 * else, from any origin, without cookies. */
#ifndef COLLECT_BINDER_H
#define COLLECT_BINDER_H

#include "web/web.h"

/* POST /v1/binder {token, key, do, …}, key that of the page's tag: 200 with what is bound now; 401 the link has ended, 403 its user may
 * not any more, or the page is another source's.
 *   open                nothing more: adds the company's names of events and the user's language
 *   list                nothing more
 *   save                binding {id?, event, …}: a new one without an id
 *   state               id, state
 *   delete              id */
web_handler binder_call;

#endif
