/* Where a visitor came from, by the page before and the marks of the address. */
#ifndef EVENT_REFERRER_H
#define EVENT_REFERRER_H

#include "base/val.h"

/* "direct" "search" "social" "mail" "ad" "site" "own". url and referrer as the page says them, medium: utm_medium; each may be empty. */
const char *referrer_class(struct text url, struct text referrer, struct text medium);

/* The host of an address, without "www."; empty when it is none. Borrowed. */
struct text referrer_host(struct text url);

/* The first part of an address's path ("/shoes/red" gives "shoes"), empty for the front page. Borrowed. */
struct text referrer_section(struct text url);

#endif
