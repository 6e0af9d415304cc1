/* What a User-Agent is: browser, system, kind of device, robot. By the expressions of uap-core's regexes.yaml. */
#ifndef BASE_AGENT_H
#define BASE_AGENT_H

#include "base/val.h"

struct agents;
struct err;

struct agent {			 /* texts valid until agent_close */
	struct text browser, os; /* families, "Chrome", "Windows"; empty: not known */
	const char *device;	 /* desktop mobile tablet bot */
	bool bot;
};

/* Reads and compiles a regexes.yaml; what it cannot compile is left out and counted. -1 ERR_INPUT with the file's name. */
int agent_open(const char *path, struct agents **out, struct err *e);
void agent_close(struct agents *g); /* NULL is fine */

/* The agent of a header; those seen lately are remembered. NULL g knows robots and devices only. Not for two threads at once.
 * cost: 0.2 us remembered, about 1 ms new */
struct agent agent_find(struct agents *g, struct text header);

#endif
