/* Where a binding holds: the same cases as the tag's (assets/test/tag-bind.test.mjs). */
#include "base/arena.h"
#include "tenant/binding.h"

#include "tap.h"

#include <stdio.h>
#include <string.h>

int
main(void)
{
	char line[1000];
	FILE *f = fopen(SOURCE_DIR "/t/data/binding-where.txt", "r");
	ok(f != NULL, "the cases are there");
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		char *url = strchr(line, '\t'),
		     *yes = url != NULL ? strchr(url + 1, '\t') : NULL;
		if (yes == NULL)
			continue;
		*url++ = *yes++ = '\0';
		bool want = strcmp(yes, "yes\n") == 0;
		ok(binding_is_at(text_of(line), text_of(url)) == want, "\"%s\" %s %s", line,
			want ? "is" : "is not", url);
	}
	ok(tap_count > 15, "all of them");
	if (f != NULL)
		fclose(f);
	return tap_done();
}
