// Rules as the builder makes and changes them, asked of the real compiler: node rule-counts.mjs URL API_KEY. Says TAP.
import { at, blocks, each } from '../../assets/js/rule/tree.js';
import { insert, move, regroup, remove, replace } from '../../assets/js/rule/edit.js';
import { source } from '../../assets/js/builder/form.js';
import { dice, Hand } from '../../assets/test/random-rule.mjs';
import { done, ok } from './browser.mjs';

const [url, key] = process.argv.slice(2);
const seed = Number(process.env.RULE_SEED ?? Math.floor(Date.now() / 1000) % 100000);
const preview = async (rule) => {
	const r = await fetch(url + '/api/v1/segments/preview', { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ rule }) });
	const json = await r.json();
	return r.ok ? json.data.count : `${r.status} ${JSON.stringify(json)}`;
};

// conditions that divide these few people in different ways
const texts = ['Минск', 'минск', 'Лида', 'a "b"\n\\', '😀'];
const leaves = (d) => d.of([
	() => ({ kind: 'field', name: 'city', test: { word: 'is', args: [d.of(texts)] } }),
	() => ({ kind: 'field', name: 'city', test: { word: 'one_of', args: [d.of(texts), d.of(texts)] } }),
	() => ({ kind: 'field', name: 'first_name', test: { word: d.of(['starts', 'contains']), args: [d.of(['а', 'В', 'ег'])] } }),
	() => ({ kind: 'field', name: 'bonus', test: { word: d.of(['at_least', 'at_most', 'more', 'less', 'is']), args: [100 * d.n(5)] } }),
	() => ({ kind: 'field', name: 'bonus', test: { word: 'between', args: [150, 350] } }),
	() => ({ kind: 'field', name: 'birthday', test: { word: 'empty', args: [] } }),
	() => ({ kind: 'event', name: d.of(['purchase', 'page_view']), filters: d.yes(2) ? [{ prop: 'total', test: { word: 'at_least', args: [60] } }] : [],
		windows: d.yes(2) ? [{ within: '30d' }] : [], sum: '', prop: '', test: null }),
	() => ({ kind: 'event', name: 'purchase', filters: [], windows: [{ from: '2020-01-01', till: '2099-01-01' }], sum: 'count', prop: '', test: { word: 'at_least', args: [1 + d.n(3)] } }),
	() => ({ kind: 'event', name: 'purchase', filters: [], windows: [], sum: d.of(['sum', 'avg', 'min', 'max']), prop: 'total', test: { word: 'more', args: [40] } }),
	() => ({ kind: 'event', name: 'page_view', filters: [], windows: [], sum: 'last', prop: 'title', test: { word: 'is', args: ['Чай'] } }),
	() => ({ kind: 'event', name: 'page_view', filters: [], windows: [], sum: 'last', prop: '', test: { word: 'within_last', args: ['7d'] } }),
	() => ({ kind: 'sequence', steps: [{ event: { kind: 'event', name: 'purchase', filters: [], windows: [], sum: '', prop: '', test: null }, within: '' },
		{ event: { kind: 'event', name: 'purchase', filters: [], windows: [], sum: '', prop: '', test: null }, within: '1d' }] }),
	() => ({ kind: 'known' }), () => ({ kind: 'reachable', channel: 'email' }), () => ({ kind: 'consent', channel: 'email' }), () => ({ kind: 'share', percent: 50, salt: 'x' }),
	() => ({ kind: 'near', lat: 53.9, lon: 27.56, km: 30 }), () => ({ kind: 'where', text: ' bonus ~= nil and bonus > 150 ' }),
])();
const random = (d, depth) => {
	if (depth === 0 || d.yes(4))
		return { leaf: leaves(d) };
	const kind = d.of(['all', 'any', 'not']);
	return kind === 'not' ? { not: random(d, depth - 1) } : { [kind]: Array.from({ length: 2 + d.n(2) }, () => random(d, depth - 1)) };
};
const shape = (b) => (b.is ? { not: b.not, is: b.is } : { group: b.group, items: b.items.map(shape) });
const find = (root, path) => (path === '' ? root : path.split('.').reduce((b, i) => b.items[i], root));
/* A tree of blocks in the simplest words: each group in its own parentheses. */
const plain = (b) => (b.is ? `(${source(b.is, b.not)})` : `${b.group === 'none' ? '~' : ''}(${b.items.map(plain).join(b.group === 'all' ? ' & ' : ' | ')})`);
const list = (root, want) => {
	const out = [];
	each(root, (b) => want(b) && out.push(b));
	return out;
};

console.log(`# RULE_SEED=${seed}`);
const wrong = [];
let asked = 0, some = 0;
for (let i = 0; i < 60 && wrong.length < 5; i++) {
	const d = dice(seed + i);
	const text = new Hand(d).rule(random(d, 3));
	const { root, odd } = blocks(text);
	if (!root) {
		wrong.push(`no blocks: ${odd}\n${text}`);
		continue;
	}
	const g = d.of(list(root, (b) => b.items)), b = d.of(list(root, (x) => x.path !== '')), row = d.of(list(root, (x) => x.is));
	const is = leaves(d), index = d.n(g.items.length + 1);
	const changes = {
		'as it was': [text, () => {}],
		inserted: [insert(text, g.path, index, source(is, true), 'any'), (c) => {
			const t = find(c, g.path);
			t.items.splice(index, 0, { not: true, is });
			if (!g.sure)
				t.group = 'any';
		}],
		replaced: [replace(text, row.path, source(is, false)), (c) => Object.assign(find(c, row.path), { not: false, is })],
	};
	for (const kind of ['all', 'any', 'none'])
		changes[`regrouped ${kind}`] = [regroup(text, g.path, kind), (c) => {
			find(c, g.path).group = kind;
		}];
	const moved = move(text, b.path, g.path, index);
	if (moved !== text)
		changes.moved = [moved, (c) => {
			const t = find(c, g.path), item = find(c, b.path);
			t.items.splice(index, 0, { ...item });
			(function drop(node) {
				node.items = node.items.filter((x) => x !== item);
				node.items.filter((x) => x.items).forEach(drop);
				node.items = node.items.filter((x) => !x.items || x.items.length);
			})(c);
		}];
	if (list(root, (x) => x.is).length > list(b, (x) => x.is).length)
		changes.removed = [remove(text, b.path), (c) => {
			const item = find(c, b.path);
			(function drop(node) {
				node.items = node.items.filter((x) => x !== item);
				node.items.filter((x) => x.items).forEach(drop);
				node.items = node.items.filter((x) => !x.items || x.items.length);
			})(c);
		}];
	for (const [what, [made, change]] of Object.entries(changes)) {
		const meant = shape(root);
		change(meant);
		const [is, should] = [await preview(made), await preview(`return ${plain(meant)}`)];
		asked++;
		some += is > 0 && is < 4;
		if (typeof is !== 'number' || is !== should)
			wrong.push(`seed ${seed + i}, ${what}: ${is}, but ${should}\n${made}\n${plain(meant)}`);
	}
}
ok(wrong.length === 0, 'rules the builder made and changed mean what they should to the compiler', wrong.join('\n'));
ok(asked > 300 && some > 30, 'and enough of them divide the people', `${asked} asked, ${some} divide`);
done();
