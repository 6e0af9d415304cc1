/* Faults on order, preloaded into one of our processes: the n-th call of a kind fails, is cut short, kills, or loses what was not
 * synced. Rules stand in a file mapped into the process (FAULT_CONTROL), so that a test changes them while it runs:
 *
 *   SITE:N:ACTION;SITE:N+:ACTION...       N+: from the N-th on
 *   sites    jopen jwrite jsync jrename jdirsync junlink jread jnote falloc   (the journal's directory, FAULT_DIR)
 *            dbsend dbrecv dbcommit webread webwrite
 *   actions  EIO ENOSPC EINTR ECONNRESET  fails so, nothing done
 *            SHORT   half is done          TORN     half is done, then kill
 *            KILL    before                KILLAFTER
 *            LOSE    power loss: what was not synced is gone; GARBLE: or is rubbish; FLIP: or other letters
 *            EIOLOSE fails, and what was not synced is gone
 *            SLOW    0.3 s first           SLOWLOSE
 *            CUT     the connection is cut before; CUTAFTER
 *            LIE     says yes and does nothing (a sync); LIELOSE: and what was not synced is gone
 *
 * FAULT_POISON: a text at whose sight in an event on its way to the store the process dies. */
#include "shim.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum site {
	JOPEN,
	JWRITE,
	JSYNC,
	JRENAME,
	JDIRSYNC,
	JUNLINK,
	JREAD,
	JNOTE,
	FALLOC,
	DBSEND,
	DBRECV,
	DBCOMMIT,
	WEBREAD,
	WEBWRITE,
	SITES
};
static const char *const site_names[SITES] = {"jopen", "jwrite", "jsync", "jrename",
	"jdirsync", "junlink", "jread", "jnote", "falloc", "dbsend", "dbrecv", "dbcommit",
	"webread", "webwrite"};

enum { FDS = 4096, NAMES = 64, SLOW_US = 300000 };

/* What a test and the process share: 1024 bytes, see t/fault/Fault.pm. */
struct control {
	int64_t clock_us;      /* added to the wall clock */
	uint32_t generation;   /* of the rules; a new one begins to count anew */
	uint32_t full;	       /* the disk of the journal has no room */
	uint32_t fired;	       /* rules that acted */
	uint32_t count[SITES]; /* calls seen */
	char rules[512];
};

enum kind { OTHER, SEGMENT, DIRECTORY, NOTE, STORE, WEB };

static struct fd {
	enum kind kind;
	char path[256];
	off_t synced;
} fds[FDS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct control *control, none;
static uint32_t seen_generation;
static char unsynced_names[NAMES][256]; /* named since the directory was last synced */
static size_t unsynced_n;

void *
shim_real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

bool
shim_is_bug(const char *name)
{
	const char *bug = getenv("FAULT_BUG");
	return bug != NULL && strcmp(bug, name) == 0;
}

#define REAL(type, name, ...)                                                              \
	static type (*real_##name)(__VA_ARGS__);                                           \
	if (real_##name == NULL)                                                           \
	real_##name = (type(*)(__VA_ARGS__))shim_real(#name)

static struct control *
shared(void)
{
	if (control != NULL)
		return control;
	const char *path = getenv("FAULT_CONTROL");
	int fd = path != NULL
			 ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0)
			 : -1;
	void *at = fd < 0 ? MAP_FAILED
			  : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED,
				    fd, 0);
	control = at == MAP_FAILED ? &none : at;
	return control;
}

static void
die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* --- what is not synced is lost --- */

enum loss { GONE, RUBBISH, FLIPPED };

/* Bytes that never reached the disk are whatever the disk had there; FLIPPED: everything did but for some letters of its sums, so that
 * only a check over the bytes sees it. */
static void
spoil(const char *path, off_t from, off_t to, enum loss how)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR, 0);
	int hex = 0;
	for (; from < to; from++) {
		char c = '\xA5';
		if (how == FLIPPED) {
			if (syscall(SYS_pread64, fd, &c, 1, from) != 1)
				abort();
			hex = isxdigit((unsigned char)c) ? hex + 1 : 0;
			if (hex < 16 || c < 'a' || c > 'e')
				continue;
			c++;
		}
		if (syscall(SYS_pwrite64, fd, &c, 1, from) != 1)
			abort();
	}
}

static void
lose(enum loss how)
{
	for (int i = 0; i < FDS; i++) {
		struct stat st;
		if (fds[i].kind != SEGMENT || fstat(i, &st) != 0 ||
			st.st_size <= fds[i].synced)
			continue;
		if (how != GONE)
			spoil(fds[i].path, fds[i].synced, st.st_size, how);
		else if (truncate(fds[i].path, fds[i].synced) != 0)
			abort();
	}
}

static void
power_loss(enum loss how)
{
	lose(how);
	for (size_t i = 0; i < unsynced_n; i++)
		syscall(SYS_unlink, unsynced_names[i]);
	die();
}

/* --- rules --- */

struct action {
	char name[16];
};

static bool
is(const struct action *a, const char *name)
{
	return strcmp(a->name, name) == 0;
}

static bool
find_rule(enum site s, uint32_t n, struct action *out)
{
	char rules[512], *rest;
	memcpy(rules, control->rules, sizeof rules);
	rules[sizeof rules - 1] = '\0';
	for (char *r = strtok_r(rules, ";", &rest); r != NULL;
		r = strtok_r(NULL, ";", &rest)) {
		char name[16], number[16];
		if (sscanf(r, "%15[^:]:%15[^:]:%15s", name, number, out->name) != 3 ||
			strcmp(name, site_names[s]) != 0)
			continue;
		uint32_t at = (uint32_t)atoi(number);
		if (n == at || (n > at && strchr(number, '+') != NULL))
			return true;
	}
	return false;
}

/* Counts one call; whether a rule wants something of it. What can be done at once is done here. */
static bool
reached(enum site s, struct action *a)
{
	struct control *c = shared();
	pthread_mutex_lock(&lock);
	if (c->generation != seen_generation) {
		seen_generation = c->generation;
		memset(c->count, 0, sizeof c->count);
	}
	bool found = find_rule(s, ++c->count[s], a);
	if (found)
		c->fired++;
	pthread_mutex_unlock(&lock);
	if (!found)
		return false;
	if (strncmp(a->name, "SLOW", 4) == 0) {
		usleep(SLOW_US);
		memmove(a->name, a->name + 4, sizeof a->name - 4);
	}
	if (is(a, "KILL"))
		die();
	if (is(a, "LOSE") || is(a, "GARBLE") || is(a, "FLIP"))
		power_loss(is(a, "LOSE") ? GONE : is(a, "GARBLE") ? RUBBISH : FLIPPED);
	return a->name[0] != '\0';
}

/* An errno by its name, 0 for another action. */
static int
error_of(const struct action *a)
{
	return is(a, "EIO")	     ? EIO
	       : is(a, "ENOSPC")     ? ENOSPC
	       : is(a, "EINTR")	     ? EINTR
	       : is(a, "ECONNRESET") ? ECONNRESET
				     : 0;
}

static int
fails(int error)
{
	errno = error;
	return -1;
}

/* For calls that are done or not: -1 it failed, 0 go on. after: kill when it is done. */
static int
whole(enum site s, bool *after)
{
	struct action a;
	*after = false;
	if (!reached(s, &a))
		return 0;
	*after = is(&a, "KILLAFTER");
	return error_of(&a) != 0 ? fails(error_of(&a)) : 0;
}

/* For calls that move n bytes. */
struct move {
	ssize_t n;
	bool torn, after, cut_after;
	int failed;
};

static struct move
moving(enum site s, int fd, size_t n)
{
	struct action a;
	struct move m = {.n = (ssize_t)n};
	if (!reached(s, &a))
		return m;
	m.failed = error_of(&a);
	m.torn = is(&a, "TORN");
	m.after = is(&a, "KILLAFTER");
	m.cut_after = is(&a, "CUTAFTER");
	if (n > 1 && (m.torn || is(&a, "SHORT")))
		m.n = (ssize_t)(n / 2);
	if (is(&a, "CUT"))
		shutdown(fd, SHUT_RDWR);
	return m;
}

static void
moved(const struct move *m, int fd)
{
	if (m->torn || m->after)
		die();
	if (m->cut_after)
		shutdown(fd, SHUT_RDWR);
}

static enum kind
kind_of(int fd)
{
	return fd >= 0 && fd < FDS ? fds[fd].kind : OTHER;
}

/* --- files --- */

static bool
in_dir(const char *path)
{
	const char *dir = getenv("FAULT_DIR");
	return dir != NULL && path != NULL && strncmp(path, dir, strlen(dir)) == 0;
}

int
open(const char *path, int flags, ...)
{
	REAL(int, open, const char *, int, ...);
	va_list args;
	va_start(args, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
	va_end(args);
	bool ours = in_dir(path), after = false;
	bool making = ours && (flags & O_CREAT) != 0 && strstr(path, ".j.new") != NULL;
	if (making && (shared()->full || whole(JOPEN, &after) < 0))
		return shared()->full ? fails(ENOSPC) : -1;
	int fd = real_open(path, flags, mode);
	if (after)
		die();
	if (!ours || fd < 0 || fd >= FDS)
		return fd;
	struct stat st;
	fds[fd].kind = (flags & O_DIRECTORY) != 0	 ? DIRECTORY
		       : strstr(path, "in-hand") != NULL ? NOTE
		       : strstr(path, ".j") != NULL	 ? SEGMENT
							 : OTHER;
	fds[fd].synced = fstat(fd, &st) == 0 ? st.st_size : 0;
	snprintf(fds[fd].path, sizeof fds[fd].path, "%s", path);
	return fd;
}

int
close(int fd)
{
	REAL(int, close, int);
	if (fd >= 0 && fd < FDS)
		fds[fd].kind = OTHER;
	return real_close(fd);
}

ssize_t
write(int fd, const void *at, size_t n)
{
	REAL(ssize_t, write, int, const void *, size_t);
	enum kind k = kind_of(fd);
	if (k != SEGMENT && k != WEB)
		return real_write(fd, at, n);
	if (k == SEGMENT && shared()->full)
		return fails(ENOSPC);
	struct move m = moving(k == SEGMENT ? JWRITE : WEBWRITE, fd, n);
	if (m.failed)
		return fails(m.failed);
	ssize_t done = real_write(fd, at, (size_t)m.n);
	moved(&m, fd);
	return done;
}

ssize_t
pwrite(int fd, const void *at, size_t n, off_t where)
{
	REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
	if (kind_of(fd) != NOTE)
		return real_pwrite(fd, at, n, where);
	struct move m = moving(JNOTE, fd, n);
	if (m.failed)
		return fails(m.failed);
	ssize_t done = real_pwrite(fd, at, (size_t)m.n, where);
	moved(&m, fd);
	return done;
}

ssize_t
pread(int fd, void *at, size_t n, off_t where)
{
	REAL(ssize_t, pread, int, void *, size_t, off_t);
	if (kind_of(fd) != SEGMENT)
		return real_pread(fd, at, n, where);
	struct move m = moving(JREAD, fd, n);
	if (m.failed)
		return fails(m.failed);
	ssize_t done = real_pread(fd, at, (size_t)m.n, where);
	moved(&m, fd);
	return done;
}

int
fdatasync(int fd)
{
	REAL(int, fdatasync, int);
	struct action a;
	struct stat st;
	if (kind_of(fd) != SEGMENT)
		return real_fdatasync(fd);
	bool acts = reached(JSYNC, &a);
	if (acts && error_of(&a) != 0)
		return fails(error_of(&a));
	if (acts && (is(&a, "EIOLOSE") || is(&a, "LIELOSE"))) {
		lose(GONE);
		return is(&a, "LIELOSE") ? 0 : fails(EIO);
	}
	if (acts && is(&a, "LIE"))
		return 0;
	int rc = real_fdatasync(fd);
	if (rc == 0 && fstat(fd, &st) == 0)
		fds[fd].synced = st.st_size;
	if (acts && is(&a, "KILLAFTER"))
		die();
	return rc;
}

int
fsync(int fd)
{
	REAL(int, fsync, int);
	bool after = false;
	if (kind_of(fd) == DIRECTORY && whole(JDIRSYNC, &after) < 0)
		return -1;
	int rc = real_fsync(fd);
	if (kind_of(fd) == DIRECTORY)
		unsynced_n = 0;
	if (after)
		die();
	return rc;
}

int
rename(const char *from, const char *to)
{
	REAL(int, rename, const char *, const char *);
	bool after = false, ours = in_dir(to) && strstr(to, ".j") != NULL;
	if (ours && whole(JRENAME, &after) < 0)
		return -1;
	int rc = real_rename(from, to);
	if (ours && rc == 0 && strstr(to, ".torn") == NULL) {
		if (unsynced_n < NAMES)
			snprintf(unsynced_names[unsynced_n++], 256, "%s", to);
		for (int i = 0; i < FDS; i++)
			if (fds[i].kind == SEGMENT && strcmp(fds[i].path, from) == 0)
				snprintf(fds[i].path, sizeof fds[i].path, "%s", to);
	}
	if (after)
		die();
	return rc;
}

int
unlink(const char *path)
{
	REAL(int, unlink, const char *);
	bool after = false;
	if (in_dir(path) && strstr(path, ".j") != NULL && whole(JUNLINK, &after) < 0)
		return -1;
	int rc = real_unlink(path);
	if (after)
		die();
	return rc;
}

int
posix_fallocate(int fd, off_t from, off_t n)
{
	REAL(int, posix_fallocate, int, off_t, off_t);
	bool after = false;
	if (shared()->full || whole(FALLOC, &after) < 0)
		return ENOSPC;
	int rc = real_posix_fallocate(fd, from, n);
	if (after)
		die();
	return rc;
}

/* --- sockets --- */

int
connect(int fd, const struct sockaddr *to, socklen_t n)
{
	REAL(int, connect, int, const struct sockaddr *, socklen_t);
	const struct sockaddr_un *un = (const struct sockaddr_un *)(const void *)to;
	if (fd >= 0 && fd < FDS && to->sa_family == AF_UNIX &&
		strstr(un->sun_path, "mysql") != NULL)
		fds[fd].kind = STORE;
	return real_connect(fd, to, n);
}

static int
accepted(int fd)
{
	if (fd >= 0 && fd < FDS)
		fds[fd].kind = WEB;
	return fd;
}

int
accept(int fd, struct sockaddr *restrict from, socklen_t *restrict n)
{
	REAL(int, accept, int, struct sockaddr *, socklen_t *);
	return accepted(real_accept(fd, from, n));
}

int
accept4(int fd, struct sockaddr *restrict from, socklen_t *restrict n, int flags)
{
	REAL(int, accept4, int, struct sockaddr *, socklen_t *, int);
	return accepted(real_accept4(fd, from, n, flags));
}

/* A packet is three bytes of length, a number, and here COM_QUERY. */
static bool
is_commit(const char *at, size_t n)
{
	return n >= 11 && at[4] == 3 && strncasecmp(at + 5, "COMMIT", 6) == 0;
}

ssize_t
send(int fd, const void *at, size_t n, int flags)
{
	REAL(ssize_t, send, int, const void *, size_t, int);
	const char *poison = getenv("FAULT_POISON");
	if (kind_of(fd) != STORE)
		return real_send(fd, at, n, flags);
	/* in an event; in a dead letter, where the whole call stands, it may be kept */
	if (poison != NULL && memmem(at, n, poison, strlen(poison)) != NULL &&
		memmem(at, n, "messageId", 9) == NULL)
		die();
	struct move m = moving(is_commit(at, n) ? DBCOMMIT : DBSEND, fd, n);
	if (m.failed)
		return fails(m.failed);
	ssize_t done = real_send(fd, at, (size_t)m.n, flags);
	moved(&m, fd);
	return done;
}

ssize_t
recv(int fd, void *at, size_t n, int flags)
{
	REAL(ssize_t, recv, int, void *, size_t, int);
	if (kind_of(fd) != STORE)
		return real_recv(fd, at, n, flags);
	struct move m = moving(DBRECV, fd, n);
	if (m.failed)
		return fails(m.failed);
	ssize_t done = real_recv(fd, at, (size_t)m.n, flags);
	moved(&m, fd);
	return done;
}

ssize_t
read(int fd, void *at, size_t n)
{
	REAL(ssize_t, read, int, void *, size_t);
	if (kind_of(fd) != WEB)
		return real_read(fd, at, n);
	struct move m = moving(WEBREAD, fd, n);
	if (m.failed)
		return fails(m.failed);
	ssize_t done = real_read(fd, at, (size_t)m.n);
	moved(&m, fd);
	return done;
}

/* --- the wall clock --- */

static void
shift(struct timespec *t)
{
	int64_t ns = (int64_t)t->tv_sec * 1000000000 + t->tv_nsec +
		     shared()->clock_us * 1000;
	t->tv_sec = (time_t)(ns / 1000000000);
	t->tv_nsec = (long)(ns % 1000000000);
}

int
clock_gettime(clockid_t which, struct timespec *t)
{
	REAL(int, clock_gettime, clockid_t, struct timespec *);
	int rc = real_clock_gettime(which, t);
	if (rc == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
		shift(t);
	return rc;
}

int
gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec t;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &t);
	*out = (struct timeval){.tv_sec = t.tv_sec, .tv_usec = t.tv_nsec / 1000};
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	if (out != NULL)
		*out = t.tv_sec;
	return t.tv_sec;
}

/* --- a mistake: no CRC --- */

unsigned long
crc32(unsigned long before, const unsigned char *at, unsigned n)
{
	REAL(unsigned long, crc32, unsigned long, const unsigned char *, unsigned);
	return shim_is_bug("no_crc") ? 0 : real_crc32(before, at, n);
}
