/** What was asked of documents, query plans and the account's metadata left out. */
export interface RequestUnits {
  readonly requests: number;
  readonly units: number;
}

export interface Meter {
  add(charge: number): void;
  read(): RequestUnits;
  reset(): void;
}

export function createMeter(): Meter {
  let [requests, units] = [0, 0];
  return {
    add(charge) {
      requests += 1;
      units += charge;
    },
    read: () => ({ requests, units: Math.round(units * 100) / 100 }),
    reset: () => void ([requests, units] = [0, 0]),
  };
}
