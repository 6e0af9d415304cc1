/* Which addresses a tenant's URL or host may lead to (SSRF): only the public Internet, decided on the address that a socket is about to be
 * opened to, so that no spelling of a host and no change of its name in between matters. */
#ifndef WIRE_GUARD_H
#define WIRE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct guard;
struct sockaddr;

/* allow: what the operator lets through besides, "127.0.0.1:1025 10.1.2.3:443 [fd00::7]:25": addresses with ports, spaces between. -1 ERR_INPUT
 * field "fetch_allow". Free with guard_free (NULL is fine). */
int guard_new(const char *allow, struct guard **out, struct err *e);
void guard_free(struct guard *g);

/* A global unicast address of IPv4 (RFC 6890) or of 2000::/3 without the ranges that lead elsewhere or nowhere: 6to4, Teredo, ORCHID,
 * documentation, benchmarking; an IPv4 address inside an IPv6 one is none of these. */
bool guard_is_public(const struct sockaddr *address);

/* May a socket be opened to it? Public and one of the ports, or allowed by the operator. ports NULL: any. */
bool guard_may(const struct guard *g, const struct sockaddr *address, const int *ports,
	size_t ports_n);

/* The ports of the web; of mail relays. */
extern const int guard_web_ports[3], guard_mail_ports[4];

#endif
