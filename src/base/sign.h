/* Randomness, hashes, keyed signatures, passwords, sealed secrets (libsodium). */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/val.h"

struct arena;
struct err;

enum { SIGN_KEY_BYTES = 32 };

/* Call once; loads the installation's secret (32 bytes) from a file. 0 / -1. */
int sign_init(const char *secret_file, struct err *e);

/* n characters of base62, all random. */
const char *sign_token(struct arena *a, size_t n);

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

#endif
