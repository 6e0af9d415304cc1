/* A FastCGI door: N threads behind one unix socket, each with its arena and connection. */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "web/route.h"
#include "web/web.h"

struct err;
struct settings;

struct door {
	const char *name; /* its socket is systemd's, or RUN_DIR/NAME.sock, mode 0660 */
	int threads;
	const struct route *routes;
	size_t routes_n;
	/* Who asks, and may they take w->route? Fills session or key and company. NULL: everybody may. */
	web_handler *guard;
	/* Notes what was done, after the handler and before the answer leaves; may be NULL. Its failure is the request's. */
	web_handler *note;
	/* Answers an error: of the guard, of a handler, of an unknown path (w->route is then NULL). */
	void (*fail)(struct web *w, const struct err *e);
	/* Told after the answer was written: how long it took, and the error it was, NULL for none; may be NULL. */
	void (*after)(struct web *w, int64_t us, const struct err *e);
	bool has_pages; /* each thread gets w->pages */
	/* What each thread keeps of the door's own (w->own), made at its start; both may be NULL. */
	void *(*own_open)(const struct settings *s);
	void (*own_close)(void *own);
	void *shared; /* the door's own, for all threads: a journal */
};

/* Serves until SIGTERM or SIGINT, then ends what is in hand (10 s at most) and returns 0. -1 *e: it could not begin. Call after
 * log_init, sign_init, id_init, before any other thread is started by the program; ignores SIGPIPE. */
int serve_run(const struct door *d, const struct settings *s, struct err *e);

/* What every door's main does first: reads --config FILE, starts log, secret and ids. 0 / -1 *e. */
int serve_begin(struct arena *a, const char *program, int argc, char **argv,
	struct settings *s, struct err *e);

#endif
