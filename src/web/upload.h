/* A form with a file: fields into memory, the file to a descriptor, whatever its size. For routes whose body is larger than
 * WEB_BODY_MEMORY_MAX. */
#ifndef WEB_UPLOAD_H
#define WEB_UPLOAD_H

#include "web/web.h"

struct err;

struct upload {
	struct val fields;    /* a map of texts: the other parts */
	const char *filename; /* "" without a file */
	int64_t bytes;
};

/* Reads the whole body; the part "file" goes to fd. -1 ERR_INPUT it is no such form, ERR_SIZE, ERR_BUSY the disk. */
int upload_read(struct web *w, int fd, struct upload *out, struct err *e);

#endif
