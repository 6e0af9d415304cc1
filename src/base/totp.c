/* See totp.h. */
#include "base/totp.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

struct text
totp_secret(struct arena *a)
{
	char *at = arena_alloc(a, TOTP_SECRET_BYTES);
	randombytes_buf(at, TOTP_SECRET_BYTES);
	return (struct text){at, TOTP_SECRET_BYTES};
}

const char *
totp_base32(struct arena *a, struct text secret)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* RFC 4648 */
	struct str s = str_new(a);
	unsigned held = 0, bits = 0;
	str_addz(&s, "");
	for (size_t i = 0; i < secret.n; i++) {
		held = held << 8 | (unsigned char)secret.at[i];
		for (bits += 8; bits >= 5; bits -= 5)
			str_addc(&s, digit[held >> (bits - 5) & 31]);
	}
	if (bits > 0)
		str_addc(&s, digit[held << (5 - bits) & 31]);
	return s.at;
}

int
totp_code(struct text secret, int64_t step)
{
	unsigned char counter[8], hash[EVP_MAX_MD_SIZE];
	unsigned n = sizeof hash;
	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	must(HMAC(EVP_sha1(), secret.at, (int)secret.n, counter, sizeof counter, hash,
		     &n) != NULL);
	/* RFC 4226 5.3: four bytes from where the last nibble says */
	const unsigned char *at = hash + (hash[n - 1] & 15);
	uint32_t word = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 |
			(uint32_t)at[2] << 8 | at[3];
	return (int)(word % 1000000);
}

int
totp_is(struct text secret, struct text code, int64_t now_us, int64_t last_step,
	int64_t *step)
{
	char typed[TOTP_DIGITS];
	size_t n = 0;
	int64_t now = now_us / (TOTP_STEP_S * SECOND_US);
	int good = 0;
	for (size_t i = 0; i < code.n; i++) {
		if (code.at[i] == ' ')
			continue;
		if (n == TOTP_DIGITS || code.at[i] < '0' || code.at[i] > '9')
			return 0;
		typed[n++] = code.at[i];
	}
	if (n != TOTP_DIGITS)
		return 0;
	for (int64_t at = now - 1; at <= now + 1; at++) {
		char right[TOTP_DIGITS];
		int left = totp_code(secret, at);
		for (int i = TOTP_DIGITS - 1; i >= 0; i--, left /= 10)
			right[i] = (char)('0' + left % 10);
		if (sign_same((struct text){typed, n}, (struct text){right, n}) &&
			at > last_step && !good) {
			*step = at;
			good = 1;
		}
	}
	return good;
}

const char *
totp_uri(struct arena *a, const char *issuer, const char *account, struct text secret)
{
	struct str s = str_new(a);
	str_addz(&s, "otpauth://totp/");
	str_add_url(&s, text_of(issuer));
	str_addc(&s, ':');
	str_add_url(&s, text_of(account));
	str_addf(&s, "?secret=%s&issuer=", totp_base32(a, secret));
	str_add_url(&s, text_of(issuer));
	return s.at;
}
