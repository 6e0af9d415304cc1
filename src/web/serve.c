/* See serve.h. Quirks of libfcgi this file knows: its own signal handlers are not installed over ours; a thread blocked in
 * accept is woken by shutdown() of the listening socket, not by a signal; parameters are not limited. */
#include "web/serve.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/time.h"
#include "base/url.h"
#include "script/budget.h"
#include "store/db.h"
#include "web/page.h"

#include <fcgiapp.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	BACKLOG_PER_THREAD = 16, /* who comes after that is told so by nginx at once */
	PEER_SILENT_S = 5,
	DRAIN_S = 10,
	ARENA_KEPT_BYTES = 4 << 20,
	FIRST_GIVEN = 3 /* of systemd's descriptors */
};

/* Which companies' requests are in hand: one of them gets at most three quarters of the threads, nobody's (a login, a health check)
 * count as one company. */
struct share {
	pthread_mutex_t lock;
	int64_t *companies; /* of the threads that serve one */
	size_t n, most;
};

struct worker {
	pthread_t thread;
	FCGX_Request fcgi;
	const struct door *door;
	const struct settings *settings;
	atomic_bool *stopping;
	struct share *share;
	int listening;
	atomic_bool idle; /* waits for somebody to come */
	bool ended;
};

static int
read_body(struct web *w, FCGX_Request *fcgi, struct err *e)
{
	struct request *r = &w->request;
	if (r->length == 0)
		return 0;
	if ((uint64_t)r->length > w->route->body_max)
		return err_set(e, ERR_SIZE, "the body is larger than %zu bytes",
			w->route->body_max);
	if (w->route->body_max > WEB_BODY_MEMORY_MAX) {
		w->incoming = fcgi->in;
		w->incoming_left = r->length;
		return 0;
	}
	size_t n = (size_t)r->length;
	char *at = arena_alloc(w->arena, n + 1);
	size_t got = 0;
	while (got < n) {
		int k = FCGX_GetStr(at + got, (int)(n - got), fcgi->in);
		if (k <= 0)
			return err_set(e, ERR_INPUT, "the body ended early");
		got += (size_t)k;
	}
	r->body = (struct text){at, n};
	return 0;
}

int
web_read(struct web *w, char *at, size_t n, size_t *got, struct err *e)
{
	*got = 0;
	if (w->incoming_left == 0)
		return 0;
	int k = FCGX_GetStr(at,
		(int)(n < (size_t)w->incoming_left ? n : (size_t)w->incoming_left),
		w->incoming);
	if (k <= 0)
		return err_set(e, ERR_INPUT, "the body ended early");
	*got = (size_t)k;
	w->incoming_left -= k;
	return 0;
}

static int
find_route(struct web *w, struct err *e)
{
	const struct door *d = w->door;
	const char *allow;
	int found = route_find(w->arena, d->routes, d->routes_n, w->request.method,
		w->request.path, &w->route, &w->params, &allow);
	if (found > 0)
		return 0;
	if (found == 0)
		return err_set(e, ERR_MISSING, "there is nothing here");
	response_header(w, "Allow", allow);
	err_set(e, ERR_INPUT, "%s is not possible here, only %s", w->request.method, allow);
	return 1; /* 405 */
}

static bool
params_are_utf8(const struct val *params)
{
	for (size_t i = 0; i < val_len(params); i++)
		if (!text_is_utf8(params->map->at[i].val.text))
			return false;
	return true;
}

static int
share_take(struct share *s, struct web *w, struct err *e)
{
	size_t held = 0;
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		held += s->companies[i] == w->company.id;
	if (held < s->most)
		s->companies[s->n++] = w->company.id;
	pthread_mutex_unlock(&s->lock);
	if (held == s->most)
		w->response.retry_s = 1;
	return held < s->most ? 0
			      : err_set(e, ERR_LIMIT,
					"%zu requests at once are in hand already", held);
}

static void
share_give(struct share *s, int64_t company_id)
{
	pthread_mutex_lock(&s->lock);
	size_t i = 0;
	while (s->companies[i] != company_id)
		i++;
	s->companies[i] = s->companies[--s->n];
	pthread_mutex_unlock(&s->lock);
}

static int
note(struct web *w, struct err *e)
{
	return w->door->note != NULL ? w->door->note(w, e) : 0;
}

/* A door without a guard knows no companies. */
static int
handle_fairly(struct web *w, struct share *s, struct err *e)
{
	if (w->door->guard == NULL)
		return w->route->handle(w, e) < 0 ? -1 : note(w, e);
	if (w->door->guard(w, e) < 0 || share_take(s, w, e) < 0)
		return -1;
	int64_t company_id = w->company.id; /* a handler may look up another */
	int rc = w->route->handle(w, e) < 0 ? -1 : note(w, e);
	share_give(s, company_id);
	return rc;
}

static int
handle(struct web *w, FCGX_Request *fcgi, struct share *share, struct err *e)
{
	int found = find_route(w, e);
	if (found != 0) {
		if (found > 0) {
			w->door->fail(w, e);
			w->response.status = 405;
			return 0;
		}
		return -1;
	}
	if (!params_are_utf8(&w->params))
		return err_set(e, ERR_INPUT, "the address is not well-formed UTF-8");
	const char *mark = strchr(w->request.target.n > 0 ? w->request.target.at : "", '?');
	if (mark != NULL &&
		url_query(w->arena, text_of(mark + 1), &w->request.query, e) < 0)
		return -1;
	if (read_body(w, fcgi, e) < 0)
		return -1;
	return handle_fairly(w, share, e);
}

/* A file that became shorter ends the connection early: the client sees that it has not all. */
static void
send_file(const struct web *w, FCGX_Stream *out)
{
	const struct response *r = &w->response;
	char part[64 * 1024];
	FCGX_FPrintF(out, "Content-Length: %lld\r\n\r\n", (long long)r->file_bytes);
	for (int64_t left = strcmp(w->request.method, "HEAD") != 0 ? r->file_bytes : 0;
		left > 0;) {
		size_t n = left < (int64_t)sizeof part ? (size_t)left : sizeof part;
		ssize_t got = read(r->fd, part, n);
		if (got <= 0 || FCGX_PutStr(part, (int)got, out) < 0)
			return;
		left -= got;
	}
}

static void
send_response(const struct web *w, FCGX_Stream *out)
{
	const struct response *r = &w->response;
	FCGX_FPrintF(out, "Status: %d\r\n", r->status);
	if (r->headers.n > 0)
		FCGX_PutStr(r->headers.at, (int)r->headers.n, out);
	FCGX_PutS(
		"X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n", out);
	if (r->fd >= 0) {
		send_file(w, out);
		return;
	}
	FCGX_FPrintF(out, "Content-Length: %d\r\n\r\n", (int)r->body.n);
	if (strcmp(w->request.method, "HEAD") != 0 && r->body.n > 0)
		FCGX_PutStr(r->body.at, (int)r->body.n, out);
}

static void
answer(struct web *w, FCGX_Request *fcgi, struct share *share)
{
	struct err e = {0};
	int64_t from = time_monotonic_us();
	response_init(&w->response, w->arena);
	w->route = NULL;
	w->session = w->half = NULL;
	w->key = NULL;
	w->incoming = NULL;
	w->incoming_left = 0;
	w->company = (struct company){0};
	budget_enter(NULL, false);
	w->params = val_map(w->arena);
	int done = request_read(w->arena, fcgi->envp, &w->request, &e);
	log_request(w->request.id);
	if (done == 0)
		done = handle(w, fcgi, share, &e);
	if (done < 0) {
		if (e.code == ERR_BUG || e.code == ERR_BUSY || e.code == ERR_NONE)
			log_line(LOG_ERROR, "%s %.200s: %s", w->request.method,
				text_z(w->arena, w->request.path), e.text);
		db_rollback(w->db);
		w->door->fail(w, &e);
	}
	must(w->response.status != 0);
	send_response(w, fcgi->out);
	int64_t took_us = time_monotonic_us() - from;
	if (w->door->after != NULL)
		w->door->after(w, took_us, done < 0 ? &e : NULL);
	/* without the query: write keys travel in it */
	log_line(LOG_DEBUG, "%s %.200s %d %lld us", w->request.method,
		text_z(w->arena, w->request.path), w->response.status, (long long)took_us);
	log_request(NULL);
}

/* libfcgi reads for ever from a peer who says nothing, so we accept and set how long we wait; it takes a connection it is given. Where
 * that one says nothing it would accept the next by itself, hence no listening socket of its own. 1 / 0 no request / -1 errno. */
static int
accept_one(struct worker *me)
{
	struct timeval silent = {.tv_sec = PEER_SILENT_S};
	if (me->fcgi.ipcFd < 0) { /* else nginx keeps it for its next request */
		atomic_store(&me->idle, true);
		int fd = accept4(me->listening, NULL, NULL, SOCK_CLOEXEC);
		atomic_store(&me->idle, false);
		if (fd < 0)
			return -1;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silent, sizeof silent);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &silent, sizeof silent);
		me->fcgi.ipcFd = fd;
		me->fcgi.keepConnection = 1; /* or it is closed before it is read */
	}
	return FCGX_Accept_r(&me->fcgi) == 0;
}

static void *
work(void *obj)
{
	struct worker *me = obj;
	struct web w = {.door = me->door, .settings = me->settings};
	w.arena = arena_new();
	w.db = db_open(me->settings);
	struct err e;
	if (me->door->has_pages && pages_open(me->settings, &w.pages, &e) < 0) {
		log_line(LOG_ERROR, "%s", e.text);
		kill(getpid(), SIGTERM);
		atomic_store(me->stopping, true);
	}
	if (me->door->own_open != NULL)
		w.own = me->door->own_open(me->settings);
	while (!atomic_load(me->stopping)) {
		int got = accept_one(me);
		if (got < 0) {
			if (atomic_load(me->stopping))
				break;
			log_line(LOG_WARN, "accept: %m");
			nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
		}
		if (got < 1)
			continue;
		answer(&w, &me->fcgi, me->share);
		FCGX_Finish_r(&me->fcgi);
		arena_reset(w.arena);
		if (arena_size_bytes(w.arena) > ARENA_KEPT_BYTES) {
			arena_free(w.arena);
			w.arena = arena_new();
		}
	}
	if (me->door->own_close != NULL)
		me->door->own_close(w.own);
	pages_close(w.pages);
	db_close(w.db);
	arena_free(w.arena);
	return NULL;
}

/* The socket systemd hands over (sd_listen_fds(3)), or -1: then we make our own. It stays systemd's: who comes while we are away waits. */
static int
given_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	if (pid == NULL || n == NULL || atoll(pid) != getpid() || strcmp(n, "1") != 0)
		return -1;
	fcntl(FIRST_GIVEN, F_SETFD, FD_CLOEXEC);
	return FIRST_GIVEN;
}

static void
wake(int number)
{
	(void)number;
}

/* Interrupts those who wait at a socket that we may not shut down; once more where one was only about to wait. */
static void
wake_idle(struct worker *workers, size_t n)
{
	size_t idle = 1;
	for (int tries = 0; idle > 0 && tries < 100; tries++) {
		idle = 0;
		for (size_t i = 0; i < n; i++)
			if (atomic_load(&workers[i].idle)) {
				pthread_kill(workers[i].thread, SIGUSR1);
				idle++;
			}
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
}

static int
listen_at(const char *path, int backlog, struct err *e)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof at.sun_path)
		return err_set(e, ERR_INPUT, "run_dir is too long for a socket: %s", path);
	memcpy(at.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, ERR_BUSY, "socket: %m");
	unlink(path); /* a killed door leaves it; the supervisor runs one of a kind */
	mode_t old = umask(0117);
	int bound = bind(fd, (struct sockaddr *)&at, sizeof at);
	umask(old);
	if (bound < 0 || listen(fd, backlog) < 0) {
		err_set(e, ERR_BUSY, "cannot listen at %s: %m", path);
		close(fd);
		return -1;
	}
	return fd;
}

/* Waits for all threads until a deadline; those that still read from a peer who says nothing lose their connection. */
static void
drain(struct worker *workers, size_t n)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += DRAIN_S;
	for (size_t i = 0; i < n; i++)
		workers[i].ended = pthread_timedjoin_np(workers[i].thread, NULL, &until) ==
				   0;
	for (size_t i = 0; i < n; i++)
		if (!workers[i].ended) {
			log_line(LOG_WARN, "a request in hand is cut off");
			shutdown(workers[i].fcgi.ipcFd, SHUT_RDWR);
		}
	until.tv_sec += 2;
	for (size_t i = 0; i < n; i++)
		if (!workers[i].ended &&
			pthread_timedjoin_np(workers[i].thread, NULL, &until) != 0)
			_exit(1);
}

static int
start(struct worker *workers, size_t n, const struct worker *like, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		workers[i] = *like;
		FCGX_InitRequest(&workers[i].fcgi, -1, FCGI_FAIL_ACCEPT_ON_INTR);
		int failed = pthread_create(&workers[i].thread, NULL, work, &workers[i]);
		if (failed != 0)
			return err_set(e, ERR_BUSY, "thread: %s", strerror(failed));
	}
	return 0;
}

int
serve_run(const struct door *d, const struct settings *s, struct err *e)
{
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = wake}, NULL);
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	if (FCGX_Init() != 0)
		return err_set(e, ERR_BUG, "libfcgi does not start");
	db_library_init();
	struct arena *a = arena_new();
	int given = given_socket(), fd = given;
	if (fd < 0)
		fd = listen_at(arena_printf(a, "%s/%s.sock", s->run_dir, d->name),
			d->threads * BACKLOG_PER_THREAD, e);
	if (fd < 0) {
		arena_free(a);
		return -1;
	}
	size_t n = (size_t)d->threads;
	struct worker *workers = arena_array(a, n, sizeof *workers);
	atomic_bool stopping = false;
	struct share share = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.companies = arena_array(a, n, sizeof *share.companies),
		.most = n - n / 4};
	struct worker like = {.door = d,
		.settings = s,
		.stopping = &stopping,
		.share = &share,
		.listening = fd};
	if (start(workers, n, &like, e) < 0)
		return -1; /* the program ends; its threads with it */
	log_line(LOG_INFO, "%s serves with %zu threads", d->name, n);
	int got;
	do
		sigwait(&ends, &got);
	while (got == SIGHUP);
	log_line(LOG_INFO, "ending");
	atomic_store(&stopping, true);
	if (given < 0)
		shutdown(fd, SHUT_RDWR);
	else
		wake_idle(workers, n);
	drain(workers, n);
	close(fd);
	arena_free(a);
	return 0;
}

int
serve_begin(struct arena *a, const char *program, int argc, char **argv, struct settings *s,
	struct err *e)
{
	log_init(program, "info");
	if (argc != 3 || strcmp(argv[1], "--config") != 0)
		return err_set(e, ERR_INPUT, "usage: %s --config FILE", program);
	if (settings_read(a, argv[2], s, e) < 0)
		return -1;
	log_init(program, s->log_level);
	if (sign_init(settings_secret(a, s, argv[2]), e) < 0 ||
		id_init(s->run_dir, (int)s->machine, e) < 0)
		return -1;
	return 0;
}
