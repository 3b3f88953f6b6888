/** Time of the whole process, which can be moved against real time. */
export interface ProcessClock {
  offsetMs(): number;
  setOffset(offsetMs: number): void;
  /** Puts the real Date back. */
  uninstall(): void;
}

/**
 * Replaces the global Date by one that adds an offset where it reads the clock: `Date.now()`, `new Date()` and `Date()`.
 * `performance.now()`, timers and dates made from a value are as ever.
 */
export function installClock(): ProcessClock {
  const RealDate = Date;
  let offset = 0;
  const now = () => RealDate.now() + offset;
  const ShiftedDate = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget: new () => Date) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
  globalThis.Date = ShiftedDate;
  RealDate.prototype.constructor = ShiftedDate;
  return {
    offsetMs: () => offset,
    setOffset: (offsetMs) => void (offset = offsetMs),
    uninstall() {
      globalThis.Date = RealDate;
      RealDate.prototype.constructor = RealDate;
    },
  };
}
