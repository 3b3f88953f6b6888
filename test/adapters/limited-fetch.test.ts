import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { limitFetch } from '../../shared/adapters/limited-fetch.ts';
import { requestJson } from '../../shared/adapters/request-json.ts';
import { verifies } from '../verifies.ts';

const mebibyte = Buffer.alloc(1024 * 1024, ' ');

async function startAnswering(answer: (response: ServerResponse, path: string) => void) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(response, request.url ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const limited = limitFetch(globalThis.fetch, { vendor: 'waha', slots: 1, waitMs: 50 });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths, limited };
}

verifies('limits:bodies', 'an answer of a vendor without an end is let go, announced or not, and its slot is free', async () => {
  const { url, limited } = await startAnswering((response, path) => {
    response.setHeader('content-type', 'application/json');
    if (path === '/announced') response.setHeader('content-length', 17 * mebibyte.length);
    if (path === '/short') return response.end('{}');
    const more = () => {
      while (!response.destroyed && response.write(mebibyte));
    };
    response.on('drain', more);
    more();
    return undefined;
  });
  const ask = (path: string) => requestJson(limited, { vendor: 'waha', url: `${url}${path}`, timeoutMs: 5_000 });

  for (const path of ['/announced', '/endless']) {
    await expect(ask(path), path).rejects.toMatchObject({
      code: 'upstream',
      maybeDone: true,
      message: expect.stringContaining('more than') as string,
    });
  }
  expect(await ask('/short')).toMatchObject({ body: {} });
});

verifies('limits:bodies', 'a vendor that sends us elsewhere is not followed, whoever asks', async () => {
  const { url, paths, limited } = await startAnswering((response) => response.writeHead(307, { location: '/elsewhere' }).end());

  const answer = limited(url, { method: 'POST', body: '{}', redirect: 'follow' });

  await expect(answer).rejects.toThrow('fetch failed');
  expect(paths).toEqual(['/']);
});
