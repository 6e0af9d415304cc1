/* See table_parts.h: not there yet. */
#include "base/err.h"
#include "markup/table_parts.h"

int
table_xml_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e)
{
	(void)a, (void)path, (void)shape, (void)t;
	return err_set(e, ERR_BUG, "no reader yet");
}
