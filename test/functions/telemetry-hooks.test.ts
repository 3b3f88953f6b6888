import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';
import { createCore } from '../../sandbox/host/core/core.ts';
import { installCore } from '../../sandbox/host/core/install-core.ts';
import { verifies } from '../verifies.ts';

verifies(
  'telemetry:once',
  'with Application Insights the host is told to leave the lines of the worker to the worker',
  async () => {
    const { Values: sample } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as {
      Values: Record<string, string>;
    };
    for (const [name, value] of Object.entries(sample)) vi.stubEnv(name, value);
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', '');
    vi.stubEnv('APPLICATIONINSIGHTS_CONNECTION_STRING', 'InstrumentationKey=00000000-0000-4000-8000-00000000a1a1');
    const core = createCore(() => undefined);
    installCore(core.api);

    await import('../../functions/main.ts');
    await core.runHooks('appStart', {});
    const capabilities = await core.model()?.getCapabilities({});
    await core.runHooks('appTerminate', {});

    expect(capabilities).toMatchObject({ WorkerOpenTelemetryEnabled: 'true' });
  },
);
