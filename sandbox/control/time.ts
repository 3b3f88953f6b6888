import { Hono } from 'hono';
import { z } from 'zod';
import { parse, readJson, type Control, type ControlEnv } from './control.ts';

const tenYearsSeconds = 10 * 366 * 86_400;
const Advance = z.object({ advanceSeconds: z.number().positive('must be more than 0').max(tenYearsSeconds, 'is too far ahead') });
const After = z.coerce.number().int().optional();

/** The state of things, and the clock that the hosts follow. */
export function timeRoutes(control: Control): Hono<ControlEnv> {
  const { clock } = control;
  const describe = ({ version, offsetMs }: { version: number; offsetMs: number }) => ({
    ...{ version, offsetMs },
    now: new Date(control.context.clock.now()).toISOString(),
  });
  const app = new Hono<ControlEnv>();
  app.get('/status', (c) => c.json(control.status()));
  app.get('/clock', async (c) => {
    const after = parse(After, c.req.query('after'));
    if (after === undefined) return c.json(describe(clock.state()));
    return c.json(describe(await clock.poll({ after, signal: c.req.raw.signal, socket: c.env.incoming.socket })));
  });
  app.post('/clock', async (c) => {
    const { advanceSeconds } = await readJson(c, Advance);
    return c.json(describe(await clock.advance(advanceSeconds * 1_000)));
  });
  return app;
}
