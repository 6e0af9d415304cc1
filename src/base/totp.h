/* Codes of six digits that change every 30 seconds (RFC 6238 over HMAC-SHA-1, OpenSSL's), as telephones make them. */
#ifndef BASE_TOTP_H
#define BASE_TOTP_H

#include "base/val.h"

struct arena;

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30 };

/* 20 random bytes, and how they are typed: base32 without padding, 32 characters. */
struct text totp_secret(struct arena *a);
const char *totp_base32(struct arena *a, struct text secret);

/* The code of a step: 0 to 999999. */
int totp_code(struct text secret, int64_t step);

/* 1 the code (spaces allowed) is that of now, of a step before or after, and later than last_step: *step is the one; 0 it is not. */
int totp_is(struct text secret, struct text code, int64_t now_us, int64_t last_step,
	int64_t *step);

/* "otpauth://totp/..." for the picture. */
const char *totp_uri(
	struct arena *a, const char *issuer, const char *account, struct text secret);

#endif
