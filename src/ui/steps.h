/* A scenario's tree as rows of a picture. */
#ifndef UI_STEPS_H
#define UI_STEPS_H

#include "base/val.h"
#include "web/web.h"

/* tree: as scenario/compile.h has it. A list of maps in the order of reading: {depth 0.., icon, title, detail, line, branch ("yes", "no" for a
 * row that only names a branch), n (how many came here, where figures has "step.N")}. figures may be NULL. */
struct val steps_rows(struct web *w, const struct val *tree, const struct val *figures);

#endif
