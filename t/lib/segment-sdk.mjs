// The published @segment/analytics-node, unmodified, pointed at us: node segment-sdk.mjs URL WRITE_KEY
import { Analytics } from '@segment/analytics-node';

const [url, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host: url, maxEventsInBatch: 15, flushInterval: 500 });
const failed = [];
analytics.on('error', (error) => failed.push(String(error.reason ?? error.code ?? error)));

for (let i = 1; i <= 40; i++) {
	const userId = `sdk-${i}`;
	analytics.identify({
		userId,
		anonymousId: `sdk-anon-${i}`,
		traits: { email: `sdk${i}@shop.example`, firstName: `Имя ${i}`, age: 20 + i, vip: i % 2 === 0 },
	});
	analytics.page({ userId, name: 'Home', properties: { url: `https://shop.example/${i}` } });
	analytics.track({ userId, event: 'Order Completed', properties: { order_id: `o${i}`, total: i / 4, products: [{ sku: 'a' }] } });
	analytics.screen({ userId, name: 'Main' });
	analytics.group({ userId, groupId: 'g1', traits: { name: 'Group' } });
	analytics.alias({ userId, previousId: `sdk-old-${i}` });
}
await analytics.closeAndFlush({ timeout: 20000 });
if (failed.length) {
	console.error(failed.slice(0, 5).join('\n'));
	process.exit(1);
}
