/* Pages of pairs that may be one person, and of the rules by which persons are put together. */
#ifndef UI_DUPLICATES_H
#define UI_DUPLICATES_H

#include "web/web.h"

web_handler ui_duplicates, ui_duplicates_search, ui_duplicates_merge, ui_duplicate_decide,
	ui_duplicates_cancel;
web_handler ui_identity, ui_identity_ident, ui_identity_field;

#endif
