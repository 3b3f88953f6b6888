import { expect } from 'vitest';
import { requestJson } from '../../shared/adapters/request-json.ts';
import { redact } from '../../shared/telemetry/index.ts';
import { busySince } from '../support/busy-since.ts';
import { verifies } from '../verifies.ts';

verifies('telemetry:no-personal-data', 'addresses, numbers and keys are taken out wherever they stand in a line', () => {
  expect(redact('from <ana@alderfinch.example>, +1 (555) 010-0001: Bearer abc.def')).toBe('from <[address]>, [number]: [secret]');
  expect(redact(`${'1'.repeat(40)} and 3f9a2c1d55501000017`)).toBe('[number] and 3f9a2c1d55501000017');
  expect(redact(`${'x'.repeat(2_000)}@evil.example`)).not.toContain('@');
});

verifies('limits:long-texts', 'a line of the log: long and odd texts are read in no time', () => {
  const busy = busySince();

  for (const part of ['x', '1', '+', '.1-', '1 ', '@', 'sig=', '/sign-in/', ' '])
    redact(`${part.repeat(32_000).slice(0, 32_000)}x`);

  expect(busy()).toBeLessThan(2_000);
});

verifies('limits:long-texts', 'a path with a long name in it is told of in no time, and without the name', async () => {
  const path = `/v1.0/users/${'x'.repeat(100_000)}%40guest.example/${'a'.repeat(100_000)}/+15550100001/550e8400`;
  const fetch = () => Promise.resolve(Response.json({}, { status: 404 }));
  const busy = busySince();

  const failing = requestJson(fetch, { vendor: 'msgraph', url: `http://graph.example${path}`, timeoutMs: 1_000 });

  await expect(failing).rejects.toThrow(`msgraph GET /v1.0/users/…/${'a'.repeat(100_000)}/…/550e8400`);
  expect(busy()).toBeLessThan(2_000);
});
