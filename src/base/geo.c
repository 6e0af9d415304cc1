/* See geo.h. */
#include "base/geo.h"
#include "base/err.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>

struct geo {
	MMDB_s file;
};

int
geo_open(const char *path, struct geo **out, struct err *e)
{
	struct geo *g = calloc(1, sizeof *g);
	must(g != NULL);
	int status = MMDB_open(path, MMDB_MODE_MMAP, &g->file);
	if (status != MMDB_SUCCESS) {
		free(g);
		return err_set(e, ERR_INPUT, "%s: %s", path, MMDB_strerror(status));
	}
	*out = g;
	return 0;
}

void
geo_close(struct geo *g)
{
	if (g == NULL)
		return;
	MMDB_close(&g->file);
	free(g);
}

/* The text under a path, "" when there is none. */
static struct text
text_at(MMDB_entry_s *entry, const char *const *path)
{
	MMDB_entry_data_s d;
	if (MMDB_aget_value(entry, &d, path) != MMDB_SUCCESS || !d.has_data ||
		d.type != MMDB_DATA_TYPE_UTF8_STRING)
		return (struct text){"", 0};
	return (struct text){d.utf8_string, d.data_size};
}

static struct text
first_of(MMDB_entry_s *entry, const char *const *flat)
{
	struct text t = {"", 0};
	for (size_t i = 0; flat[i] != NULL && t.n == 0; i++)
		t = text_at(entry, (const char *const[]){flat[i], NULL});
	return t;
}

static struct text
name_of(MMDB_entry_s *entry, const char *what, const char *index, const char *language)
{
	const char *const nested[2][5] = {{what, "names", language, NULL, NULL},
		{what, index, "names", language, NULL}};
	struct text t = text_at(entry, nested[index != NULL]);
	if (t.n > 0 || strcmp(language, "en") == 0)
		return t;
	return name_of(entry, what, index, "en");
}

int
geo_find(const struct geo *g, struct text ip, const char *language, struct place *out)
{
	char z[64];
	int wrong, status;
	*out = (struct place){{"", 0}, {"", 0}, {"", 0}, {"", 0}};
	/* a v6 socket writes an address of four parts so */
	if (text_starts(ip, "::ffff:") && memchr(ip.at, '.', ip.n) != NULL)
		ip = (struct text){ip.at + 7, ip.n - 7};
	if (g == NULL || ip.n == 0 || ip.n >= sizeof z)
		return 0;
	memcpy(z, ip.at, ip.n);
	z[ip.n] = '\0';
	MMDB_lookup_result_s found = MMDB_lookup_string(&g->file, z, &wrong, &status);
	if (wrong != 0 || status != MMDB_SUCCESS || !found.found_entry)
		return 0;
	MMDB_entry_s *entry = &found.entry;
	out->country = text_at(entry, (const char *const[]){"country", "iso_code", NULL});
	if (out->country.n == 0)
		out->country = first_of(
			entry, (const char *const[]){"country_code", "country", NULL});
	out->region = name_of(entry, "subdivisions", "0", language);
	if (out->region.n == 0)
		out->region = first_of(
			entry, (const char *const[]){"region", "state1", "state", NULL});
	out->city = name_of(entry, "city", NULL, language);
	if (out->city.n == 0)
		out->city = first_of(
			entry, (const char *const[]){"city", "city_name", NULL});
	out->timezone = text_at(
		entry, (const char *const[]){"location", "time_zone", NULL});
	if (out->timezone.n == 0)
		out->timezone = first_of(
			entry, (const char *const[]){"timezone", "time_zone", NULL});
	if (out->country.n != 2)
		out->country = (struct text){"", 0};
	return out->country.n + out->city.n > 0;
}
