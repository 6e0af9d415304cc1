/* Files of companies (uploaded to be read, written to be fetched): files_dir/COMPANY/ID. The name is an id of ours, never what a user
 * called it; what they called it stands in a row. Doors and the jobs role share the directory. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct settings;

/* Where a file is; on a. kind: "in" or "out" or another short word, part of the name: 123.in */
const char *files_path(struct arena *a, const struct settings *s, int64_t company_id,
	int64_t id, const char *kind);

/* A new file under a name nobody sees yet, open for writing (O_CLOEXEC, 0660): the descriptor, or -1 ERR_BUSY. */
int files_begin(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind, struct err *e);

/* One that was begun, to go on with: the descriptor, or -1 ERR_MISSING there is none. */
int files_again(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind, struct err *e);

/* All of n bytes. -1 ERR_LIMIT the disk is full, ERR_BUSY. */
int files_write(int fd, const void *bytes, size_t n, struct err *e);

/* Synced, under its real name, the directory synced; closes fd in any case. */
int files_end(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind, int fd, struct err *e);

/* Removes it, begun or ended; nothing when it is not there. */
void files_drop(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *kind);

/* Removes every company's files of a kind, begun or ended, that nobody wrote since an instant: what a job that was stopped left. */
void files_tidy(
	struct arena *a, const struct settings *s, const char *kind, int64_t before_us);

#endif
