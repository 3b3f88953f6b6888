import { onTestFinished } from 'vitest';
import { createClockFollowers } from '../../../sandbox/control/clock-followers.ts';
import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { listen } from '../../../sandbox/kit/http.ts';
import { createOpenai } from '../../../sandbox/openai/openai.ts';
import { createOtlpCollector } from '../../../sandbox/otlp/collector.ts';
import { startServer } from '../../../sandbox/run/server.ts';
import { organisation } from '../../../sandbox/seed/organisation.ts';
import { people } from '../../../sandbox/seed/people.ts';
import { createWaha } from '../../../sandbox/waha/waha.ts';
import { createApplication } from './application.ts';

export const [ana, ben] = ['+15550100001', '+15550100002'];
export const eva = '+15550100009';

/** The sandbox's server with the vendors that the page shows, and something in the application's place. */
export async function startPage(options: { answer?: (text: string) => string } = {}) {
  const context = createSandboxContext();
  const server = await startServer(0);
  const url = `http://127.0.0.1:${server.port}`;
  const answer = options.answer ?? ((text: string) => `You wrote: ${text}`);
  const application = await listen(createApplication({ context, sandboxUrl: () => url, answer }));
  const waha = createWaha(context, {
    ...{ apiKey: 'page-test-key', wahaSession: 'default', people, baseUrl: `${url}/waha`, account: organisation.assistant },
    webhook: { url: `http://127.0.0.1:${application.port}/`, events: ['message'], hmacKey: 'key' },
  });
  const openai = createOpenai(context);
  const otlp = createOtlpCollector();
  const clock = createClockFollowers(context.clock, () => undefined);
  const status = () => ({
    ...{ ready: true, idle: true, clock: '', app: { pid: null, starts: 0 }, ports: {}, webhook: null },
  });
  server.open({ context, standIns: { waha, openai, otlp }, people, clock, status });
  onTestFinished(async () => {
    clock.stop();
    context.clock.stop();
    await waha.close();
    await application.close();
    await server.close();
  });
  return { url, context, waha, openai };
}

export type StartedPage = Awaited<ReturnType<typeof startPage>>;

/** The assistant writes by itself. */
export const assistantWrites = ({ url }: StartedPage, phone: string, text: string): Promise<void> =>
  post(`${url}/waha/api/sendText`, { chatId: `${phone.slice(1)}@c.us`, text });

export const assistantTypes = ({ url }: StartedPage, phone: string): Promise<void> =>
  post(`${url}/waha/api/startTyping`, { chatId: `${phone.slice(1)}@c.us` });

async function post(url: string, body: Record<string, string>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'page-test-key' },
    body: JSON.stringify({ session: 'default', ...body }),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
