// Goods, carts and purchases as shops tell them to Google Analytics and Yandex Metrica: window.dataLayer, with GA4's names
// ({event: "purchase", ecommerce: {…}}, gtag("event", …)) or the older ecommerce: {detail, add, remove, purchase}. They become the
// names of docs/events.md.

const names = {
	view_item: "Product Viewed", add_to_cart: "Product Added", remove_from_cart: "Product Removed",
	view_cart: "Cart Viewed", begin_checkout: "Checkout Started", purchase: "Order Completed", refund: "Order Refunded",
	search: "Products Searched", sign_up: "Signed Up", login: "Signed In",
};
const older = {
	detail: "Product Viewed", add: "Product Added", remove: "Product Removed", checkout: "Checkout Started",
	purchase: "Order Completed", refund: "Order Refunded",
};
const one = /^Product (Viewed|Added|Removed)$/;

function number(v) {
	const n = typeof v === "string" ? parseFloat(v.replace(/\s/g, "").replace(",", ".")) : v;
	return Number.isFinite(n) ? n : undefined;
}

function product(i) {
	return {
		product_id: i.item_id || i.id || i.product_id, name: i.item_name || i.name, brand: i.item_brand || i.brand,
		category: i.item_category || i.category, variant: i.item_variant || i.variant, price: number(i.price),
		quantity: number(i.quantity),
	};
}

function send(track, name, data, items, action) {
	const currency = data.currency || data.currencyCode;
	const products = (Array.isArray(items) ? items : []).filter((i) => i && typeof i === "object").slice(0, 100).map(product);
	if (one.test(name)) {
		products.forEach((p) => track(name, Object.assign(p, { currency })));
		return;
	}
	const props = { currency, total: number(action.value !== undefined ? action.value : action.revenue) };
	const id = action.transaction_id || action.id;
	if (id)
		props.order_id = String(id);
	["coupon", "affiliation"].forEach((k) => { props[k] = action[k]; });
	["tax", "shipping"].forEach((k) => { props[k] = number(action[k]); });
	if (products.length)
		props.products = products;
	if (name === "Products Searched")
		track(name, { query: String(data.search_term || "").slice(0, 200) });
	else
		track(name, /^Signed/.test(name) ? { method: data.method } : props);
}

function read(track, entry) {
	if (!entry || typeof entry !== "object")
		return;
	/* gtag("event", name, data) pushes its arguments */
	const call = entry[0] === "event" && typeof entry[1] === "string";
	const event = call ? entry[1] : entry.event;
	const data = call ? entry[2] || {} : entry.ecommerce || entry;
	if (Object.prototype.hasOwnProperty.call(names, event)) {
		send(track, names[event], data, data.items, data);
		return;
	}
	if (!entry.ecommerce || call)
		return;
	Object.keys(older).forEach((k) => {
		const part = entry.ecommerce[k];
		if (part && typeof part === "object")
			send(track, older[k], entry.ecommerce, part.products || part.items, part.actionField || {});
	});
}

export function shop(track, guard) {
	const layer = window.dataLayer = window.dataLayer || [];
	const look = guard((entry) => read(track, entry));
	[...layer].forEach(look);
	const was = layer.push;
	layer.push = function (...entries) {
		const r = was.apply(this, entries);
		entries.forEach(look);
		return r;
	};
}
