import type { SandboxContext } from '../kit/context.ts';
import { meInfo, type MeInfo } from './envelope.ts';
import { refusal, sessionUnknown, statusBody, WahaRefusal } from './errors.ts';
import type { SessionStatus } from './model.ts';
import type { Settings } from './options.ts';
import type { Tasks } from './tasks.ts';

export interface WahaSession {
  status(): SessionStatus;
  /** The last three. */
  statuses(): readonly { status: SessionStatus; timestamp: number }[];
  me(): MeInfo | null;
  set(status: SessionStatus): void;
  start(): void;
  stop(): void;
  restart(): void;
  /** Unpairs the device: the next start asks for the QR code. */
  logout(): void;
  /**
   * Waits for one of the `expected` states, as WAHA does before it refuses.
   * @throws {WahaRefusal} 422
   */
  expect(name: string, expected: readonly SessionStatus[]): Promise<void>;
  listen(listener: (status: SessionStatus) => void): () => void;
}

const connectMs = 500;

export function createSession(context: SandboxContext, settings: Settings, tasks: Tasks): WahaSession {
  const listeners = new Set<(status: SessionStatus) => void>();
  let statuses: { status: SessionStatus; timestamp: number }[] = [{ status: 'WORKING', timestamp: context.clock.now() }];
  let me: MeInfo | null = meInfo(settings);
  let paired = true;

  const status = (): SessionStatus => statuses.at(-1)?.status ?? 'STOPPED';

  const set = (next: SessionStatus) => {
    if (next === 'STARTING') statuses = [];
    statuses = [...statuses, { status: next, timestamp: context.clock.now() }].slice(-3);
    if (next === 'WORKING') {
      paired = true;
      me = meInfo(settings);
    }
    // A stopped or failed session keeps telling who it last was.
    if (next === 'STARTING' || next === 'SCAN_QR_CODE') me = null;
    for (const listener of [...listeners]) listener(next);
  };

  const connect = () => {
    set('STARTING');
    tasks.after(connectMs, () => {
      if (status() === 'STARTING') set(paired ? 'WORKING' : 'SCAN_QR_CODE');
    });
  };

  const listen = (listener: (status: SessionStatus) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  return {
    status,
    statuses: () => statuses,
    me: () => me,
    set,
    listen,
    start() {
      if (status() !== 'STOPPED' && status() !== 'FAILED') {
        throw refusal(422, `Session '${settings.wahaSession}' is already started.`);
      }
      connect();
    },
    stop: () => set('STOPPED'),
    restart() {
      set('STOPPED');
      connect();
    },
    logout() {
      paired = false;
      me = null;
      set('STOPPED');
    },
    async expect(name, expected) {
      if (name !== settings.wahaSession) throw sessionUnknown(name);
      if (expected.includes(status())) return;
      const waitMs = status() === 'STOPPED' ? settings.statusWaitMs / 2 : settings.statusWaitMs;
      const reached = await reaches({ tasks, listen, waitMs }, expected);
      if (!reached) throw new WahaRefusal(422, statusBody(name, status(), expected));
    },
  };
}

function reaches(
  { tasks, listen, waitMs }: { tasks: Tasks; listen: WahaSession['listen']; waitMs: number },
  expected: readonly SessionStatus[],
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (reached: boolean) => {
      forget();
      timer.cancel();
      resolve(reached);
    };
    const timer = tasks.after(waitMs, () => end(false));
    const forget = listen((next) => {
      if (expected.includes(next)) end(true);
    });
  });
}
