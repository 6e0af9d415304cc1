/* Sealed secrets, keys that went and came, codes of telephones, pictures of texts. */
#include "base/arena.h"
#include "base/err.h"
#include "base/qr.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "base/totp.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

/* A secret file of n bytes: the i-th key is 32 times its letter. */
static void
use_keys(const char *letters)
{
	char path[] = "/tmp/cxdp-sign.XXXXXX";
	struct err e;
	int fd = mkstemp(path);
	for (; *letters != '\0'; letters++)
		for (int i = 0; i < SIGN_KEY_BYTES; i++)
			must(write(fd, letters, 1) == 1);
	close(fd);
	must(sign_init(path, &e) == 0);
	unlink(path);
}

static int
opens(struct arena *a, int64_t company, const char *purpose, const char *context,
	const char *sealed)
{
	struct text secret;
	int got = sign_open(
		a, company, purpose, text_of(context), text_of(sealed), &secret);
	return got == 1 && text_is(secret, "the secret");
}

static void
test_seal(struct arena *a)
{
	struct text secret = text_of("the secret"), all = text_of("7");
	use_keys("a");
	const char *sealed = sign_seal(a, 1, "totp", all, secret);
	ok(strstr(sealed, "secret") == NULL, "a sealed text shows nothing");
	ok(strcmp(sealed, sign_seal(a, 1, "totp", all, secret)) != 0,
		"twice the same is not the same sealed");
	ok(opens(a, 1, "totp", "7", sealed), "it opens");
	ok(!opens(a, 2, "totp", "7", sealed), "not for another company");
	ok(!opens(a, 1, "provider", "7", sealed), "nor for another purpose");
	ok(!opens(a, 1, "totp", "8", sealed), "nor in another context");
	ok(!opens(a, 1, "totp", "", sealed), "nor without one");
	size_t n = strlen(sealed), opened = 0;
	for (size_t i = 0; i < n; i++) {
		char *bad = arena_text(a, sealed, n);
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		opened += opens(a, 1, "totp", "7", bad) != 0;
		opened += opens(a, 1, "totp", "7", arena_text(a, sealed, i)) != 0;
	}
	ok(opened == 0, "no byte can be another, none can be missing");
	sealed = sign_seal(a, 1, "totp", all, text_of(""));
	struct text empty;
	ok(sign_open(a, 1, "totp", all, text_of(sealed), &empty) == 1 && empty.n == 0,
		"an empty secret is one");
}

static void
test_rotation(struct arena *a)
{
	struct text t = text_of("click");
	use_keys("a");
	const char *sealed = sign_seal(a, 1, "totp", text_of("7"), text_of("the secret"));
	const char *mac = sign_mac(a, 1, "click", t);
	use_keys("ba");
	ok(opens(a, 1, "totp", "7", sealed), "an old key behind the new one still opens");
	ok(sign_mac_is(1, "click", t, text_of(mac)), "and still knows what it signed");
	ok(strcmp(mac, sign_mac(a, 1, "click", t)) != 0, "the new one signs");
	ok(memcmp(sealed, sign_seal(a, 1, "totp", text_of("7"), t), 8) != 0, "and seals");
	use_keys("b");
	ok(!opens(a, 1, "totp", "7", sealed), "once it is gone nothing does");
	ok(!sign_mac_is(1, "click", t, text_of(mac)), "nor is its signature known");
}

/* RFC 6238 appendix B, the last six of eight digits. */
static void
test_totp(struct arena *a)
{
	static const struct {
		int64_t at_s;
		int code;
	} known[] = {{59, 287082}, {1111111109, 81804}, {1111111111, 50471},
		{1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
	struct text secret = text_of("12345678901234567890");
	int64_t step = 0, now = 59 * SECOND_US;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		ok(totp_code(secret, known[i].at_s / TOTP_STEP_S) == known[i].code,
			"the code of second %lld", (long long)known[i].at_s);
	is_text(totp_base32(a, secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
		"the secret as it is typed");
	ok(totp_is(secret, text_of("287 082"), now, 0, &step) == 1 && step == 1,
		"a code is good, with a space too");
	ok(totp_is(secret, text_of("287082"), now, 1, &step) == 0, "once");
	ok(totp_is(secret, text_of("287082"), now + 30 * SECOND_US, 0, &step) == 1,
		"a step late too");
	ok(totp_is(secret, text_of("287082"), now + 60 * SECOND_US, 0, &step) == 0,
		"two steps late not");
	ok(totp_is(secret, text_of("28708"), now, 0, &step) == 0, "five digits are none");
	ok(totp_is(secret, text_of("2870820"), now, 0, &step) == 0, "nor are seven");
	ok(totp_is(secret, text_of("28708a"), now, 0, &step) == 0, "nor letters");
	ok(totp_secret(a).n == TOTP_SECRET_BYTES, "a secret has 160 bits");
	is_text(totp_uri(a, "Зерно & чай", "a b@x.by", secret),
		"otpauth://totp/%D0%97%D0%B5%D1%80%D0%BD%D0%BE%20%26%20%D1%87%D0%B0%D0%B9:"
		"a%20b%40x.by?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%D0%97%D0%B5%"
		"D1%80%D0%BD%D0%BE%20%26%20%D1%87%D0%B0%D0%B9",
		"the address for telephones, escaped");
}

static void
test_passwords(struct arena *a)
{
	struct text p = text_of("вольный ветер 7");
	const char *stored = sign_password(a, p);
	ok(sign_password_is(stored, p), "a password is known again");
	ok(!sign_password_is(stored, text_of("вольный ветер 8")), "another is not");
	ok(!sign_password_is(NULL, p), "nobody's neither");
	ok(!sign_password_is_stale(stored), "today's work is enough");
	ok(sign_password_is_stale("$argon2id$v=19$m=16384,t=1,p=1$"
				  "AAAAAAAAAAAAAAAAAAAAAA$"
				  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		"yesterday's is not");
}

int
main(void)
{
	struct arena *a = arena_new();
	struct text svg;
	struct err e;
	test_seal(a);
	test_rotation(a);
	test_totp(a);
	test_passwords(a);
	ok(qr_svg(a, text_of("otpauth://totp/x?secret=A"), text_of("<\"&>"), &svg, &e) ==
				0 &&
			strstr(text_z(a, svg), "aria-label=\"&lt;") != NULL &&
			strstr(text_z(a, svg), "<\"&") == NULL &&
			strstr(text_z(a, svg), "style=") == NULL,
		"a picture is plain SVG, its label escaped");
	ok(qr_svg(a, (struct text){arena_alloc(a, 1001), 1001}, svg, &svg, &e) < 0,
		"a text too long is refused");
	arena_free(a);
	return tap_done();
}
