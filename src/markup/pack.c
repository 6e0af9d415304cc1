/* See pack.h. */
#include "markup/pack.h"
#include "base/arena.h"
#include "base/err.h"
#include "markup/xml.h"

#include <zip.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PIECE = 32 * 1024, NAME_MAX_BYTES = 255 };

struct pack {
	zip_t *zip;
	int64_t read; /* inflated so far, of all entries */
};

struct pack_part {
	struct pack *pack;
	zip_file_t *file;
	int64_t read, size, packed;
	char name[NAME_MAX_BYTES + 1];
};

static int
leads_elsewhere(const char *name)
{
	if (name[0] == '/' || name[0] == '\\' || (name[0] != '\0' && name[1] == ':'))
		return 1;
	for (const char *at = name; at != NULL; at = strpbrk(at, "/\\")) {
		at += *at == '/' || *at == '\\';
		if (at[0] == '.' && at[1] == '.' &&
			(at[2] == '/' || at[2] == '\\' || at[2] == '\0'))
			return 1;
	}
	return 0;
}

static int
is_link(zip_t *zip, zip_uint64_t i)
{
	zip_uint8_t system = 0;
	zip_uint32_t attributes = 0;
	zip_file_get_external_attributes(zip, i, 0, &system, &attributes);
	return system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16);
}

/* The directory, before anything is inflated. */
static int
look(zip_t *zip, struct err *e)
{
	zip_int64_t n = zip_get_num_entries(zip, 0);
	uint64_t total = 0;
	if (n > PACK_ENTRIES_MAX)
		return err_set(e, ERR_INPUT,
			"the archive has %lld entries, at most %d are taken", (long long)n,
			PACK_ENTRIES_MAX);
	for (zip_uint64_t i = 0; i < (zip_uint64_t)n; i++) {
		zip_stat_t st;
		const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE |
					    ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD;
		if (zip_stat_index(zip, i, 0, &st) < 0 || (st.valid & needed) != needed)
			return err_set(e, ERR_INPUT, "the archive's directory is broken");
		if (st.encryption_method != ZIP_EM_NONE)
			return err_set(e, ERR_INPUT,
				"the file is locked with a password: save it without one");
		if (strlen(st.name) > NAME_MAX_BYTES || leads_elsewhere(st.name) ||
			is_link(zip, i))
			return err_set(e, ERR_INPUT,
				"the archive has an entry whose name leads elsewhere: "
				"\"%.60s\"",
				st.name);
		if (st.size > (uint64_t)PACK_BYTES_MAX ||
			(total += st.size) > (uint64_t)PACK_BYTES_MAX)
			return err_set(e, ERR_SIZE,
				"unpacked, the file is larger than %lld MB: save it as CSV",
				(long long)(PACK_BYTES_MAX >> 20));
		if (st.size > PACK_RATIO_FROM && st.size / PACK_RATIO_MAX > st.comp_size)
			return err_set(e, ERR_SIZE,
				"\"%.60s\" unpacks to more than %d times its size: such "
				"files are not taken",
				st.name, PACK_RATIO_MAX);
	}
	return 0;
}

static void
close_zip(void *zip)
{
	zip_discard(zip);
}

int
pack_open(struct arena *a, const char *path, struct pack **out, struct err *e)
{
	int why = 0;
	zip_t *zip = zip_open(path, ZIP_RDONLY, &why);
	if (zip == NULL)
		return why == ZIP_ER_NOENT
			       ? err_set(e, ERR_MISSING, "the file is not there")
			       : err_set(e, ERR_INPUT,
					 "this is no whole ZIP archive: is the file cut "
					 "off?");
	arena_defer(a, close_zip, zip);
	*out = arena_alloc(a, sizeof **out);
	(*out)->zip = zip;
	return look(zip, e);
}

int
pack_part(struct pack *p, const char *name, struct pack_part **out, struct err *e)
{
	zip_stat_t st;
	zip_int64_t i = zip_name_locate(p->zip, name, ZIP_FL_NOCASE);
	*out = NULL;
	if (i < 0)
		return 0;
	zip_file_t *file = zip_stat_index(p->zip, (zip_uint64_t)i, 0, &st) == 0
				   ? zip_fopen_index(p->zip, (zip_uint64_t)i, 0)
				   : NULL;
	if (file == NULL)
		return err_set(e, ERR_INPUT, "\"%.60s\" in the archive is not readable: %s",
			name, zip_strerror(p->zip));
	struct pack_part *part = calloc(1, sizeof *part);
	must(part != NULL);
	*part = (struct pack_part){.pack = p,
		.file = file,
		.size = (int64_t)st.size,
		.packed = (int64_t)st.comp_size};
	snprintf(part->name, sizeof part->name, "%s", name);
	*out = part;
	return 1;
}

long
pack_read(struct pack_part *part, void *at, size_t n, struct err *e)
{
	zip_int64_t got = zip_fread(part->file, at, n);
	if (got < 0)
		return err_set(e, ERR_INPUT,
			"\"%.60s\" in the archive is damaged or cut off", part->name);
	part->read += got;
	part->pack->read += got;
	if (part->pack->read > PACK_BYTES_MAX ||
		(part->read > PACK_RATIO_FROM &&
			part->read / PACK_RATIO_MAX > part->packed))
		return err_set(e, ERR_SIZE,
			"\"%.60s\" unpacks to more than may be: such files are not taken",
			part->name);
	return (long)got;
}

void
pack_close(struct pack_part *part)
{
	if (part != NULL)
		zip_fclose(part->file);
	free(part);
}

void
pack_progress(const struct pack_part *part, int64_t *done, int64_t *total)
{
	*done = part->read;
	*total = part->size > part->read ? part->size : part->read;
}

int
pack_xml(struct pack *p, const char *name, const struct xml_events *events, struct err *e)
{
	static const struct xml_limits limits = {
		.bytes = PACK_BYTES_MAX, .elements = 1000 * 1000 * 1000};
	char piece[PIECE];
	struct pack_part *part;
	int there = pack_part(p, name, &part, e);
	if (there < 1)
		return there;
	struct xml *x = xml_new(&limits, events);
	long got;
	int rc = 0;
	while (rc == 0 && (got = pack_read(part, piece, sizeof piece, e)) != 0)
		rc = got < 0 ? -1 : xml_feed(x, piece, (size_t)got, e);
	if (rc == 0)
		rc = xml_end(x, e);
	xml_free(x);
	pack_close(part);
	return rc < 0 ? err_wrap(e, name) : 1;
}
