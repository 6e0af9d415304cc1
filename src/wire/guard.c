/* See guard.h. Ranges: RFC 6890 and IANA's special-purpose address registries. */
#include "wire/guard.h"
#include "base/err.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALLOW_MAX = 32 };

const int guard_web_ports[3] = {80, 443, 8443}, guard_mail_ports[4] = {25, 465, 587, 2525};

struct guard {
	struct sockaddr_storage allow[ALLOW_MAX];
	size_t n;
};

/* "127.0.0.1:1025" or "[::1]:25". 1 / 0. */
static int
read_one(const char *z, struct sockaddr_storage *out)
{
	char host[64];
	const char *colon = strrchr(z, ':');
	bool v6 = z[0] == '[';
	if (colon == NULL || colon == z || (v6 && colon[-1] != ']'))
		return 0;
	size_t n = v6 ? (size_t)(colon - z) - 2 : (size_t)(colon - z);
	char *end;
	long port = strtol(colon + 1, &end, 10);
	if (n >= sizeof host || colon[1] < '0' || colon[1] > '9' || *end != '\0' ||
		port < 1 || port > 65535)
		return 0;
	memcpy(host, v6 ? z + 1 : z, n);
	host[n] = '\0';
	memset(out, 0, sizeof *out);
	if (v6) {
		struct sockaddr_in6 *a = (struct sockaddr_in6 *)out;
		a->sin6_family = AF_INET6;
		a->sin6_port = htons((uint16_t)port);
		return inet_pton(AF_INET6, host, &a->sin6_addr) == 1;
	}
	struct sockaddr_in *a = (struct sockaddr_in *)out;
	a->sin_family = AF_INET;
	a->sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, host, &a->sin_addr) == 1;
}

int
guard_new(const char *allow, struct guard **out, struct err *e)
{
	struct guard *g = calloc(1, sizeof *g);
	char *all = strdup(allow), *rest;
	int done = 0;
	must(g != NULL && all != NULL);
	for (char *one = strtok_r(all, " ", &rest); one != NULL && done == 0;
		one = strtok_r(NULL, " ", &rest)) {
		if (g->n == ALLOW_MAX)
			done = err_field(e, "fetch_allow",
				"fetch_allow has at most %d addresses", ALLOW_MAX);
		else if (read_one(one, &g->allow[g->n]) != 1)
			done = err_field(e, "fetch_allow",
				"fetch_allow has addresses like 127.0.0.1:1025 or "
				"[::1]:25, "
				"not \"%.60s\"",
				one);
		else
			g->n++;
	}
	free(all);
	if (done < 0) {
		guard_free(g);
		return -1;
	}
	*out = g;
	return 0;
}

void
guard_free(struct guard *g)
{
	free(g);
}

static bool
is_public_v4(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
	} no[] = {
		{0x00000000, 8},  /* 0/8 this network */
		{0x0a000000, 8},  /* 10/8 private */
		{0x64400000, 10}, /* 100.64/10 carriers' NAT */
		{0x7f000000, 8},  /* 127/8 loopback */
		{0xa9fe0000, 16}, /* 169.254/16 link-local, clouds' metadata */
		{0xac100000, 12}, /* 172.16/12 private */
		{0xc0000000, 24}, /* 192.0.0/24 protocols */
		{0xc0000200, 24}, /* 192.0.2/24 documentation */
		{0xc01fc400, 24}, /* 192.31.196/24 AS112 */
		{0xc034c100, 24}, /* 192.52.193/24 AMT */
		{0xc0586300, 24}, /* 192.88.99/24 6to4 relays */
		{0xc0a80000, 16}, /* 192.168/16 private */
		{0xc0af3000, 24}, /* 192.175.48/24 AS112 */
		{0xc6120000, 15}, /* 198.18/15 benchmarking */
		{0xc6336400, 24}, /* 198.51.100/24 documentation */
		{0xcb007100, 24}, /* 203.0.113/24 documentation */
		{0xe0000000, 4},  /* 224/4 multicast */
		{0xf0000000, 4},  /* 240/4 reserved, broadcast */
	};
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if ((a ^ no[i].net) >> (32 - no[i].bits) == 0)
			return false;
	return true;
}

static bool
is_public_v6(const unsigned char a[16])
{
	static const struct {
		unsigned char net[6];
		int bits;
	} no[] = {
		{{0x20, 0x01, 0x00, 0x00},
			23}, /* 2001::/23 protocols: Teredo, ORCHID, benchmarking */
		{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* 2001:db8::/32 documentation */
		{{0x20, 0x02}, 16},		/* 2002::/16 6to4 */
		{{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48}, /* 2620:4f:8000::/48 AS112 */
		{{0x3f, 0xff, 0x00}, 20},		    /* 3fff::/20 documentation */
	};
	if (a[0] >> 5 !=
		1) /* 2000::/3: mapped, NAT64, ULA, link-local, multicast stand elsewhere */
		return false;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		int whole = no[i].bits / 8, rest = no[i].bits % 8;
		if (memcmp(a, no[i].net, (size_t)whole) == 0 &&
			(rest == 0 || (a[whole] ^ no[i].net[whole]) >> (8 - rest) == 0))
			return false;
	}
	return true;
}

bool
guard_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return is_public_v4(
			ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr));
	if (address->sa_family == AF_INET6)
		return is_public_v6(
			((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
	return false; /* AF_UNIX and whatever else there is */
}

static int
port_of(const struct sockaddr *a)
{
	return ntohs(a->sa_family == AF_INET ? ((const struct sockaddr_in *)a)->sin_port
					     : ((const struct sockaddr_in6 *)a)->sin6_port);
}

static bool
is_same(const struct sockaddr *x, const struct sockaddr *y)
{
	if (x->sa_family != y->sa_family || port_of(x) != port_of(y))
		return false;
	if (x->sa_family == AF_INET)
		return ((const struct sockaddr_in *)x)->sin_addr.s_addr ==
		       ((const struct sockaddr_in *)y)->sin_addr.s_addr;
	return memcmp(&((const struct sockaddr_in6 *)x)->sin6_addr,
		       &((const struct sockaddr_in6 *)y)->sin6_addr, 16) == 0;
}

bool
guard_may(const struct guard *g, const struct sockaddr *address, const int *ports,
	size_t ports_n)
{
	if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (is_same(address, (const struct sockaddr *)&g->allow[i]))
			return true;
	bool port = ports == NULL;
	for (size_t i = 0; i < ports_n && !port; i++)
		port = ports[i] == port_of(address);
	return port && guard_is_public(address);
}
