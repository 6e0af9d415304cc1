/* What a company sells: products, and the feeds they come from. */
#ifndef UI_CATALOG_H
#define UI_CATALOG_H

#include "web/web.h"

web_handler catalog_products, catalog_product, catalog_feeds, catalog_feed_new,
	catalog_feed_make, catalog_feed, catalog_feed_run, catalog_feed_delete;

#endif
