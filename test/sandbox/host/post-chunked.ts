import { request as openRequest } from 'node:http';

/** Posts a body without saying how long it is; answers the text of the answer. */
export function postChunked(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = openRequest(url, { method: 'POST', headers: { 'transfer-encoding': 'chunked', ...headers } });
    request.once('error', reject);
    request.once(
      'response',
      (response) =>
        void response
          .setEncoding('utf8')
          .toArray()
          .then((parts) => resolve(parts.join(''))),
    );
    request.end(body);
  });
}
