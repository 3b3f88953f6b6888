import { startSandbox } from '../sandbox/run/sandbox.ts';

/** Every stand-in in a process of its own, in memory: whoever fires at them sees it hang or die. */
const sandbox = await startSandbox({ withApplication: false });
const { url, applicationUrl, ports, environment } = sandbox;
const tokens = {
  msgraph: await sandbox.entra.issueToken({ phoneOrEmail: 'ana@alderfinch.example', audience: 'msgraph' }),
  app: await sandbox.entra.issueToken({ phoneOrEmail: 'ana@alderfinch.example', audience: 'app' }),
};
process.send?.({ kind: 'ready', url, applicationUrl, ports, environment, tokens });
