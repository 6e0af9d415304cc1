//	<button data-theme-toggle aria-label="…"><svg class="to-dark"/><svg class="to-light"/></button>
//
// Kept in the cookie theme=light|dark for a year, so that the server writes data-bs-theme itself and
// the page never flashes. Announces "cxdp:theme" on document for charts and editors.
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

export const dark = () => root.dataset.bsTheme === "dark" ||
	(root.dataset.bsTheme !== "light" && system.matches);

function told() {
	document.dispatchEvent(new CustomEvent("cxdp:theme", { detail: { dark: dark() } }));
}

export function theme() {
	document.addEventListener("click", (e) => {
		if (!e.target.closest("[data-theme-toggle]"))
			return;
		const next = dark() ? "light" : "dark";
		root.dataset.bsTheme = next;
		document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax` +
			(location.protocol === "https:" ? "; secure" : "");
		told();
	});
	system.addEventListener("change", told);
}
