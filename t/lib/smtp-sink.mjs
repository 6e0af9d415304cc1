// The development mailbox: takes every letter on a loopback port and keeps each in one file,
// exactly as it came after two X-Envelope lines. npm's smtp-server speaks the protocol, so
// that our own client is tested against somebody else's reading of it.
//
//   node smtp-sink.mjs --port N --dir DIR [--readers]
//
// Recipients whose address begins with "refuse" get 550, with "later" 451. With --readers letters are read, see smtp-readers.mjs.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { read } from './smtp-readers.mjs';

const { values } = parseArgs({
	options: { port: { type: 'string' }, dir: { type: 'string' }, readers: { type: 'boolean' } },
});
if (!values.port || !values.dir) {
	console.error('usage: smtp-sink.mjs --port N --dir DIR [--readers]');
	process.exit(2);
}
mkdirSync(values.dir, { recursive: true });

let taken = 0;

function reply(code, text) {
	return Object.assign(new Error(text), { responseCode: code });
}

// A reader of the folder never sees half a letter: written aside, then renamed.
function keep(session, chunks) {
	const { mailFrom, rcptTo } = session.envelope;
	const head = [`X-Envelope-From: ${mailFrom ? mailFrom.address : ''}`];
	for (const to of rcptTo)
		head.push(`X-Envelope-To: ${to.address}`);
	const at = new Date().toISOString().replace(/[-:.]/g, '');
	const name = `${at}-${String(++taken).padStart(6, '0')}.eml`;
	const aside = join(values.dir, `.${name}.part`);
	writeFileSync(aside, Buffer.concat([Buffer.from(head.join('\r\n') + '\r\n'), ...chunks]));
	renameSync(aside, join(values.dir, name));
	if (values.readers && rcptTo.length)
		read(rcptTo[0].address, Buffer.concat(chunks).toString('latin1'));
	return name;
}

const server = new SMTPServer({
	name: 'sink.dev.example',
	banner: 'cxdp development mailbox',
	disabledCommands: ['AUTH', 'STARTTLS'],
	disableReverseLookup: true,
	size: 32 * 1024 * 1024,
	onRcptTo(address, session, done) {
		if (address.address.startsWith('refuse'))
			return done(reply(550, '5.1.1 No such mailbox'));
		if (address.address.startsWith('later'))
			return done(reply(451, '4.2.0 Try again later'));
		done();
	},
	onData(stream, session, done) {
		const chunks = [];
		stream.on('data', (chunk) => chunks.push(chunk));
		stream.on('end', () => {
			if (stream.sizeExceeded)
				return done(reply(552, '5.3.4 Too large'));
			try {
				done(null, `2.0.0 kept as ${keep(session, chunks)}`);
			} catch (e) {
				console.error(e.message);
				done(reply(451, '4.3.0 Not kept'));
			}
		});
	},
});

server.on('error', (e) => console.error(e.message));
server.listen(Number(values.port), '127.0.0.1', () =>
	console.log(`listening on 127.0.0.1:${values.port}, keeping in ${values.dir}`));
server.server.on('error', (e) => {
	if (e.code === 'EADDRINUSE')
		process.exit(1);
});

for (const signal of ['SIGTERM', 'SIGINT'])
	process.on(signal, () => process.exit(0));
