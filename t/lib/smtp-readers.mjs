// The invented people of a demo read their letters: some open them, some of those follow a link, a few unsubscribe. Who does what is decided
// by the address and the letter's subject, so it is the same each time. Only links to this machine are followed.
import { createHash } from 'node:crypto';
import { get, request } from 'node:http';

// The HTML part of a letter as cxdp writes it: base64 or quoted-printable.
function html(raw) {
	const part = raw.split(/\r?\n--/).find((p) => /^content-type: text\/html/im.test(p));
	if (!part) return '';
	const [head, ...rest] = part.split(/\r?\n\r?\n/);
	const body = rest.join('\n\n');
	if (/encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString();
	return body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

function links(text, kind) {
	const found = text.matchAll(new RegExp(`"(http://127\\.0\\.0\\.1:\\d+/${kind}/[\\w.-]+)"`, 'g'));
	return [...new Set([...found].map((m) => m[1]))];
}

const agent = { 'user-agent': 'Mozilla/5.0 (demo reader)' };
const quiet = (asked) => asked.on('error', () => {}).setTimeout(5000, function () { this.destroy(); });
const visit = (url) => quiet(get(url, { headers: agent }, (answer) => answer.resume()));
const leave = (url) => {
	const body = 'List-Unsubscribe=One-Click';
	quiet(request(url, { method: 'POST', headers: { ...agent, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length } },
		(answer) => answer.resume())).end(body);
};

// read(to, raw): somebody got a letter.
export function read(to, raw) {
	const subject = /^subject: *(.*)/im.exec(raw)?.[1] ?? '';
	const chance = createHash('sha256').update(`${to}\n${subject}`).digest();
	const [opens, clicks, leaves, which] = chance; // 0 .. 255 each
	const later = (at, sub, url) => url && setTimeout(() => sub(url), at).unref();
	const wait = 500 + chance.readUInt16BE(4) / 6; // up to 11 s
	if (opens >= 108) return; // two in five open
	const text = html(raw);
	later(wait, visit, links(text, 'o')[0]);
	if (clicks < 80) { // of them a third follows a link
		const all = links(text, 'c');
		later(wait + 800, visit, all[which % (all.length || 1)]);
	} else if (leaves < 6)
		later(wait + 1500, leave, links(text, 'u')[0]);
}
