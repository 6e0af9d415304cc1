/* See http.h. */
#include "wire/http.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <curl/curl.h>

#include <stdlib.h>

enum { ANSWER_MAX = 1024 * 1024 };

struct http {
	CURL *curl;
};

struct http *
http_new(void)
{
	struct http *h = calloc(1, sizeof *h);
	must(h != NULL && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	h->curl = curl_easy_init();
	must(h->curl != NULL);
	return h;
}

void
http_free(struct http *h)
{
	if (h != NULL)
		curl_easy_cleanup(h->curl);
	free(h);
}

static size_t
take(char *at, size_t size, size_t n, void *obj)
{
	struct str *s = obj;
	if (s->n + size * n > ANSWER_MAX)
		return 0;
	str_add(s, at, size * n);
	return size * n;
}

int
http_post_json(struct arena *a, struct http *h, const char *url, const char *authorization,
	struct text body, int *status, struct text *answer, struct err *e)
{
	struct str got = str_new(a);
	long code = 0;
	struct curl_slist *headers = curl_slist_append(
		NULL, "Content-Type: application/json");
	if (authorization != NULL)
		headers = curl_slist_append(
			headers, arena_printf(a, "Authorization: %s", authorization));
	curl_easy_reset(h->curl); /* the connection stays */
	curl_easy_setopt(h->curl, CURLOPT_URL, url);
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT, 3L);
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, body.at);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &got);
	CURLcode rc = curl_easy_perform(h->curl);
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &code);
	curl_slist_free_all(headers);
	if (rc != CURLE_OK)
		return err_set(e, ERR_BUSY, "%s: %s", url, curl_easy_strerror(rc));
	*status = (int)code;
	*answer = str_text(&got);
	return 0;
}
