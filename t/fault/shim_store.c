/* A mistake: the journal's position is moved by another connection, at once, instead of in the transaction that applies. */
#include "shim.h"

#include <mysql.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static MYSQL_STMT *mover;
static MYSQL_BIND *moved;
static char user[64], name[64], socket_path[256];

#define REAL(type, name, ...)                                                              \
	static type (*real_##name)(__VA_ARGS__);                                           \
	if (real_##name == NULL)                                                           \
	real_##name = (type(*)(__VA_ARGS__))shim_real(#name)

MYSQL *STDCALL
mysql_real_connect(MYSQL *my, const char *host, const char *u, const char *password,
	const char *db, unsigned port, const char *path, unsigned long flags)
{
	REAL(MYSQL *, mysql_real_connect, MYSQL *, const char *, const char *, const char *,
		const char *, unsigned, const char *, unsigned long);
	snprintf(user, sizeof user, "%s", u);
	snprintf(name, sizeof name, "%s", db);
	snprintf(socket_path, sizeof socket_path, "%s", path != NULL ? path : "");
	return real_mysql_real_connect(my, host, u, password, db, port, path, flags);
}

int STDCALL
mysql_stmt_prepare(MYSQL_STMT *st, const char *text, unsigned long n)
{
	REAL(int, mysql_stmt_prepare, MYSQL_STMT *, const char *, unsigned long);
	if (shim_is_bug("position") &&
		memmem(text, n, "FROM journal_position WHERE", 27) != NULL)
		n -= sizeof " FOR UPDATE" - 1;
	if (shim_is_bug("position") &&
		memmem(text, n, "INSERT INTO journal_position", 28) != NULL)
		mover = st;
	return real_mysql_stmt_prepare(st, text, n);
}

my_bool STDCALL
mysql_stmt_bind_param(MYSQL_STMT *st, MYSQL_BIND *bind)
{
	REAL(my_bool, mysql_stmt_bind_param, MYSQL_STMT *, MYSQL_BIND *);
	if (st == mover)
		moved = bind;
	return real_mysql_stmt_bind_param(st, bind);
}

int STDCALL
mysql_stmt_execute(MYSQL_STMT *st)
{
	REAL(int, mysql_stmt_execute, MYSQL_STMT *);
	char text[512];
	if (st != mover)
		return real_mysql_stmt_execute(st);
	snprintf(text, sizeof text,
		"REPLACE INTO journal_position VALUES ('%.*s', %lld, %lld)",
		(int)moved[0].buffer_length, (const char *)moved[0].buffer,
		*(const long long *)moved[1].buffer, *(const long long *)moved[2].buffer);
	MYSQL *aside = mysql_init(NULL);
	if (mysql_real_connect(aside, NULL, user, "", name, 0, socket_path, 0) == NULL ||
		mysql_query(aside, text) != 0) {
		fprintf(stderr, "shim: %s\n", mysql_error(aside));
		abort();
	}
	mysql_close(aside);
	return 0;
}
