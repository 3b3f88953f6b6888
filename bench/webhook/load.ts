import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

// Sends signed webhooks, so many at once, each from somebody who wrote before, and prints how long each took, as JSON.
const [url = '', key = '', count = '0', atOnce = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });
const writers = 50;

function bodyOf(index: number): Buffer {
  const lid = String(314159265350000 + (index % writers));
  const id = randomUUID().replaceAll('-', '').toUpperCase().slice(0, 20);
  const phone = `1555030${String(index % writers).padStart(4, '0')}`;
  return Buffer.from(
    JSON.stringify({
      id: `evt_${id.toLowerCase()}`,
      timestamp: Date.now(),
      event: 'message',
      session: 'default',
      me: { id: '15550100000@c.us', pushName: 'Adjutant' },
      payload: {
        id: `false_${lid}@lid_${id}`,
        timestamp: Math.floor(Date.now() / 1_000),
        from: `${lid}@lid`,
        fromMe: false,
        body: 'What is on my calendar tomorrow?',
        hasMedia: false,
        _data: {
          Info: { Chat: `${lid}@lid`, Sender: `${lid}@lid`, SenderAlt: `${phone}@s.whatsapp.net`, AddressingMode: 'lid', ID: id },
        },
      },
      engine: 'GOWS',
    }),
  );
}

function post(index: number): Promise<{ ms: number; status: number }> {
  const body = bodyOf(index);
  const hmac = createHmac('sha512', key).update(body).digest('hex');
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-webhook-hmac': hmac,
      'x-webhook-hmac-algorithm': 'sha512',
      'x-webhook-request-id': randomUUID(),
      'x-webhook-timestamp': String(Date.now()),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve({ ms: performance.now() - startedAt, status: response.statusCode ?? 0 }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const results: { ms: number; status: number }[] = [];
let next = 0;
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    while (next < Number(count)) results.push(await post(next++));
  }),
);
const seconds = (performance.now() - startedAt) / 1_000;
agent.destroy();
const failed = results.filter(({ status }) => status !== 202).map(({ status }) => status);
console.log(JSON.stringify({ times: results.map(({ ms }) => ms), seconds, failed }));
