import { z } from 'zod';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './child.ts';

/** What is fired at: the stand-ins, and the application's HTTP functions before them, each a process. */
export interface World {
  readonly url: string;
  readonly applicationUrl: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly tokens: { readonly msgraph: string; readonly app: string };
  readonly standIns: Child;
  readonly application: Child;
  close(): Promise<void>;
}

const Ready = z.object({
  url: z.string(),
  applicationUrl: z.string(),
  ports: z.record(z.string(), z.number()),
  environment: z.record(z.string(), z.string()),
  tokens: z.object({ msgraph: z.string(), app: z.string() }),
});

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function startWorld(): Promise<World> {
  // What is fired here is no witness of the vendors' documents.
  const machine = { ...process.env, WITNESS_DIR: '' };
  const standIns = startChild(fileOf('world-process.ts'), { environment: machine });
  try {
    const world = Ready.parse(await standIns.heard('ready'));
    const application = await startApplication(world, machine);
    const close = async () => {
      await application.stop();
      await standIns.stop();
    };
    return { ...world, standIns, application, close };
  } catch (error) {
    await standIns.stop();
    throw error;
  }
}

async function startApplication(world: z.infer<typeof Ready>, machine: NodeJS.ProcessEnv): Promise<Child> {
  const application = startChild(fileOf('../sandbox/host/main.ts'), {
    args: ['--entry', 'fuzz/entry.ts'],
    environment: {
      ...{ PATH: machine['PATH'], ...world.environment, PORT: new URL(world.applicationUrl).port },
      // One account fires all of it: what is read, not how often, is in question here.
      MCP_CALLS_PER_HOUR: '1000000000',
    },
  });
  try {
    await application.printed('Functions host: http');
    return application;
  } catch (error) {
    await application.stop();
    throw error;
  }
}
