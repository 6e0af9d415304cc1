// cxdp-bound.js: the tag loads it where the source's page has events bound by pointing (docs/binding.md), so that others need not.
// The tag's own element says what to do with it.
import { bind } from "./bind.js";
import { setMask } from "./page.js";

const { cxdp } = document.currentScript || {};
if (cxdp)
	cxdp(bind, setMask);
