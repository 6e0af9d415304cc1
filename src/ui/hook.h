/* Sources of kind "system": their address with what guards it, and the mapping of what comes there with a console to try it in. */
#ifndef UI_HOOK_H
#define UI_HOOK_H

#include "web/web.h"

web_handler hook_page;	  /* GET /sources/{id}/hook */
web_handler hook_save;	  /* POST /sources/{id}/hook: a new address, or how it is guarded */
web_handler hook_mapping; /* GET /sources/{id}/mapping */
web_handler hook_mapping_save; /* POST /sources/{id}/mapping */
web_handler hook_mapping_try;  /* POST /sources/{id}/mapping/try: changes nothing */

#endif
