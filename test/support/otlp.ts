import { onTestFinished } from 'vitest';
import { createSandboxContext } from '../../sandbox/kit/context.ts';
import { listen, serveVendor } from '../../sandbox/kit/http.ts';
import { createOtlpCollector } from '../../sandbox/otlp/collector.ts';

/** The stand-in of a collector on a free port, for one test. */
export async function startCollector() {
  const context = createSandboxContext();
  const collector = createOtlpCollector();
  const { port, close } = await listen(serveVendor(context, collector.vendor, '/otlp'));
  onTestFinished(async () => {
    context.clock.stop();
    await close();
  });
  return { context, collector, url: `http://127.0.0.1:${port}/otlp` };
}
