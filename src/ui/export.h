/* Exports: the list with how far each is, a new one, its file. */
#ifndef UI_EXPORT_H
#define UI_EXPORT_H

#include "web/web.h"

web_handler ui_export_list, ui_export_rows, ui_export_new, ui_export_make, ui_export_cancel,
	ui_export_file;

#endif
