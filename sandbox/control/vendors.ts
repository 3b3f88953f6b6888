import { Hono } from 'hono';
import { z } from 'zod';
import { Fault, vendorNames } from '../kit/faults.ts';
import { ScriptedReply } from '../openai/script.ts';
import { parse, readJson, standIn, type Control, type ControlEnv } from './control.ts';

const ModelScript = z.object({ replies: z.array(ScriptedReply).min(1) });
const VendorQuery = z.enum(vendorNames, { error: `vendor: must be one of ${vendorNames.join(', ')}` }).optional();

/** The vendors: what they were sent, how they are to fail, what the model is to say. */
export function vendorRoutes(control: Control): Hono<ControlEnv> {
  const { faults, journal } = control.context;
  const app = new Hono<ControlEnv>();
  app.get('/queues', (c) => c.json(standIn(control, 'servicebus').queues()));
  app.post('/model/script', async (c) => {
    const { replies } = await readJson(c, ModelScript);
    standIn(control, 'openai').script(replies);
    return c.json({});
  });
  app.post('/faults', async (c) => {
    const fault = await readJson(c, Fault);
    standIn(control, fault.vendor);
    faults.add(fault);
    return c.json({});
  });
  app.delete('/faults', (c) => {
    faults.clear();
    return c.json({});
  });
  app.get('/requests', (c) => {
    const vendor = parse(VendorQuery, c.req.query('vendor'));
    return c.json(
      journal
        .entries(vendor)
        .map(({ vendor, at, method, path, headers, body, status }) => ({ vendor, at, method, path, headers, body, status })),
    );
  });
  return app;
}
