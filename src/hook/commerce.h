/* CommerceML 2, what 1C tells a site: read as it streams by, one document, counterparty, product or offer at a time, each as a value (tree.h). Memory
 * does not grow with the file, but for the paths of its groups. */
#ifndef HOOK_COMMERCE_H
#define HOOK_COMMERCE_H

#include "base/val.h"

struct arena;
struct commerce;
struct err;

enum { COMMERCE_FILE_MAX = 100 * 1024 * 1024, COMMERCE_GROUPS_MAX = 20000 };

enum commerce_kind {
	COMMERCE_ORDER,
	COMMERCE_CLIENT,
	COMMERCE_PRODUCT,
	COMMERCE_OFFER,
	COMMERCE_OTHER
};

/* Each record of the file in its order; v and a are good for the call. 0, or -1 *e and reading ends. */
typedef int commerce_see(void *obj, struct arena *a, enum commerce_kind kind,
	const struct val *v, struct err *e);

/* Feed with commerce_feed, end with commerce_end; freed with commerce_free (NULL is fine). */
struct commerce *commerce_new(commerce_see *see, void *obj);
void commerce_free(struct commerce *c);
int commerce_feed(struct commerce *c, const void *bytes, size_t n, struct err *e);
/* -1 ERR_INPUT also when it is XML and no CommerceML. */
int commerce_end(struct commerce *c, struct err *e);

/* "Обувь / Зимняя" of a group's id, empty when it is not known. */
struct text commerce_group(const struct commerce *c, struct text id);

/* A child that is a text, or empty. The n-th child of a name, whether there is one of it or a list; NULL behind the last. */
struct text commerce_text(const struct val *v, const char *name);
const struct val *commerce_each(
	const struct val *v, const char *list, const char *name, size_t n);

#endif
