/* The Test Anything Protocol in twenty lines. */
#ifndef T_TAP_H
#define T_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TAP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TAP_SANITIZED 1
#endif
#endif

static int tap_count, tap_failed;

#define ok(cond, ...)                                                                      \
	do {                                                                               \
		bool tap_good = (cond);                                                    \
		tap_failed += !tap_good;                                                   \
		printf("%sok %d - ", tap_good ? "" : "not ", ++tap_count);                 \
		printf(__VA_ARGS__);                                                       \
		printf("\n");                                                              \
		if (!tap_good)                                                             \
			printf("#   at %s:%d: %s\n", __FILE__, __LINE__, #cond);           \
		fflush(stdout);                                                            \
	} while (0)

#define is_text(got, want, ...)                                                            \
	do {                                                                               \
		const char *tap_got = (got), *tap_want = (want);                           \
		ok(strcmp(tap_got, tap_want) == 0, __VA_ARGS__);                           \
		if (strcmp(tap_got, tap_want) != 0)                                        \
			printf("#   got      %s\n#   expected %s\n", tap_got, tap_want);   \
	} while (0)

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

#endif
