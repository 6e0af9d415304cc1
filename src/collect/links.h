/* What letters point at: the open pixel, clicks, unsubscribing. Public; a signed token says whose it is. */
#ifndef COLLECT_LINKS_H
#define COLLECT_LINKS_H

#include "web/web.h"

web_handler links_open;	 /* GET /o/{token}: always a GIF */
web_handler links_click; /* GET /c/{token}: to the stored target */
web_handler
	links_unsubscribe_page; /* GET /u/{token}: asks; scanners follow links, so a GET changes nothing */
web_handler links_unsubscribe; /* POST /u/{token}: does it, also as RFC 8058 one-click */

#endif
