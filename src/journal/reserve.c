/* See reserve.h. */
#include "journal/reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	MARGIN = 1024 * 1024
}; /* beside the reserve, so that the first write after it does not let it go again */

int
reserve_make(const char *dir, int64_t bytes)
{
	char path[512], making[520];
	struct stat st;
	struct statvfs disk;
	snprintf(path, sizeof path, "%s/reserve", dir);
	snprintf(making, sizeof making, "%s.new", path);
	if (stat(path, &st) == 0 && st.st_size == bytes)
		return 0;
	unlink(path);
	if (statvfs(dir, &disk) != 0 ||
		(int64_t)(disk.f_bavail * disk.f_frsize) < bytes + MARGIN)
		return -1;
	if (bytes == 0)
		return 0;
	int fd = open(making, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	int failed = posix_fallocate(fd, 0, bytes);
	close(fd);
	if (failed == 0 && rename(making, path) == 0)
		return 0;
	unlink(making);
	return -1;
}

void
reserve_drop(const char *dir)
{
	char path[512];
	snprintf(path, sizeof path, "%s/reserve", dir);
	unlink(path);
}
