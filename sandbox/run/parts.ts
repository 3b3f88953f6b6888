import type { SandboxContext } from '../kit/context.ts';
import type { Application } from './application.ts';
import type { Environment } from './environment.ts';
import type { OpenPorts } from './open-ports.ts';
import type { SandboxOptions } from './options.ts';
import type { Replaceable } from './real-vendors.ts';
import type { StandIns } from './stand-ins.ts';
import type { StateFolder } from './state-folder.ts';

/** What was started, for whoever puts it together. */
export interface Parts {
  readonly options: SandboxOptions;
  readonly context: SandboxContext;
  readonly open: OpenPorts;
  readonly state: StateFolder;
  readonly real: ReadonlyMap<Replaceable, string>;
  readonly standIns: StandIns;
  readonly environment: Environment;
  readonly application: Application;
  /** One more instance of the application. */
  another(): Promise<Application & { readonly url: string }>;
  /** Adds what is to be ended, before all that was added earlier. */
  onClose(closer: () => unknown): void;
  close(): Promise<void>;
}
