import { Hono } from 'hono';
import { z } from 'zod';
import { ControlError, explain, type Control, type ControlEnv } from './control.ts';
import { eventRoutes } from './events.ts';
import { peopleRoutes } from './people.ts';
import { timeRoutes } from './time.ts';
import { vendorRoutes } from './vendors.ts';

/** The sandbox's own API: what is under /sandbox. Errors are `{"error":{"message"}}`. */
export function createControlApi(control: Control): Hono<ControlEnv> {
  const app = new Hono<ControlEnv>();
  for (const routes of [timeRoutes, peopleRoutes, vendorRoutes, eventRoutes]) app.route('/sandbox', routes(control));
  app.notFound((c) => c.json({ error: { message: `There is no ${c.req.method} ${c.req.path} here.` } }, 404));
  app.onError((error, c) => {
    if (error instanceof ControlError) return c.json({ error: { message: error.message } }, error.status);
    if (error instanceof z.ZodError) return c.json({ error: { message: explain(error) } }, 400);
    return c.json({ error: { message: error.stack ?? error.message } }, 500);
  });
  return app;
}
