/* The compiler's parts between its files. */
#ifndef SEGMENT_RULE_PARTS_H
#define SEGMENT_RULE_PARTS_H

#include "segment/tree.h"

struct arena;
struct err;

/* rule_test.c: reads {word, args, line} of the prelude's tree. 0 / -1 *e with line. */
int rule_test_read(
	struct arena *a, const struct val *from, struct rule_test *out, struct err *e);
/* Does the test fit a field of that type ("text", "number", ...)? 0 / -1 *e. */
int rule_test_fits(
	const struct rule_test *t, struct text field, const char *type, struct err *e);
int rule_moment_read(
	struct text t, const char *word, int line, struct rule_moment *out, struct err *e);
int rule_span_read(
	struct text t, const char *word, int line, int64_t *span_us, struct err *e);

/* rule_reads.c: the fields a where() reads, by its text: adds them to *fields (list of texts). True when it may read any. */
bool rule_reads(struct arena *a, struct text source, int first, int last, struct text param,
	struct val *fields);
/* The names of an expression that are no words of its own; box_knows is asked by the caller. */
void rule_expression_names(struct arena *a, struct text expression, struct val *names);

/* rule_check.c: adds a warning for what can be seen to hold for nobody, or for everybody. */
void rule_check(struct rule *r);

int rule_err(struct err *e, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
