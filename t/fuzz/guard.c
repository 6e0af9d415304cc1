/* Addresses and lists of the guard that keeps tenants' URLs out of our networks: no private address is public, whatever family it is
 * written in. First byte 4 or 6 chooses an address, the rest is its bytes; else the text is an operator's list. */
#include "fuzz.h"
#include "wire/guard.h"

#include <netinet/in.h>

static bool
is_private(const unsigned char *b)
{
	return b[0] == 10 || b[0] == 127 || b[0] == 0 || b[0] >= 224 ||
	       (b[0] == 172 && b[1] >= 16 && b[1] < 32) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] >= 64 && b[1] < 128);
}

static void
address(int family, const unsigned char *b)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(443)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
	struct guard *g;
	struct err e;
	must(guard_new("", &g, &e) == 0);
	memcpy(&v4.sin_addr, b, 4);
	memcpy(&v6.sin6_addr, b, 16);
	const struct sockaddr *at = family == 4 ? (const void *)&v4 : (const void *)&v6;
	bool public = guard_is_public(at);
	if (family == 4)
		must(!public || !is_private(b));
	else
		must(!public || (b[0] & 0xe0) == 0x20);
	must(guard_may(g, at, guard_web_ports, 3) == public);
	must(guard_may(g, at, guard_mail_ports, 1) == false || public);
	guard_free(g);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct err e = {0};
	struct guard *g;
	if (n == 17 && (bytes[0] == 4 || bytes[0] == 6)) {
		address(bytes[0], bytes + 1);
		return 0;
	}
	struct arena *a = arena_new();
	if (guard_new(arena_text(a, (const char *)bytes, n), &g, &e) == 0)
		guard_free(g);
	else
		must(e.code == ERR_INPUT && e.text[0] != '\0');
	arena_free(a);
	return 0;
}
