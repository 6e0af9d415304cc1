// How the overlay looks, and elements made without markup: what a page says is only ever text here.
export const css = `
:host { all: initial; }
* { box-sizing: border-box; }
.root { --bg:#fff; --fg:#1a1c20; --mut:#5b616b; --line:#d9dce1; --acc:#1c55c9; --soft:#eef2fb; --bad:#b3261e; --good:#1b7f4b;
  color:var(--fg); font:14px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
@media (prefers-color-scheme: dark) { .root { --bg:#1c1e22; --fg:#eceef1; --mut:#a3a9b3; --line:#3a3e45; --acc:#7aa7ff; --soft:#262b35; --bad:#ff8a80; --good:#62c994; } }
.panel { position:fixed; z-index:2147483647; right:16px; bottom:16px; width:380px; max-width:calc(100vw - 32px); max-height:min(720px, calc(100vh - 32px));
  display:flex; flex-direction:column; background:var(--bg); border:1px solid var(--line); border-radius:10px; box-shadow:0 8px 40px rgba(0,0,0,.28); }
.panel.left { right:auto; left:16px; }
.head { display:flex; align-items:center; gap:4px; padding:10px 8px 10px 16px; border-bottom:1px solid var(--line); }
.head h1 { flex:1; margin:0; font-size:15px; font-weight:600; overflow:hidden; text-overflow:ellipsis; white-space:nowrap; }
.body { padding:12px 16px; overflow:auto; display:grid; gap:12px; grid-template-columns:minmax(0, 1fr); }
.foot { display:flex; flex-wrap:wrap; gap:8px; padding:10px 16px; border-top:1px solid var(--line); }
h2 { margin:0; font-size:13px; font-weight:600; } p { margin:0; } .mut { color:var(--mut); font-size:12px; } .bad { color:var(--bad); } .good { color:var(--good); }
.row { display:flex; gap:8px; align-items:center; flex-wrap:wrap; } .grow { flex:1; min-width:0; }
.cell { display:grid; gap:4px; } .item { border:1px solid var(--line); border-radius:8px; padding:8px 10px; display:grid; gap:4px; }
.name { font-weight:600; overflow-wrap:anywhere; } .mono { font:12px/1.4 ui-monospace,Menlo,Consolas,monospace; overflow-wrap:anywhere; }
button { font:inherit; color:var(--fg); background:var(--bg); border:1px solid var(--line); border-radius:6px; padding:5px 10px; cursor:pointer; }
button:hover { background:var(--soft); } button.main { background:var(--acc); border-color:var(--acc); color:var(--bg); } button.flat { border-color:transparent; }
button.small { padding:2px 8px; font-size:12px; } button.on { background:var(--soft); border-color:var(--acc); color:var(--acc); }
button:focus-visible, input:focus-visible, select:focus-visible { outline:2px solid var(--acc); outline-offset:1px; }
input, select { font:inherit; color:var(--fg); background:var(--bg); border:1px solid var(--line); border-radius:6px; padding:5px 8px; width:100%; min-width:0; }
input[type=checkbox] { width:auto; } label.check { display:flex; gap:8px; align-items:center; }
pre { margin:0; padding:8px 10px; background:var(--soft); border-radius:6px; white-space:pre-wrap; overflow-wrap:anywhere; font:12px/1.4 ui-monospace,Menlo,Consolas,monospace; }
.box { position:fixed; z-index:2147483646; pointer-events:none; border:2px solid #1c55c9; background:rgba(28,85,201,.12); border-radius:3px; }
.box.all { border-style:dashed; background:rgba(28,85,201,.05); } .box.hit { border-color:#1b7f4b; background:rgba(27,127,75,.25); }
.tip { position:fixed; z-index:2147483646; pointer-events:none; max-width:60vw; padding:2px 8px; border-radius:4px; background:#1a1c20; color:#fff; font:12px/1.5 ui-monospace,Menlo,monospace; overflow:hidden; text-overflow:ellipsis; white-space:nowrap; }
`;

export function h(tag, props, ...inside) {
	const el = document.createElement(tag);
	Object.keys(props || {}).forEach((k) => {
		const v = props[k];
		if (/^on/.test(k))
			el.addEventListener(k.slice(2), v);
		else if (k === "class")
			el.className = v;
		else if (k in el && k !== "list")
			el[k] = v;
		else if (v !== false && v !== undefined)
			el.setAttribute(k, v);
	});
	inside.flat(3).forEach((c) => {
		if (c !== null && c !== undefined && c !== false)
			el.append(typeof c === "object" ? c : String(c));
	});
	return el;
}
