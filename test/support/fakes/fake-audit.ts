import type { Audit, AuditLine } from '../../../shared/ports/people.ts';

export interface FakeAudit extends Audit {
  readonly lines: Map<string, AuditLine>;
  failWith(error: Error | undefined): void;
}

export function createFakeAudit(): FakeAudit {
  const lines = new Map<string, AuditLine>();
  let failure: Error | undefined;
  return {
    lines,
    failWith(error) {
      failure = error;
    },
    append(key, line) {
      if (failure) return Promise.reject(failure);
      if (!lines.has(`${line.stream}/${key}`)) lines.set(`${line.stream}/${key}`, line);
      return Promise.resolve();
    },
  };
}
