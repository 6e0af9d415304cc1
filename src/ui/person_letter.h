/* Letters on the card of a client: as they were sent, where that is kept and the user may see all that may stand in it; else as the template
 * and the client give them now. */
#ifndef UI_PERSON_LETTER_H
#define UI_PERSON_LETTER_H

#include "base/val.h"
#include "web/web.h"

struct err;

enum { PERSON_MESSAGES = 100 };

/* Into vars.messages (as message_of_person gives them, at most PERSON_MESSAGES): kept, it is shown as it was sent. 0 / -1 the store's. */
int person_put_kept(struct web *w, struct val *vars, struct err *e);

/* GET /clients/{id}/letters/{message}: one of them, in a sandbox. */
int person_letter(struct web *w, struct err *e);

#endif
