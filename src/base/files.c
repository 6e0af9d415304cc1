/* See files.h. */
#include "base/files.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
directory(struct arena *a, const struct settings *s, int64_t company_id)
{
	return arena_printf(a, "%s/%lld", s->files_dir, (long long)company_id);
}

const char *
files_path(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind)
{
	return arena_printf(
		a, "%s/%lld.%s", directory(a, s, company_id), (long long)id, kind);
}

static const char *
begun(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind)
{
	return arena_printf(a, "%s.part", files_path(a, s, company_id, id, kind));
}

int
files_begin(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind, struct err *e)
{
	const char *dir = directory(a, s, company_id);
	/* doors and jobs are users of one group, whatever the umask; only who made it can say so */
	if (mkdir(dir, 0770) == 0)
		chmod(dir, 02770);
	else if (errno != EEXIST)
		return err_set(
			e, ERR_BUSY, "no room for files: %s: %s", dir, strerror(errno));
	int fd = open(begun(a, s, company_id, id, kind),
		O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
	if (fd < 0)
		return err_set(e, ERR_BUSY, "no room for files: %s", strerror(errno));
	fchmod(fd, 0660);
	return fd;
}

int
files_again(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind, struct err *e)
{
	int fd = open(begun(a, s, company_id, id, kind), O_RDWR | O_CLOEXEC);
	return fd >= 0 ? fd
		       : err_set(e, ERR_MISSING, "no such file was begun: %s",
				 strerror(errno));
}

static int
sync_directory(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0) {
		err_set(e, ERR_BUSY, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

int
files_write(int fd, const void *bytes, size_t n, struct err *e)
{
	const char *at = bytes;
	while (n > 0) {
		ssize_t k = write(fd, at, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_set(e, errno == ENOSPC ? ERR_LIMIT : ERR_BUSY,
				"the file could not be written: %s", strerror(errno));
		at += k;
		n -= (size_t)k;
	}
	return 0;
}

int
files_end(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind, int fd, struct err *e)
{
	bool synced = fdatasync(fd) == 0;
	int why = errno;
	close(fd);
	if (!synced)
		return err_set(e, ERR_BUSY, "a file could not be kept: %s", strerror(why));
	if (rename(begun(a, s, company_id, id, kind),
		    files_path(a, s, company_id, id, kind)) < 0)
		return err_set(
			e, ERR_BUSY, "a file could not be kept: %s", strerror(errno));
	return sync_directory(directory(a, s, company_id), e);
}

void
files_drop(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind)
{
	unlink(begun(a, s, company_id, id, kind));
	unlink(files_path(a, s, company_id, id, kind));
}

/* ID.KIND or ID.KIND.part */
static bool
is_of_kind(const char *name, const char *kind)
{
	size_t digits = strspn(name, "0123456789"), n = strlen(kind);
	return digits > 0 && name[digits] == '.' &&
	       strncmp(name + digits + 1, kind, n) == 0 &&
	       (name[digits + 1 + n] == '\0' ||
		       strcmp(name + digits + 1 + n, ".part") == 0);
}

static void
tidy_directory(struct arena *a, const char *path, const char *kind, int64_t before_us)
{
	DIR *dir = opendir(path);
	struct stat st;
	for (struct dirent *f; dir != NULL && (f = readdir(dir)) != NULL;) {
		const char *file = arena_printf(a, "%s/%s", path, f->d_name);
		if (is_of_kind(f->d_name, kind) && lstat(file, &st) == 0 &&
			(int64_t)st.st_mtime * SECOND_US < before_us)
			unlink(file);
	}
	if (dir != NULL)
		closedir(dir);
}

void
files_tidy(struct arena *a, const struct settings *s, const char *kind, int64_t before_us)
{
	DIR *dir = opendir(s->files_dir);
	for (struct dirent *f; dir != NULL && (f = readdir(dir)) != NULL;)
		if (f->d_name[strspn(f->d_name, "0123456789")] == '\0')
			tidy_directory(a, arena_printf(a, "%s/%s", s->files_dir, f->d_name),
				kind, before_us);
	if (dir != NULL)
		closedir(dir);
}
