/* See settings.h. */
#include "base/settings.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, YES, WHOLE };

struct setting {
	const char *name;
	enum kind kind;
	size_t at;
	const char *otherwise;
	int64_t least, most;
};

#define SET_TEXT(name, otherwise)                                                          \
	{                                                                                  \
#name, TEXT, offsetof(struct settings, name), otherwise, 0, 0              \
	}
#define SET_YES(name, otherwise)                                                           \
	{                                                                                  \
#name, YES, offsetof(struct settings, name), otherwise, 0, 0               \
	}
#define SET_WHOLE(name, otherwise, least, most)                                            \
	{                                                                                  \
#name, WHOLE, offsetof(struct settings, name), otherwise, least, most      \
	}

static const struct setting table[] = {
	SET_TEXT(run_dir, "/run/cxdp"), /* sockets, locks */
	SET_TEXT(journal_dir, "/var/lib/cxdp/journal"),
	SET_TEXT(files_dir, "/var/lib/cxdp/files"),    /* uploaded and exported */
	SET_WHOLE(files_quota_mb, "4096", 1, 1 << 20), /* of one company */
	SET_WHOLE(letters_kept_days, "90", 0, 3650),   /* as they were sent; 0 none */
	SET_TEXT(geo_file, ""), /* where addresses are: MaxMind's layout */
	SET_TEXT(geo_language, "ru"),
	SET_TEXT(agent_file, "/usr/share/uap-core/regexes.yaml"),
	SET_TEXT(log_level, "info"), /* debug info warn error */
	SET_TEXT(store_socket, ""),
	SET_TEXT(store_host, ""),
	SET_TEXT(store_name, "cxdp"),
	SET_TEXT(store_user, "cxdp"),
	SET_TEXT(store_password, ""),
	SET_WHOLE(store_port, "3306", 1, 65535),
	SET_YES(store_bulk, "yes"), /* bulk arrays where the server has them */
	SET_TEXT(public_url, "http://localhost"), /* without a slash at the end */
	SET_TEXT(smtp_url, ""),
	SET_TEXT(mail_from, ""),
	SET_TEXT(fetch_allow,
		""), /* addresses tenants' URLs may lead to though they are not public */
	SET_TEXT(secret_file, "/etc/cxdp/secret"),
	SET_TEXT(assets_dir, "/usr/share/cxdp/assets"),
	SET_TEXT(templates_dir, "/usr/share/cxdp/templates"),
	SET_TEXT(lua_dir, "/usr/share/cxdp/lua"),
	SET_TEXT(sql_dir, "/usr/share/cxdp/sql"),
	SET_YES(demo, "no"),		/* a mail relay off this machine is refused */
	SET_YES(secure_cookies, "yes"), /* no only for http on localhost */
	SET_WHOLE(machine, "0", 0, 15),
	SET_WHOLE(collect_threads, "32", 1, 512),
	SET_WHOLE(ui_threads, "16", 1, 512),
	SET_WHOLE(api_threads, "16", 1, 512),
	SET_WHOLE(api_rate, "200", 0, 1000000),	  /* a second and key, 0 no limit */
	SET_WHOLE(collect_rate, "0", 0, 1000000), /* events a second and key */
	SET_WHOLE(journal_quota_mb, "4096", 1, 1 << 20),
	SET_WHOLE(journal_segment_mb, "32", 1, 1024),
	SET_WHOLE(journal_segment_s, "300", 1, 86400),
	SET_WHOLE(journal_reserve_mb, "64", 0, 1 << 20),
	SET_TEXT(columns_dir, "/var/lib/cxdp/columns"), /* snapshots */
	SET_WHOLE(columns_snapshot_s, "300", 1, 86400),
	SET_WHOLE(columns_memory_mb, "4096", 1, 1 << 20), /* of all companies held */
	SET_WHOLE(columns_hot_days, "1096", 31, 36500),	  /* older events are added up */
	SET_WHOLE(lease_s, "30", 2,
		600), /* how long an engine that is gone keeps a company */
	SET_WHOLE(event_late_s, "3600", 1, 31536000), /* older events start no scenarios */
	/* the box: gas, memory, clock; none can be zero */
	SET_WHOLE(rule_gas, "200000", 1000, 100000000),
	SET_WHOLE(rule_memory_kb, "2048", 64, 1 << 20),
	SET_WHOLE(rule_wall_ms, "20", 1, 60000),
	SET_WHOLE(step_gas, "1000000", 1000, 100000000),
	SET_WHOLE(step_memory_kb, "4096", 64, 1 << 20),
	SET_WHOLE(step_wall_ms, "100", 1, 60000),
	SET_WHOLE(adapter_gas, "5000000", 1000, 100000000),
	SET_WHOLE(adapter_memory_kb, "8192", 64, 1 << 20),
	SET_WHOLE(adapter_wall_ms, "500", 1, 60000),
	/* one company's scripts in one process: gas and time for each second, and how many seconds gather */
	SET_WHOLE(company_gas_s, "50000000", 1000, 1000000000),
	SET_WHOLE(company_script_ms, "500", 1, 1000),
	SET_WHOLE(company_burst_s, "10", 1, 3600),
};

enum { SETTINGS = sizeof table / sizeof table[0] };

static int
assign(const struct setting *s, const char *value, struct settings *out, struct err *e)
{
	char *where = (char *)out + s->at;
	if (s->kind == TEXT) {
		memcpy(where, &value, sizeof value);
		return 0;
	}
	if (s->kind == YES) {
		bool yes = strcmp(value, "yes") == 0;
		if (!yes && strcmp(value, "no") != 0)
			return err_field(
				e, s->name, "%s is yes or no, not \"%s\"", s->name, value);
		memcpy(where, &yes, sizeof yes);
		return 0;
	}
	char *end;
	errno = 0;
	int64_t n = strtoll(value, &end, 10);
	if (errno == 0 && end != value && *end == '\0' && n <= 0 && s->least > 0)
		return err_field(e, s->name,
			"%s cannot be %lld: a limit that is off is no limit; expected a "
			"whole "
			"number from %lld to %lld",
			s->name, (long long)n, (long long)s->least, (long long)s->most);
	if (errno != 0 || end == value || *end != '\0' || n < s->least || n > s->most)
		return err_field(e, s->name,
			"%s is a whole number from %lld to %lld, not \"%s\"", s->name,
			(long long)s->least, (long long)s->most, value);
	memcpy(where, &n, sizeof n);
	return 0;
}

static const struct setting *
find(struct text key)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (text_is(key, table[i].name))
			return &table[i];
	return NULL;
}

static int
read_line(struct arena *a, struct text line, struct settings *out, struct err *e)
{
	line = text_trim(line);
	if (line.n == 0 || line.at[0] == '#')
		return 0;
	const char *equals = memchr(line.at, '=', line.n);
	if (equals == NULL)
		return err_set(e, ERR_INPUT, "expected \"key = value\", found \"%s\"",
			text_z(a, line));
	struct text key = text_trim((struct text){line.at, (size_t)(equals - line.at)});
	struct text value = text_trim(
		(struct text){equals + 1, line.n - (size_t)(equals + 1 - line.at)});
	const struct setting *s = find(key);
	if (s == NULL) {
		const char *names[SETTINGS];
		for (size_t i = 0; i < SETTINGS; i++)
			names[i] = table[i].name;
		const char *near = text_nearest(key, names, SETTINGS);
		return err_set(e, ERR_INPUT, "no setting is called \"%s\"%s%s%s",
			text_z(a, key), near != NULL ? ", did you mean \"" : "",
			near != NULL ? near : "", near != NULL ? "\"?" : "");
	}
	return assign(s, text_z(a, value), out, e);
}

int
settings_read(struct arena *a, const char *path, struct settings *out, struct err *e)
{
	for (size_t i = 0; i < SETTINGS; i++)
		must(assign(&table[i], table[i].otherwise, out, e) == 0);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(e, ERR_INPUT, "cannot read the settings %s: %m", path);
	char buffer[4096];
	int failed = 0;
	for (int line = 1; failed == 0 && fgets(buffer, sizeof buffer, f) != NULL; line++)
		if (read_line(a, text_of(arena_text(a, buffer, strlen(buffer))), out, e) <
			0) {
			failed = err_wrap(e, arena_printf(a, "%s:%d", path, line));
			e->line = line;
		}
	fclose(f);
	return failed;
}

const char *
settings_secret(struct arena *a, const struct settings *s, const char *settings_path)
{
	static const char credential[] = "credential:";
	size_t n = sizeof credential - 1;
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	const char *slash = strrchr(settings_path, '/');
	if (strncmp(s->secret_file, credential, n) != 0)
		return s->secret_file;
	if (dir != NULL)
		return arena_printf(a, "%s/%s", dir, s->secret_file + n);
	return arena_printf(a, "%.*s%s",
		(int)(slash != NULL ? slash + 1 - settings_path : 0), settings_path,
		s->secret_file + n);
}
