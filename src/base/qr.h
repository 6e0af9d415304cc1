/* A text as a QR picture (libqrencode). */
#ifndef BASE_QR_H
#define BASE_QR_H

#include "base/val.h"

struct arena;
struct err;

/* Inline SVG, one path, black on white with a quiet edge; label is read aloud. -1 ERR_SIZE: over 1000 bytes. */
int qr_svg(
	struct arena *a, struct text t, struct text label, struct text *svg, struct err *e);

#endif
