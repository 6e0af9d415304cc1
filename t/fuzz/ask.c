/* Frames between doors and engine: what comes is a value, or an error; what is written reads the same. */
#include "base/json.h"
#include "column/ask.h"
#include "fuzz.h"

#include <sys/socket.h>

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	bool framed = fuzz_choice(&t, 2) == 1;
	struct val v, given;
	struct err e = {0};
	int fd[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) == 0);
	bool good = framed && json_parse(a, t, &given, &e) == 0;
	if (good)
		must(ask_write(a, fd[0], 1000, &given, &e) == 0);
	else
		must(send(fd[0], t.at, t.n, MSG_NOSIGNAL) == (ssize_t)t.n);
	shutdown(fd[0], SHUT_WR);
	int rc = ask_read(a, fd[1], 1000, &v, &e);
	if (good)
		must(rc == 1 && val_same(&v, &given));
	else
		must(rc >= 0 || e.text[0] != '\0');
	close(fd[0]);
	close(fd[1]);
	arena_free(a);
	return 0;
}
