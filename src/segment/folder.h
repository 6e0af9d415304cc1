/* Folders: filters of the list of people under a name, a user's own or shown to everybody of the company. */
#ifndef SEGMENT_FOLDER_H
#define SEGMENT_FOLDER_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { FOLDER_NAME_MAX = 100, FOLDER_SEARCH_MAX = 200, FOLDERS_MAX = 100 };

struct folder {
	struct text name, rule, search, sort;
	bool shared, all; /* all: anonymous people too */
};

/* Those a user sees: list of maps {id, user_id, shared, name, rule, search, all, sort}, the own private ones first, each in the order
 * of their places. */
int folder_all(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct val *list, struct err *e);

/* All of a company, for what asks who uses something: list of maps {id, user_id, shared, name, rule, sort}. One that only its owner sees has no
 * id and that user's name for its own, and is left out when the user may not log in any more: nobody could delete it. */
int folder_of_everybody(struct arena *a, struct db *db, int64_t company_id,
	struct val *list, struct err *e);

/* One that the user sees: 1 / 0 / -1. */
int folder_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	int64_t id, struct val *out, struct err *e);

/* A new one, at the end. The rule must have been compiled before. ERR_INPUT with the field; ERR_LIMIT: the user has FOLDERS_MAX. */
int folder_add(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	const struct folder *f, int64_t *id, struct err *e);

/* Its filter; its name and who sees it. Whether the user may is the caller's question. */
int folder_set_filter(struct db *db, int64_t company_id, int64_t id, const struct folder *f,
	struct err *e);
int folder_set_name(struct db *db, int64_t company_id, int64_t id, struct text name,
	bool shared, struct err *e);
int folder_delete(struct db *db, int64_t company_id, int64_t id, struct err *e);

/* Changes places with the one before (or behind) it among those of the same kind the user sees. */
int folder_move(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	int64_t id, bool up, struct err *e);

/* A segment, campaign or scenario has another name: the rules that mention it are changed. Inside the caller's transaction. */
int folder_rename(struct arena *a, struct db *db, int64_t company_id, const char *word,
	struct text old, struct text new, struct err *e);

#endif
