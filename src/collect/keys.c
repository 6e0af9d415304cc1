/* See keys.h. Only keys that exist are kept, so strangers cannot fill it. */
#include "collect/keys.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/time.h"
#include "tenant/company.h"
#include "tenant/key.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t fresh_us = 5 * SECOND_US;

struct entry {
	struct write_key key;
	char *words; /* what key.kind, rules, secret and bindings point at */
	int64_t at_us;
};

struct keys {
	pthread_mutex_t lock;
	struct dict *names;
	struct entry *entries;
	size_t cap;
};

struct keys *
keys_new(void)
{
	struct keys *k = calloc(1, sizeof *k);
	must(k != NULL);
	pthread_mutex_init(&k->lock, NULL);
	k->names = dict_new();
	return k;
}

void
keys_free(struct keys *k)
{
	pthread_mutex_destroy(&k->lock);
	for (size_t i = 0; i < dict_count(k->names); i++)
		free(k->entries[i].words);
	dict_free(k->names);
	free(k->entries);
	free(k);
}

/* The texts of a key, one behind the other, at 'at'. */
static void
place_words(struct write_key *key, char *at)
{
	size_t kind = strlen(key->kind) + 1;
	key->kind = at;
	key->rules.at = at + kind;
	key->secret.at = at + kind + key->rules.n;
	key->bindings.at = key->secret.at + key->secret.n;
}

static size_t
words_size(const struct write_key *key)
{
	return strlen(key->kind) + 1 + key->rules.n + key->secret.n + key->bindings.n;
}

static bool
look(struct keys *k, struct arena *a, struct text key, struct entry *out)
{
	pthread_mutex_lock(&k->lock);
	int64_t at = dict_find(k->names, key);
	if (at != DICT_NONE) {
		*out = k->entries[at];
		place_words(&out->key, arena_dup(a, out->words, words_size(&out->key)));
	}
	pthread_mutex_unlock(&k->lock);
	return at != DICT_NONE;
}

static void
keep(struct keys *k, struct text key, const struct write_key *found)
{
	pthread_mutex_lock(&k->lock);
	bool added;
	size_t at = (size_t)dict_put(k->names, key, &added);
	if (at >= k->cap) {
		k->cap = k->cap > 0 ? k->cap * 2 : 64;
		k->entries = realloc(k->entries, k->cap * sizeof *k->entries);
		must(k->entries != NULL);
	}
	if (!added)
		free(k->entries[at].words);
	size_t kind = strlen(found->kind) + 1;
	char *words = malloc(words_size(found));
	must(words != NULL);
	memcpy(words, found->kind, kind);
	char *put = words + kind;
	const struct text *const texts[] = {
		&found->rules, &found->secret, &found->bindings};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i]->n > 0)
			memcpy(put, texts[i]->at, texts[i]->n);
		put += texts[i]->n;
	}
	k->entries[at] = (struct entry){*found, words, time_monotonic_us()};
	place_words(&k->entries[at].key, words);
	pthread_mutex_unlock(&k->lock);
}

int
keys_find(struct keys *keys, struct arena *a, struct db *db, struct text key,
	struct write_key *out, struct err *e)
{
	struct entry held;
	struct source source;
	struct company company;
	bool seen = look(keys, a, key, &held);
	if (seen && time_monotonic_us() - held.at_us < fresh_us) {
		*out = held.key;
		return held.key.active;
	}
	int found = source_by_key(a, db, key, &source, e);
	if (found == 1)
		found = company_by_id(a, db, source.company_id, &company, e);
	if (found < 0) {
		if (!seen)
			return -1;
		*out = held.key;
		return held.key.active;
	}
	if (found == 0 && !seen)
		return 0;
	*out = (struct write_key){.active = false, .kind = ""};
	if (found == 1) {
		*out = (struct write_key){.company_id = source.company_id,
			.source_id = source.id,
			.active = strcmp(source.state, "active") == 0,
			.kind = source.kind,
			.rules = source.rules,
			.secret = source.secret,
			.bindings = source.bindings};
		snprintf(out->country, sizeof out->country, "%s", company.country);
	}
	keep(keys, key, out);
	return out->active;
}
