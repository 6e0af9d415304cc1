/* Which passwords are taken. */
#ifndef TENANT_PASSWORD_H
#define TENANT_PASSWORD_H

#include "base/val.h"

struct arena;
struct err;

enum { PASSWORD_BYTES_MIN = 12, PASSWORD_BYTES_MAX = 1024 };

/* 0, or -1 ERR_INPUT field "password": too short, too long, the person's own address, or what everybody thinks of first: words of a list,
 * also one behind the other, with digits around them and 0 for o; one sign or a short piece repeated; runs of the alphabet or keyboard. */
int password_check(struct arena *a, struct text password, const char *email, struct err *e);

#endif
