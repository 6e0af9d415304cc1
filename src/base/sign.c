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

enum { MAC_BYTES = 16, MAC_CHARS = 22 };

static unsigned char secret[SIGN_KEY_BYTES];
static sem_t hashing; /* 64 MiB each: two at a time */
static char dummy_hash[crypto_pwhash_STRBYTES];

int
sign_init(const char *secret_file, struct err *e)
{
	if (sodium_init() < 0)
		return err_set(e, ERR_BUG, "libsodium does not start");
	sem_init(&hashing, 0, 2);
	int fd = open(secret_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_INPUT, "secret_file %s: %m", secret_file);
	ssize_t n = read(fd, secret, sizeof secret);
	close(fd);
	if (n != sizeof secret)
		return err_set(e, ERR_INPUT,
			"secret_file %s: expected %zu bytes, found %zd", secret_file,
			sizeof secret, n);
	return 0;
}

const char *
sign_token(struct arena *a, size_t n)
{
	static const char digit[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char *token = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n; i++)
		token[i] = digit[randombytes_uniform(62)];
	return token;
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
mac(char out[MAC_CHARS + 1], int64_t company, const char *purpose, struct text t)
{
	unsigned char hash[MAC_BYTES];
	crypto_generichash_state state;
	crypto_generichash_init(&state, secret, sizeof secret, sizeof hash);
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
	mac(out, company, purpose, t);
	return out;
}

bool
sign_mac_is(int64_t company, const char *purpose, struct text t, struct text given)
{
	char right[MAC_CHARS + 1];
	mac(right, company, purpose, t);
	return sign_same((struct text){right, MAC_CHARS}, given);
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
	int failed = crypto_pwhash_str(stored, password.at, password.n, 2, 64 << 20);
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
			must(crypto_pwhash_str(dummy_hash, "nobody", 6, 2, 64 << 20) == 0);
	}
	const char *against = stored != NULL ? stored : dummy_hash;
	bool same = crypto_pwhash_str_verify(against, password.at, password.n) == 0 &&
		    stored != NULL;
	sem_post(&hashing);
	return same;
}
