/* What is done to a client's profile: merged, parted, erased, handed out. */
#ifndef UI_PERSON_ACT_H
#define UI_PERSON_ACT_H

#include "web/web.h"

web_handler person_merge, person_part, person_erase, person_download;

#endif
