/* Randomness, hashes, keyed signatures, passwords, sealed secrets (libsodium). */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/val.h"

struct arena;
struct err;

enum { SIGN_KEY_BYTES = 32 };

/* Call once; loads the installation's secret from a file: 32 bytes, and behind them those of before (at most 8 in all), which go on
 * opening and recognising what they sealed and signed. 0 / -1. */
int sign_init(const char *secret_file, struct err *e);

/* n characters of base62, all random. */
const char *sign_token(struct arena *a, size_t n);
/* The same of 32 small letters and digits that are not taken for each other: to be typed by a person. */
const char *sign_word(struct arena *a, size_t n);

/* BLAKE2b-256 as 64 hex characters: for tokens of high entropy that are stored hashed. */
const char *sign_hash(struct arena *a, struct text t);

/* What other services ask for, as hex characters: SHA-2, and HMAC (RFC 2104) with SHA-256. */
const char *sign_sha256(struct arena *a, struct text t);
const char *sign_sha512(struct arena *a, struct text t);
const char *sign_hmac_sha256(struct arena *a, struct text t, struct text key);

/* A 64-bit keyless hash (BLAKE2b cut): for recognising, not for secrets. */
int64_t sign_hash64(struct text t);

/* CRC-32 of bytes, going on from an earlier one (0 to begin): finds accidents, not attacks. */
uint32_t sign_crc(uint32_t before, const void *bytes, size_t n);

/* Keyed 128-bit signature of a text for a company and a purpose ("click", "open", ...), 22 characters base64url. */
const char *sign_mac(struct arena *a, int64_t company, const char *purpose, struct text t);
bool sign_mac_is(int64_t company, const char *purpose, struct text t, struct text mac);

/* Constant time for texts of equal length. */
bool sign_same(struct text x, struct text y);

/* Argon2id, 64 MiB, t=2: at most two at a time per process. */
const char *sign_password(struct arena *a, struct text password);
/* Stored may be NULL for an unknown user: takes the same time and says no. */
bool sign_password_is(const char *stored, struct text password);
/* It was hashed with less work than today's: hash it anew while the password is at hand. */
bool sign_password_is_stale(const char *stored);

/* A secret at rest: XChaCha20-Poly1305 under a key of its own per company and purpose (1 to 8 characters), bound to a context (whose it
 * is): "KEYID.BASE64URL", at most 4/3 of the secret and 70 characters. */
const char *sign_seal(struct arena *a, int64_t company, const char *purpose,
	struct text context, struct text secret);
/* 1 opened; 0 it is damaged, of another company, purpose or context, or its key is gone. */
int sign_open(struct arena *a, int64_t company, const char *purpose, struct text context,
	struct text sealed, struct text *secret);

#endif
