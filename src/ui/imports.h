/* Data, import: upload, what goes where, check, run, result. */
#ifndef UI_IMPORTS_H
#define UI_IMPORTS_H

#include "web/web.h"

struct err;
struct import;

web_handler ui_import_list, ui_import_new, ui_import_make;
web_handler ui_import_page, ui_import_shape, ui_import_preview, ui_import_start;
web_handler ui_import_fetch, ui_import_repeat, ui_import_feed_state;
web_handler ui_import_cancel, ui_import_undo, ui_import_errors, ui_import_progress;

/* The mapping as the page's form says it: as mapping_read takes it. *made: the fields to be made, a list of maps {name, label, type, state}. */
void import_form(
	struct web *w, const struct import *im, struct val *mapping, struct val *made);

/* vars for the form: columns (name, to, transform, month_first, samples, dates), targets and keys ({name, label}), and the options; of a mapping. */
int import_form_vars(struct web *w, const struct import *im, const struct val *mapping,
	const struct val *rows, struct val *vars, struct err *e);

#endif
