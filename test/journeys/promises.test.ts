import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, ben, chloe, until, useJourney } from './journey.ts';

const lines: string[] = [];
const journey = useJourney({ onLine: (line) => lines.push(line) });

interface Recorded {
  readonly vendor: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const requests = async (vendor: string) => (await journey.get(`/sandbox/requests?vendor=${vendor}`)) as Recorded[];

verifies('conversation:cost', 'a turn without writes costs at most 12 Cosmos requests and 100 request units', async () => {
  await journey.ask(chloe, 'Who am I?'); // the webhook's and the keys' caches are warm, as they are in any second turn
  const { cosmos, waha } = journey.sandbox();
  // A phone that is away: the acks of delivery and reading are the messenger's, not the turn's.
  waha.setPhone(chloe, { online: false });
  cosmos.resetRequestUnits();

  const sent = () =>
    journey
      .sandbox()
      .context.journal.entries('waha')
      .filter(({ path }) => path === '/api/sendText').length;
  const before = sent();

  await journey.type(chloe, 'What is on my calendar tomorrow?');
  await until(() => sent() > before);
  await journey.sandbox().waitUntilIdle(10_000);

  const { requests: count, units } = cosmos.requestUnits();
  expect(count).toBeLessThanOrEqual(12);
  expect(units).toBeLessThanOrEqual(100);
  waha.setPhone(chloe, { online: true });
});

verifies('conversation:burst', 'what is written while a turn is under way is one turn, in order', async () => {
  await journey.post('/sandbox/faults', { vendor: 'openai', match: { path: '/responses' }, effect: 'delay', delayMs: 2_000 });
  const first = await journey.type(ben, 'Hello there');
  await new Promise((resolve) => setTimeout(resolve, 700));

  for (const text of ['Who am I?', 'And what can you do?', 'Thank you']) await journey.type(ben, text);
  const answers = await journey.answersTo(ben, first);

  expect(answers).toHaveLength(2);
  const asked = (await requests('openai')).map(({ body }) => body).find((body) => body.includes('Thank you')) ?? '';
  const order = ['Who am I?', 'And what can you do?', 'Thank you'].map((text) => asked.lastIndexOf(text));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(Math.min(...order)).toBeGreaterThan(0);
});

verifies(['conversation:encrypted', 'application:logs-clean'], 'no text, name or number leaves in the clear', async () => {
  const secret = 'Book a zebra inspection with ben@alderfinch.example tomorrow at 4pm';
  await journey.ask(ana, secret);

  const stored = [...(await requests('cosmos')), ...(await requests('postgres')), ...(await requests('servicebus'))]
    .map(({ body, headers }) => body + JSON.stringify(headers))
    .join('\n');
  const spans = JSON.stringify(journey.sandbox().collector.spans());
  const leaks = [/zebra/i, /15550100001/, /271828182845901/, /ana@alderfinch/i, /ribeiro/i];

  expect(stored).toContain('"sealed"');
  expect(spans).toContain('communication');
  for (const [where, text] of Object.entries({ stored, spans, logs: lines.join('\n') })) {
    expect(leaks.filter((leak) => leak.test(text)).map(String), where).toEqual([]);
  }
});
