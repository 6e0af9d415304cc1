/* See qr.h. */
#include "base/qr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <qrencode.h>

enum { EDGE = 4, BYTES_MAX = 1000 }; /* ISO 18004: four modules of quiet */

int
qr_svg(struct arena *a, struct text t, struct text label, struct text *svg, struct err *e)
{
	QRcode *code = t.n <= BYTES_MAX
			       ? QRcode_encodeData((int)t.n, (const unsigned char *)t.at, 0,
					 QR_ECLEVEL_M)
			       : NULL;
	if (code == NULL)
		return err_set(e, ERR_SIZE, "a text of %zu bytes is no QR picture", t.n);
	int n = code->width;
	struct str s = str_new(a);
	str_addf(&s, "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"",
		n + 2 * EDGE, n + 2 * EDGE);
	str_add_html(&s, label);
	str_addf(&s,
		"\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path "
		"fill=\"#000\" d=\"",
		n + 2 * EDGE, n + 2 * EDGE);
	for (int y = 0; y < n; y++)
		for (int x = 0; x < n; x++) {
			int from = x;
			while (x < n && code->data[y * n + x] & 1)
				x++;
			if (x > from)
				str_addf(&s, "M%d %dh%dv1h-%dz", from + EDGE, y + EDGE,
					x - from, x - from);
		}
	str_addz(&s, "\"/></svg>");
	QRcode_free(code);
	*svg = str_text(&s);
	return 0;
}
