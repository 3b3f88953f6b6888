import { DateTime } from 'luxon';
import { ana, chloe, until, type Journey } from './journey.ts';
import { connectAs, mcpUrl, post } from './mcp-client.ts';

const trace = 'd'.repeat(32);
const parent = 'e'.repeat(16);

/** The trace that the client of `useOtherDoors` says it is in, and its own span there. */
export const clientTrace = { traceId: trace, spanId: parent } as const;

/** What only these doors were told, to be found nowhere afterwards. */
const wish = { subject: 'Farewell dinner of Yvonne', attendees: ['yvonne@elsewhere.example'], idempotencyKey: 'wish-for-yvonne' };
export const toldAtOtherDoors = [wish.subject, 'Farewell', 'Yvonne', ...wish.attendees, 'yvonne', wish.idempotencyKey];

/** What is no question in a chat: a booking over MCP with somebody outside, a token that is none, and an erasure. */
export async function useOtherDoors(journey: Journey): Promise<void> {
  const day = DateTime.now().setZone('Europe/Lisbon').plus({ days: 3 });
  const at = (hour: number) => day.set({ hour, minute: 0 }).toFormat("yyyy-MM-dd'T'HH:mm");
  const client = await connectAs(journey, ana, { traceparent: `00-${trace}-${parent}-01` });
  const given = { ...wish, start: at(19), end: at(20) };
  const { structuredContent } = await client.callTool({ name: 'calendar_create_event', arguments: given });
  if ((structuredContent as { status?: unknown }).status !== 'confirmation-required') throw new Error('Nobody was asked');
  await until(async () => (await journey.shown(ana, '')).some(({ text }) => text.includes(wish.subject)));
  const { status } = await post(mcpUrl(journey), '{}', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' });
  if (status !== 401) throw new Error(`A token that is none was answered ${status}`);
  const [answer = ''] = await journey.ask(chloe, 'ERASE EVERYTHING');
  if (!answer.startsWith('Done')) throw new Error(`Nothing was erased: ${answer}`);
}
