// A rule's text and its blocks: what is read, what a change leaves alone. Seeds: RULE_SEED, RULE_ROUNDS.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { at, blocks, each } from "../js/rule/tree.js";
import { print } from "../js/rule/print.js";
import { insert, move, regroup, remove, replace } from "../js/rule/edit.js";
import { lex } from "../js/rule/lex.js";
import { dice, Hand, randomTree } from "./random-rule.mjs";

const first = Number(process.env.RULE_SEED || 1);
const rounds = Number(process.env.RULE_ROUNDS || 400);

/* A block without its places. */
const shape = (b) => (b.is ? { not: b.not, is: b.is } : { group: b.group, items: b.items.map(shape) });

function write(b, top = true) {
	if (b.is)
		return (b.not ? "~" : "") + print(b.is);
	const list = b.items.map((x) => write(x, false)).join(b.group === "all" ? " & " : " | ");
	return b.group === "none" ? `~(${list})` : top && b.items.length > 1 ? list : top ? list : `(${list})`;
}

/* What a tree means with an answer for each leaf. */
const answers = (seed) => (is) => {
	let h = seed;
	for (const c of JSON.stringify(is))
		h = (h * 31 + c.codePointAt(0)) >>> 0;
	return (h >>> 7) % 2 === 0;
};
function meant(n, ask) {
	if (n.leaf)
		return ask(n.leaf);
	return n.not ? !meant(n.not, ask) : n.all ? n.all.every((x) => meant(x, ask)) : n.any.some((x) => meant(x, ask));
}
function holds(b, ask) {
	if (b.is)
		return ask(b.is) !== b.not;
	const of = (x) => holds(x, ask);
	return b.group === "all" ? b.items.every(of) : b.items.some(of) === (b.group === "any");
}
const same = (a, b, what) => {
	for (let i = 1; i <= 24; i++)
		assert.equal(a(answers(i)), b(answers(i)), what);
};

const notesOf = (text) => lex(text).notes.map((n) => text.slice(n.from, n.to).trimEnd()).sort();
const rowsOf = (root) => {
	const rows = [];
	each(root, (b) => b.is && rows.push(b));
	return rows;
};
const listOf = (root, want) => {
	const list = [];
	each(root, (b) => want(b) && list.push(b));
	return list;
};
const lines = (root) => rowsOf(root).map((b) => JSON.stringify([b.not, b.is])).sort();

function each_rule(see) {
	for (let seed = first; seed < first + rounds; seed++) {
		const d = dice(seed);
		const tree = randomTree(d, 3);
		const hand = new Hand(d);
		const text = hand.rule(tree);
		try {
			see({ d, tree, text, hand, root: blocks(text).root });
		} catch (e) {
			e.message = `seed ${seed}: ${e.message}\n${text}`;
			throw e;
		}
	}
}

test("a rule written in any way is read as what it says", () => {
	each_rule(({ tree, text, root, hand }) => {
		assert.ok(root, blocks(text).odd);
		const leaves = [];
		(function walk(n) {
			if (n.leaf)
				leaves.push(n.leaf);
			else
				(n.not ? [n.not] : n.all || n.any).forEach(walk);
		})(tree);
		assert.deepEqual(rowsOf(root).map((b) => b.is), leaves);
		same((ask) => holds(root, ask), (ask) => meant(tree, ask), "it means another thing");
		assert.equal(notesOf(text).length, hand.notes);
	});
});

test("blocks written as text are the same blocks", () => {
	each_rule(({ root }) => {
		const again = blocks(`return ${write(root)}`).root;
		assert.deepEqual(shape(blocks(`return ${write(again)}`).root), shape(again));
		same((ask) => holds(again, ask), (ask) => holds(root, ask), "written it means another thing");
		for (const b of rowsOf(root))
			assert.deepEqual(blocks(`return ${print(b.is)}`).root.items[0].is, b.is);
	});
});

test("a block changed to what it is leaves every letter", () => {
	each_rule(({ text, root }) => {
		each(root, (b) => {
			if (b.path !== "")
				assert.equal(text.slice(0, b.from) + text.slice(b.from, b.to) + text.slice(b.to), text);
			if (b.items && b.path !== "")
				assert.equal(regroup(text, b.path, b.group), text);
		});
	});
});

test("an edited condition changes nothing else", () => {
	each_rule(({ d, text, root }) => {
		const b = d.of(rowsOf(root));
		const is = { kind: "field", name: "fresh", test: { word: "more", args: [7] } };
		const next = replace(text, b.path, `~${print(is)}`);
		const want = lines(root);
		want.splice(want.indexOf(JSON.stringify([b.not, b.is])), 1, JSON.stringify([true, is]));
		assert.deepEqual(lines(blocks(next).root), want.sort(), next);
		assert.deepEqual(notesOf(next), notesOf(text), next);
		assert.deepEqual(at(blocks(next).root, b.path).is, is);
	});
});

test("a condition added stands where it was meant, all else as it was", () => {
	each_rule(({ d, text, root }) => {
		const g = d.of(listOf(root, (b) => b.items));
		const is = { kind: "segment", name: "fresh" };
		const index = d.n(g.items.length + 1);
		const next = insert(text, g.path, index, print(is), "any");
		const now = blocks(next).root;
		assert.ok(now, next);
		assert.deepEqual(notesOf(next), notesOf(text), next);
		assert.deepEqual(lines(now), [...lines(root), JSON.stringify([false, is])].sort());
		const copy = shape(root);
		const target = g.path === "" ? copy : g.path.split(".").reduce((b, i) => b.items[i], copy);
		target.items.splice(index, 0, { not: false, is });
		if (!g.sure)
			target.group = "any";
		same((ask) => holds(now, ask), (ask) => holds(copy, ask), next);
	});
});

test("a condition removed goes with its joint, comments around it stay", () => {
	each_rule(({ d, text, root }) => {
		const b = d.of(listOf(root, (x) => x.path !== ""));
		const next = remove(text, b.path);
		const now = blocks(next).root;
		assert.ok(now, next);
		const inside = notesOf(text.slice(b.from, b.to));
		const around = notesOf(text);
		for (const n of inside)
			around.splice(around.indexOf(n), 1);
		assert.deepEqual(notesOf(next), around, next);
		const copy = shape(root);
		const way = b.path.split(".");
		const drop = (node, i) => {
			const k = Number(way[i]);
			if (i === way.length - 1 || drop(node.items[k], i + 1))
				node.items.splice(k, 1);
			return node.items.length === 0;
		};
		if (drop(copy, 0))
			assert.deepEqual(now.items.map(shape), [{ not: false, is: { kind: "everyone" } }]);
		else
			same((ask) => holds(now, ask), (ask) => holds(copy, ask), next);
	});
});

test("a block moved is in its new place, everything else and every comment stays", () => {
	let moved = 0;
	each_rule(({ d, text, root }) => {
		const b = d.of(listOf(root, (x) => x.path !== ""));
		const g = d.of(listOf(root, (x) => x.items));
		const index = d.n(g.items.length + 1);
		const next = move(text, b.path, g.path, index);
		if (next === text)
			return;
		moved++;
		const now = blocks(next).root;
		assert.ok(now, next);
		assert.deepEqual(notesOf(next), notesOf(text), next);
		assert.deepEqual(lines(now), lines(root), next);
		const copy = shape(root);
		const find = (path) => (path === "" ? copy : path.split(".").reduce((x, i) => x.items[i], copy));
		const target = find(g.path);
		const item = find(b.path);
		target.items.splice(index, 0, { ...item });
		(function drop(node) {
			const k = node.items.indexOf(item);
			if (k >= 0)
				node.items.splice(k, 1);
			node.items.filter((x) => x.items).forEach(drop);
			node.items = node.items.filter((x) => !x.items || x.items.length > 0);
		})(copy);
		same((ask) => holds(now, ask), (ask) => holds(copy, ask), next);
	});
	assert.ok(moved > rounds / 4, `${moved} moved`);
});

test("a group of another kind means what it says", () => {
	each_rule(({ d, text, root }) => {
		const g = d.of(listOf(root, (x) => x.items));
		const kind = d.of(["all", "any", "none"]);
		const next = regroup(text, g.path, kind);
		const now = blocks(next).root;
		assert.ok(now, next);
		assert.deepEqual(notesOf(next), notesOf(text), next);
		const copy = shape(root);
		const target = g.path === "" ? copy : g.path.split(".").reduce((b, i) => b.items[i], copy);
		target.group = kind;
		same((ask) => holds(now, ask), (ask) => holds(copy, ask), next);
	});
});

test("what a change writes, letter by letter", () => {
	const made = (text, want) => assert.equal(text, want);
	// parentheses where the meaning or the groups need them
	made(insert("return known()\n", "", 1, "a() | b()"), "return known()\n     & (a() | b())\n");
	made(insert("return known()\n", "", 1, "a() & b()"), "return known()\n     & (a() & b())\n");
	made(insert("return ~~known()", "0", 1, "a()"), "return ~(~known() | a())");
	made(regroup("return a() & b() | c()", "", "all"), "return (a() & b()) & c()");
	made(regroup("return a() & b() | c()", "0", "any"), "return (a() | b()) | c()");
	made(regroup("return a() & b()", "", "none"), "return ~(a() | b())");
	made(regroup("return a() & ~(b() | c())", "1", "any"), "return a() & (b() | c())");
	// words do not grow together, comments swallow nothing
	made(remove("return(a())&b()", "0"), "return b()");
	made(insert("return(a())", "", 0, "b()"), "return b()\n     & (a())");
	made(remove("return (a() -- one\n & b()) | c()", "0.1"), "return (a() -- one\n ) | c()");
	made(replace("return event.x -- one\n:within \"1d\" & b()", "0", "a()"), "return a() -- one\n & b()");
	// line by line where it stands line by line, behind the comment of the line
	made(insert("return a() -- one\n  & b() -- two\n", "", 2, "c()"), "return a() -- one\n  & b() -- two\n  & c()\n");
	made(insert("return a() -- one\n  & b() -- two\n", "", 1, "c()"), "return a() -- one\n  & c()\n  & b() -- two\n");
	made(remove("return a() -- one\n  & b() -- two\n  & c()\n", "1"), "return a() -- one\n  -- two\n  & c()\n");
	made(move("return a()\n  & b() -- two\n  & c()\n", "2", "", 0), "return c()\n  & a()\n  & b() -- two\n");
	// names and values
	made(print({ kind: "field", name: "end", test: { word: "empty", args: [] } }), "field[\"end\"]:empty()");
	made(print({ kind: "where", text: "a[b[1]] > 0" }), "where [=[a[b[1]] > 0]=]");
	// steps and windows change inside their condition alone
	const sequence = "return a() -- one\n  & event.x:then_(event.y:within \"30d\", \"1d\") -- two\n  & b()\n";
	const { is } = blocks(sequence).root.items[1];
	is.steps[1].event.filters.push({ prop: "total", test: { word: "at_least", args: [5] } });
	is.steps[1].event.windows.push({ from: "2026-01-01", till: "2026-02-01" });
	is.steps.push({ event: { ...is.steps[0].event, name: "z", windows: [{ within: "7d" }] }, within: "" });
	const longer = replace(sequence, "1", print(is));
	made(longer, "return a() -- one\n  & event.x:then_(event.y:where { total = at_least(5) }:within \"30d\":between(\"2026-01-01\", \"2026-02-01\"), \"1d\")" +
		":then_(event.z:within \"7d\") -- two\n  & b()\n");
	assert.deepEqual(blocks(longer).root.items[1].is, is);
	assert.deepEqual(blocks("return event.x:count():between(\"2026-01-01\", \"2026-02-01\"):at_least(2)").root.items[0].is,
		{ kind: "event", name: "x", filters: [], windows: [{ from: "2026-01-01", till: "2026-02-01" }], sum: "count", prop: "", test: { word: "at_least", args: [2] } });
});

test("everything the documentation shows becomes blocks", () => {
	const page = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8");
	let n = 0;
	for (const [, code] of page.matchAll(/```lua\n([\s\S]*?)```/g))
		for (const rule of code.split(/\n(?=return )/).filter((x) => /^return /m.test(x))) {
			n++;
			const { root } = blocks(rule);
			assert.ok(root, rule);
			for (const b of rowsOf(root))
				assert.ok(b.is.kind !== "lua" || /where\(function/.test(rule), rule);
		}
	assert.ok(n > 40, `${n} rules`);
});

test("what is not one expression of conditions has no blocks", () => {
	for (const text of ["local a = 1\nreturn known()", "known()", "return known(), known()", "return known() and known()", "return known() == 1",
		"return field.city:is \"Минск", "return (known()", "return known() known()", "return known() ~ known()", "return", "return known() & "])
		assert.equal(blocks(text).root, null, text);
	assert.equal(blocks("-- only a note\n").empty, true);
	assert.equal(insert("-- only a note", "", 0, "known()"), "-- only a note\nreturn known()\n");
	assert.equal(insert("return everyone()\n", "", 1, "known()"), "return known()\n");
	assert.equal(remove("return known() -- why\n", "0"), "return everyone() -- why\n");
});
