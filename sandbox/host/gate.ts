/** Lets at most `limit` in at once, in the order they came. */
export function createGate(limit: number): { enter(): Promise<void>; leave(): void } {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async enter() {
      if (inside < limit) {
        inside += 1;
        return;
      }
      // Whoever leaves hands its place over.
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    },
  };
}
