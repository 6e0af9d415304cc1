/* The door of people: its routes and how it is served. */
#ifndef UI_DOOR_H
#define UI_DOOR_H

#include "web/serve.h"

struct err;
struct settings;

extern const struct route ui_routes[];
extern const size_t ui_routes_n;

/* Serves until told to end: 0, or -1 *e when it could not begin. */
int ui_serve(const struct settings *s, struct err *e);

#endif
