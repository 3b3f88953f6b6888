import { expect } from 'vitest';
import { verifies } from '../verifies.ts';
import { ana, ben, until, useJourney } from './journey.ts';

const lines: string[] = [];
const journey = useJourney({ onLine: (line) => lines.push(line) });

interface Status {
  readonly app: { readonly pid: number; readonly starts: number };
}
const status = async () => (await journey.get('/sandbox/status')) as Status;
const modelCalls = async () => ((await journey.get('/sandbox/requests?vendor=openai')) as unknown[]).length;

verifies(
  'limits:drain',
  'SIGTERM in mid-turn: the turn ends first, nothing is asked twice, and the next one takes over',
  async () => {
    const { pid, starts } = (await status()).app;
    const before = await modelCalls();
    const slow = { vendor: 'openai', match: { path: '/responses' }, effect: 'delay', delayMs: 1_200, times: 2 };
    await journey.post('/sandbox/faults', slow);
    const asked = await journey.type(ana, 'What is on my calendar tomorrow?');
    await until(isBusy);
    await new Promise((resolve) => setTimeout(resolve, 500));

    process.kill(pid, 'SIGTERM');
    const meanwhile = await journey.type(ben, 'Who am I?');
    const answers = await journey.answersTo(ana, asked);

    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatch(/calendar tomorrow/i);
    expect(await journey.answersTo(ben, meanwhile)).toEqual([expect.stringContaining('Ben Okafor')]);
    const after = await status();
    expect(after.app.starts).toBe(starts + 1);
    expect(after.app.pid).not.toBe(pid);
    // Two for Ana's question, and Ben's: none of them for a second time.
    expect((await modelCalls()) - before).toBeLessThanOrEqual(4);
    expect(lines.filter((line) => /lease-abandoned|send\.repeated|write\.repeated/.test(line))).toEqual([]);

    async function isBusy(): Promise<boolean> {
      const { idle } = (await journey.get('/sandbox/status')) as { idle: boolean };
      return !idle;
    }
  },
);
