/* Log lines to stderr: time, level, program, request id, sentence. Never bodies, never secrets. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* The program's name in each line; level by name ("info"), unknown means info. */
void log_init(const char *program, const char *level);

/* The request this thread serves, shown in each of its lines; NULL for none. Borrowed until the next call. */
void log_request(const char *id);

void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
