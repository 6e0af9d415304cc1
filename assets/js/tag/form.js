// Opt-in form capture: only <form data-cxdp-form="name"> is looked at, when it is submitted.
//
//	<input data-cxdp="email|phone|first_name|last_name|…">   this trait, whatever the input is called
//	<input data-cxdp-ignore>                                 never this one
//	recognised without it: type=email, type=tel, and the usual names of e-mail, phone and person
//	<input type=checkbox data-cxdp-consent="email sms">      ticked = a consent for these channels,
//	                                                         with the words beside it as evidence
//
// Never read: passwords, hidden and file inputs, cards (by autocomplete, by name, by their digits).

const names = {
	email: "email", e_mail: "email", mail: "email", user_email: "email",
	phone: "phone", tel: "phone", telephone: "phone", mobile: "phone", phone_number: "phone",
	first_name: "first_name", firstname: "first_name", fname: "first_name", given_name: "first_name",
	name: "first_name", last_name: "last_name", lastname: "last_name", lname: "last_name",
	surname: "last_name", family_name: "last_name", city: "city", birthday: "birthday",
	birthdate: "birthday",
};
const never = /pass|pwd|card|cvv|cvc|iban|secret|token|csrf|captcha/i;

function isCard(text) {
	const digits = text.replace(/[\s-]/g, "");
	if (!/^\d{13,19}$/.test(digits))
		return false;
	let sum = 0;
	for (let i = 0; i < digits.length; i++) {
		let n = +digits[digits.length - 1 - i];
		if (i % 2 && (n *= 2) > 9)
			n -= 9;
		sum += n;
	}
	return sum % 10 === 0;
}

function attr(el, name) {
	return (el.getAttribute(name) || "").trim();
}

/* The trait an input stands for, or null. */
function traitOf(el) {
	const type = (el.type || "").toLowerCase();
	if (/^(password|hidden|file|submit|button|image|reset)$/.test(type) || el.disabled ||
	    el.hasAttribute("data-cxdp-ignore"))
		return null;
	const said = attr(el, "data-cxdp");
	const name = attr(el, "name");
	if (never.test(name) || never.test(attr(el, "id")) || never.test(said) ||
	    /^cc-|password|one-time-code/.test(attr(el, "autocomplete")))
		return null;
	if (said)
		return /^[a-z][a-z0-9_]{0,63}$/i.test(said) ? said : null;
	if (/^(checkbox|radio)$/.test(type))
		return null;
	if (type === "email")
		return "email";
	if (type === "tel")
		return "phone";
	const plain = name.toLowerCase().replace(/^.*[[.]/, "").replace(/\]$/, "").replace(/-/g, "_");
	return Object.prototype.hasOwnProperty.call(names, plain) ? names[plain] : null;
}

function valueOf(el) {
	if (el.type === "checkbox")
		return el.checked ? true : null;
	if (el.type === "radio" && !el.checked)
		return null;
	const text = String(el.value || "").trim().slice(0, 500);
	return text && !isCard(text) ? text : null;
}

/* The words beside a box: what the visitor agreed to. */
function wordsOf(el) {
	const by = attr(el, "aria-labelledby");
	const label = (el.labels && el.labels[0]) || (by && document.getElementById(by)) || null;
	return (label ? label.textContent : attr(el, "aria-label")).replace(/\s+/g, " ").trim().slice(0, 1000);
}

export function captureForm(form, { identify, track, done, url, at }) {
	if (!form || !form.hasAttribute || !form.hasAttribute("data-cxdp-form"))
		return;
	const traits = {};
	const consent = [];
	/* Not form.elements: an input may be called "elements". */
	const list = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get.call(form);
	[...list].forEach((el) => {
		const channels = attr(el, "data-cxdp-consent");
		if (channels) {
			if (el.type === "checkbox" && el.checked && !el.disabled)
				channels.split(/\s+/).forEach((channel) => consent.push({
					channel, granted: true, text: wordsOf(el), url, at,
				}));
			return;
		}
		const trait = traitOf(el);
		const value = trait && valueOf(el);
		if (value !== null && value !== undefined && !(trait in traits))
			traits[trait] = value;
	});
	const name = attr(form, "data-cxdp-form") || attr(form, "id") || attr(form, "name") || "form";
	if (Object.keys(traits).length || consent.length)
		identify(traits, consent.length ? { consent } : null);
	track("Form Submitted", { form: name, fields: Object.keys(traits), consent: consent.map((c) => c.channel) });
	done();
}
