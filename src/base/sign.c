/* See sign.h. */
#include "base/sign.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <sodium.h>
#include <zlib.h>

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	MAC_BYTES = 16,
	MAC_CHARS = 22,
	KEYS_MAX = 8,
	KEY_ID_CHARS = 8,
	SEALED_MAX = 64 * 1024
};
enum { HASH_PASSES = 2, HASH_BYTES = 64 << 20 };

struct key {
	unsigned char bytes[SIGN_KEY_BYTES];
	char id[KEY_ID_CHARS + 1];
};

static struct key keys[KEYS_MAX]; /* the first one signs and seals */
static size_t keys_n;
static sem_t hashing; /* 64 MiB each: two at a time */
static char dummy_hash[crypto_pwhash_STRBYTES];

/* The id tells keys apart and nothing else about them. */
static void
take_key(struct key *k, const unsigned char *bytes)
{
	unsigned char hash[16];
	memcpy(k->bytes, bytes, SIGN_KEY_BYTES);
	crypto_generichash_state state;
	crypto_generichash_init(&state, k->bytes, SIGN_KEY_BYTES, sizeof hash);
	crypto_generichash_update(&state, (const unsigned char *)"key id", 6);
	crypto_generichash_final(&state, hash, sizeof hash);
	sodium_bin2hex(k->id, sizeof k->id, hash, KEY_ID_CHARS / 2);
}

int
sign_init(const char *secret_file, struct err *e)
{
	if (sodium_init() < 0)
		return err_set(e, ERR_BUG, "libsodium does not start");
	sem_init(&hashing, 0, 2);
	int fd = open(secret_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_INPUT, "secret_file %s: %m", secret_file);
	unsigned char all[KEYS_MAX * SIGN_KEY_BYTES];
	ssize_t n = read(fd, all, sizeof all);
	close(fd);
	if (n < SIGN_KEY_BYTES)
		return err_set(e, ERR_INPUT, "secret_file %s: expected %d bytes, found %zd",
			secret_file, SIGN_KEY_BYTES, n);
	keys_n = (size_t)n / SIGN_KEY_BYTES;
	for (size_t i = 0; i < keys_n; i++)
		take_key(&keys[i], all + i * SIGN_KEY_BYTES);
	sodium_memzero(all, sizeof all);
	return 0;
}

static const char *
random_of(struct arena *a, size_t n, const char *digits)
{
	char *out = arena_alloc(a, n + 1);
	uint32_t of = (uint32_t)strlen(digits);
	for (size_t i = 0; i < n; i++)
		out[i] = digits[randombytes_uniform(of)];
	return out;
}

const char *
sign_token(struct arena *a, size_t n)
{
	return random_of(
		a, n, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

const char *
sign_word(struct arena *a, size_t n)
{
	return random_of(a, n, "abcdefghijkmnpqrstuvwxyz23456789");
}

const char *
sign_hash(struct arena *a, struct text t)
{
	unsigned char hash[32];
	char *hex = arena_alloc(a, 2 * sizeof hash + 1);
	crypto_generichash(hash, sizeof hash, (const unsigned char *)t.at, t.n, NULL, 0);
	return sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
}

int64_t
sign_hash64(struct text t)
{
	unsigned char hash[16];
	int64_t out;
	crypto_generichash(hash, sizeof hash, (const unsigned char *)t.at, t.n, NULL, 0);
	memcpy(&out, hash, sizeof out);
	return out;
}

const char *
sign_sha256(struct arena *a, struct text t)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, (const unsigned char *)t.at, t.n);
	return text_hex(a, hash, sizeof hash);
}

const char *
sign_sha512(struct arena *a, struct text t)
{
	unsigned char hash[crypto_hash_sha512_BYTES];
	crypto_hash_sha512(hash, (const unsigned char *)t.at, t.n);
	return text_hex(a, hash, sizeof hash);
}

const char *
sign_hmac_sha256(struct arena *a, struct text t, struct text key)
{
	unsigned char hash[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.at, key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)t.at, t.n);
	crypto_auth_hmacsha256_final(&state, hash);
	sodium_memzero(&state, sizeof state);
	return text_hex(a, hash, sizeof hash);
}

uint32_t
sign_crc(uint32_t before, const void *bytes, size_t n)
{
	return (uint32_t)crc32(before, bytes, (uInt)n);
}

static void
mac(char out[MAC_CHARS + 1], const struct key *k, int64_t company, const char *purpose,
	struct text t)
{
	unsigned char hash[MAC_BYTES];
	crypto_generichash_state state;
	crypto_generichash_init(&state, k->bytes, SIGN_KEY_BYTES, sizeof hash);
	crypto_generichash_update(&state, (const unsigned char *)&company, sizeof company);
	crypto_generichash_update(
		&state, (const unsigned char *)purpose, strlen(purpose) + 1);
	crypto_generichash_update(&state, (const unsigned char *)t.at, t.n);
	crypto_generichash_final(&state, hash, sizeof hash);
	sodium_bin2base64(out, MAC_CHARS + 1, hash, sizeof hash,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

const char *
sign_mac(struct arena *a, int64_t company, const char *purpose, struct text t)
{
	char *out = arena_alloc(a, MAC_CHARS + 1);
	mac(out, &keys[0], company, purpose, t);
	return out;
}

bool
sign_mac_is(int64_t company, const char *purpose, struct text t, struct text given)
{
	bool same = false;
	for (size_t i = 0; i < keys_n; i++) {
		char right[MAC_CHARS + 1];
		mac(right, &keys[i], company, purpose, t);
		same |= sign_same((struct text){right, MAC_CHARS}, given);
	}
	return same;
}

bool
sign_same(struct text x, struct text y)
{
	return x.n == y.n && sodium_memcmp(x.at, y.at, x.n) == 0;
}

const char *
sign_password(struct arena *a, struct text password)
{
	char *stored = arena_alloc(a, crypto_pwhash_STRBYTES);
	sem_wait(&hashing);
	int failed = crypto_pwhash_str(
		stored, password.at, password.n, HASH_PASSES, HASH_BYTES);
	sem_post(&hashing);
	must(failed == 0);
	return stored;
}

bool
sign_password_is(const char *stored, struct text password)
{
	sem_wait(&hashing);
	if (stored == NULL) {
		if (dummy_hash[0] == '\0')
			must(crypto_pwhash_str(dummy_hash, "nobody", 6, HASH_PASSES,
				     HASH_BYTES) == 0);
	}
	const char *against = stored != NULL ? stored : dummy_hash;
	bool same = crypto_pwhash_str_verify(against, password.at, password.n) == 0 &&
		    stored != NULL;
	sem_post(&hashing);
	return same;
}

bool
sign_password_is_stale(const char *stored)
{
	return crypto_pwhash_str_needs_rehash(stored, HASH_PASSES, HASH_BYTES) != 0;
}

enum {
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	HEAD_CHARS = KEY_ID_CHARS + 1
};

/* The key for a company's things of one purpose. */
static void
derive(unsigned char out[32], const struct key *k, int64_t company, const char *purpose)
{
	char context[crypto_kdf_CONTEXTBYTES] = {0};
	size_t n = strlen(purpose);
	must(n > 0 && n <= sizeof context);
	memcpy(context, purpose, n);
	must(crypto_kdf_derive_from_key(out, 32, (uint64_t)company, context, k->bytes) ==
		0);
}

const char *
sign_seal(struct arena *a, int64_t company, const char *purpose, struct text context,
	struct text secret)
{
	unsigned char key[32];
	size_t n = NONCE_BYTES + secret.n + TAG_BYTES;
	must(secret.n <= SEALED_MAX);
	unsigned char *box = arena_alloc(a, n);
	size_t cap = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = arena_alloc(a, HEAD_CHARS + cap);
	derive(key, &keys[0], company, purpose);
	randombytes_buf(box, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE_BYTES, NULL,
		(const unsigned char *)secret.at, secret.n,
		(const unsigned char *)context.at, context.n, NULL, box, key);
	sodium_memzero(key, sizeof key);
	memcpy(out, keys[0].id, KEY_ID_CHARS);
	out[KEY_ID_CHARS] = '.';
	sodium_bin2base64(
		out + HEAD_CHARS, cap, box, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}

static const struct key *
key_of(struct text sealed)
{
	for (size_t i = 0; i < keys_n; i++)
		if (sealed.n > HEAD_CHARS && sealed.at[KEY_ID_CHARS] == '.' &&
			memcmp(sealed.at, keys[i].id, KEY_ID_CHARS) == 0)
			return &keys[i];
	return NULL;
}

int
sign_open(struct arena *a, int64_t company, const char *purpose, struct text context,
	struct text sealed, struct text *secret)
{
	unsigned char key[32];
	const struct key *k = key_of(sealed);
	size_t n;
	if (k == NULL || sealed.n > 2 * SEALED_MAX)
		return 0;
	unsigned char *box = arena_alloc(a, sealed.n), *out = arena_alloc(a, sealed.n + 1);
	if (sodium_base642bin(box, sealed.n, sealed.at + HEAD_CHARS, sealed.n - HEAD_CHARS,
		    NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
		n < NONCE_BYTES + TAG_BYTES)
		return 0;
	derive(key, k, company, purpose);
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
		box + NONCE_BYTES, n - NONCE_BYTES, (const unsigned char *)context.at,
		context.n, box, key);
	sodium_memzero(key, sizeof key);
	*secret = (struct text){(const char *)out, n - NONCE_BYTES - TAG_BYTES};
	return failed == 0;
}
