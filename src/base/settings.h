/* What an operator sets: one table of names, kinds, defaults and bounds, read from a file of "key = value" lines. */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;

struct settings {
	const char *run_dir, *journal_dir, *log_level;
	const char *store_socket, *store_host, *store_name, *store_user, *store_password;
	int64_t store_port;
	bool store_bulk;
	const char *public_url, *smtp_url, *mail_from, *fetch_allow, *secret_file;
	const char *assets_dir, *templates_dir, *lua_dir, *sql_dir;
	bool demo, secure_cookies;
	int64_t machine, collect_threads, ui_threads, api_threads, api_rate, collect_rate;
	int64_t journal_quota_mb, journal_segment_mb, journal_segment_s, journal_reserve_mb;
	const char *columns_dir, *files_dir, *geo_file, *geo_language, *agent_file;
	int64_t files_quota_mb, letters_kept_days;
	int64_t columns_snapshot_s, columns_memory_mb, columns_hot_days, lease_s;
	int64_t event_late_s;
	int64_t rule_gas, rule_memory_kb, rule_wall_ms, step_gas, step_memory_kb,
		step_wall_ms;
	int64_t adapter_gas, adapter_memory_kb, adapter_wall_ms;
	int64_t company_gas_s, company_script_ms, company_burst_s;
};

/* Reads the file over the defaults. 0, or -1 with ERR_INPUT: the line, the key, the nearest known one. */
int settings_read(struct arena *a, const char *path, struct settings *out, struct err *e);

/* Where secret_file is: "credential:NAME" is NAME in $CREDENTIALS_DIRECTORY (systemd's LoadCredential=), or, when that is not set, beside the
 * settings file; else the path as it is. On a. */
const char *settings_secret(
	struct arena *a, const struct settings *s, const char *settings_path);

#endif
