/* The least a FastCGI program by libfcgi can be: threads that take a request, look at one parameter and answer a pixel; nothing is
 * parsed, nothing kept. bare SOCKET THREADS, until it is killed. */
#include <fcgiapp.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int listener;

static void *
work(void *obj)
{
	static const char gif[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\0\0\0!\371\4\1\0\0\0\0,"
				  "\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
	FCGX_Request r;
	(void)obj;
	FCGX_InitRequest(&r, listener, 0);
	while (FCGX_Accept_r(&r) == 0) {
		if (FCGX_GetParam("REQUEST_URI", r.envp) != NULL)
			FCGX_FPrintF(r.out,
				"Content-Type: image/gif\r\nContent-Length: %d\r\n\r\n",
				(int)sizeof gif - 1);
		FCGX_PutStr(gif, (int)sizeof gif - 1, r.out);
		FCGX_Finish_r(&r);
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	pthread_t thread;
	signal(SIGPIPE, SIG_IGN);
	if (argc != 3 || FCGX_Init() != 0 ||
		(listener = FCGX_OpenSocket(argv[1], 1024)) < 0 ||
		chmod(argv[1], 0666) != 0)
		return 1;
	for (int i = 1; i < atoi(argv[2]); i++)
		if (pthread_create(&thread, NULL, work, NULL) != 0)
			return 1;
	work(NULL);
	return 0;
}
