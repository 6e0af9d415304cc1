/* XML events to a value: an element becomes a map of its children, those of one name a list; attributes are "@name"; its text is all there is, or
 * "#text" beside the rest. */
#ifndef HOOK_TREE_H
#define HOOK_TREE_H

#include "base/val.h"

struct arena;
struct err;
struct tree;
struct xml_attribute;

enum { TREE_DEPTH_MAX = 24 };

struct tree *tree_new(struct arena *a);

/* As struct xml_events wants them, obj the tree. -1 ERR_INPUT: too deep, too many names. */
int tree_open(void *obj, const char *name, const struct xml_attribute *attributes, size_t n,
	struct err *e);
int tree_text(void *obj, const char *before, struct text t, struct err *e);
int tree_close(void *obj, const char *name, struct err *e);

/* {name of the outermost: value}; how many elements are open. */
struct val tree_root(const struct tree *t);
size_t tree_depth(const struct tree *t);

#endif
