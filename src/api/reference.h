/* The API told to people: GET /api, out of the same table as the description for machines. */
#ifndef API_REFERENCE_H
#define API_REFERENCE_H

#include "web/web.h"

web_handler api_reference; /* GET /api: groups, shapes and a call by curl for each */
web_handler api_openapi;   /* GET /api/v1/openapi.json */

#endif
