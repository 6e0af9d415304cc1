// What every page loads (defer). Everything here only helps: without it links and forms still work.
//
//	<html lang="ru" data-bs-theme="light" data-zone="Europe/Minsk">    language and zone of times
//	<meta name="csrf" content="…">     sent by htmx as X-CSRF-Token
//
// Contracts, each in its file: app/theme.js app/keys.js app/time.js app/copy.js app/ask.js
// app/drop.js app/wire.js app/form.js app/pick.js app/preview.js app/past.js app/toast.js. README.md lists them all.
// <html> gets class "js": .js-only shows, .no-js hides.
import { wire } from "./app/wire.js";
import { theme } from "./app/theme.js";
import { keys } from "./app/keys.js";
import { time } from "./app/time.js";
import { copy } from "./app/copy.js";
import { ask } from "./app/ask.js";
import { drop } from "./app/drop.js";
import { form } from "./app/form.js";
import { pick } from "./app/pick.js";
import { preview } from "./app/preview.js";
import { past } from "./app/past.js";

document.documentElement.classList.add("js");
for (const start of [theme, ask, wire, keys, time, copy, drop, form, pick, preview, past])
	start();
