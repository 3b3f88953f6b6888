import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { superviseApplication, type Application } from './application.ts';
import { findFreePort, isFree, PortInUse } from './ports.ts';

const ApplicationFile = z.object({
  sandboxUrl: z.url(),
  environment: z.record(z.string(), z.string()),
  root: z.string().optional(),
});

/** One more application on the vendors of a running sandbox, with the settings that its start wrote down. */
export async function addInstance(options: {
  readonly directory: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly onLine: (line: string) => void;
}): Promise<Application & { readonly url: string }> {
  const { environment, sandboxUrl, root } = read(options.directory);
  await assertRuns(sandboxUrl);
  const port = options.port === 0 ? await findFreePort() : options.port;
  if (!(await isFree(port))) throw new PortInUse(port, 'PORT');
  const url = `http://127.0.0.1:${port}`;
  const application = superviseApplication({
    ...{ url, port, environment, root },
    stateDirectory: join(options.directory, 'host'),
    logFile: join(options.directory, `application-${port}.log`),
    onLine: options.onLine,
  });
  await application.start();
  return { ...application, url };
}

const noSandbox = 'There is no sandbox to join: run `npm start` first.';

function read(directory: string): z.infer<typeof ApplicationFile> {
  try {
    return ApplicationFile.parse(JSON.parse(readFileSync(join(directory, 'application.json'), 'utf8')));
  } catch {
    throw new Error(noSandbox);
  }
}

async function assertRuns(sandboxUrl: string): Promise<void> {
  const response = await fetch(`${sandboxUrl}/sandbox/status`).catch(() => undefined);
  if (!response?.ok) throw new Error(noSandbox);
}
