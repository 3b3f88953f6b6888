import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Of several hosts on one state directory one runs the timers, as with the real host's blob lease. The others look
 * again every `retryMs` and take over when the holder's process is gone.
 */
export function becomeTimerHost(
  directory: string | undefined,
  options: { retryMs: number; onTaken: () => void },
): { release(): void } {
  if (directory === undefined) {
    options.onTaken();
    return { release: () => undefined };
  }
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'timers.lock');
  let held = false;
  let timer: NodeJS.Timeout | undefined;
  const tryOnce = () => {
    held = take(path);
    if (held) options.onTaken();
    else timer = setTimeout(tryOnce, options.retryMs);
  };
  tryOnce();
  return {
    release() {
      clearTimeout(timer);
      if (held) rmSync(path, { force: true });
      held = false;
    },
  };
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAlive(readHolder(path))) return false;
    rmSync(path, { force: true });
    return take(path);
  }
}

function readHolder(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // No right to signal it: it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
