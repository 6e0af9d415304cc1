/* The body of a request of a stranger to a value: JSON, a form, XML. */
#ifndef HOOK_BODY_H
#define HOOK_BODY_H

#include "base/val.h"

struct arena;
struct err;

/* By its Content-Type; JSON under any other type, when it parses; nothing at all is null. In XML an element becomes a map of its children, those
 * of one name a list; its attributes are "@name", its text "#text" beside them, or is all there is. 0, or -1 ERR_INPUT: what is wrong and where. */
int hook_body_read(struct arena *a, struct text type, struct text bytes, struct val *out,
	struct err *e);

#endif
