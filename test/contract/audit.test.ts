import { expect } from 'vitest';
import { AuditLine, type Audit } from '../../shared/ports/people.ts';
import { createFakeAudit } from '../support/fakes/fake-audit.ts';
import { verifies } from '../verifies.ts';
import { startCosmosStores } from './store-implementations.ts';

interface Started {
  readonly audit: Audit;
  /** The lines of a stream, by key. */
  lines(stream: string): Promise<Record<string, AuditLine>>;
}

const implementations: Readonly<Record<string, () => Promise<Started>>> = {
  memory: () => {
    const audit = createFakeAudit();
    const lines = (stream: string) => [...audit.lines].filter(([, line]) => line.stream === stream);
    const keyOf = (id: string) => id.slice(id.indexOf('/') + 1);
    return Promise.resolve({
      audit,
      lines: (stream) => Promise.resolve(Object.fromEntries(lines(stream).map(([id, line]) => [keyOf(id), line]))),
    });
  },
  cosmos: async () => {
    const { audit, cosmos } = await startCosmosStores();
    return {
      audit,
      async lines(stream) {
        const container = cosmos.container('audit');
        const { resources } = await container.items.query<{ id: string }>('SELECT * FROM c', { partitionKey: stream }).fetchAll();
        return Object.fromEntries(resources.map((document) => [document.id, AuditLine.parse(document)]));
      },
    };
  },
};

const line: AuditLine = {
  ...{ stream: 'acme:people', workspace: 'acme', at: 1, what: 'person.linked', who: 'p1' },
  detail: { attempts: 2, tool: 'calendar_create_event' },
};

for (const [name, start] of Object.entries(implementations)) {
  verifies('adapters:audit', `${name}: the same key is the same line, whatever the second one says`, async () => {
    const { audit, lines } = await start();

    await audit.append('k1', line);
    await audit.append('k1', { ...line, at: 2 });
    await audit.append('k2', { ...line, what: 'person.erased' });

    expect(await lines('acme:people')).toEqual({ k1: line, k2: { ...line, what: 'person.erased' } });
  });

  verifies('adapters:audit', `${name}: each stream has its own lines`, async () => {
    const { audit, lines } = await start();

    await audit.append('k1', line);
    await audit.append('k1', { ...line, stream: 'acme:calls' });

    expect([await lines('acme:people'), await lines('acme:calls'), await lines('acme:none')]).toEqual([
      { k1: line },
      { k1: { ...line, stream: 'acme:calls' } },
      {},
    ]);
  });
}
