// A terminal and npm pass one Ctrl-C on several times; one that comes later means it.
const oneRequestMs = 1_000;

/** Waits for Ctrl-C or its like. Asked again later, the process ends at once. */
export function untilAskedToEnd(): { asked: Promise<void>; signal: AbortSignal } {
  const asking = new AbortController();
  let askedAt: number | undefined;
  const asked = new Promise<void>((resolve) => {
    const ask = () => {
      if (askedAt !== undefined && performance.now() - askedAt > oneRequestMs) process.exit(1);
      askedAt ??= performance.now();
      asking.abort();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  });
  return { asked, signal: asking.signal };
}
