/** Takes what was added since it was last asked, oldest first, and how much of it was gone by then. */
export type TakeNew<T> = () => { readonly items: readonly T[]; readonly dropped: number };

/** Keeps the last `max` things for any number of readers, each of which gets each thing once. */
export interface Ring<T> {
  add(item: T): void;
  /** A new reader; it begins with the oldest that is kept. */
  reader(): TakeNew<T>;
}

export function createRing<T>(max: number): Ring<T> {
  const kept: T[] = [];
  let added = 0;
  return {
    add(item) {
      added += 1;
      kept.push(item);
      if (kept.length > max) kept.shift();
    },
    reader() {
      let taken = added - kept.length;
      return () => {
        const first = added - kept.length;
        const dropped = Math.max(0, first - taken);
        const items = kept.slice(taken + dropped - first);
        taken = added;
        return { items, dropped };
      };
    },
  };
}
