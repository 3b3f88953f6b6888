import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { finished } from 'node:stream/promises';

/** What became of one POST; `undefined` where the connection broke. */
export interface PostOutcome {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
}

export interface PostClient {
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<PostOutcome>;
  close(): void;
}

// WAHA posts with axios: its follow-redirects gives up after 21.
const maxRedirects = 21;

/** Posts as axios does: no time limit, connections kept alive, redirects followed, certificates not checked. */
export function createPostClient(): PostClient {
  const agent = new Agent({ keepAlive: true });
  const tlsAgent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });
  const open = new Set<{ destroy(): void }>();

  const send = (url: URL, method: string, content: { headers: Readonly<Record<string, string>>; body: string }) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method,
        headers: content.headers,
        agent: secure ? tlsAgent : agent,
      });
      open.add(outgoing);
      outgoing.once('close', () => open.delete(outgoing));
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
      outgoing.end(content.body);
    });

  const follow = async (start: string, headers: Readonly<Record<string, string>>, body: string): Promise<PostOutcome> => {
    let [url, method, content] = [new URL(start), 'POST', { headers, body }];
    for (let count = 0; count <= maxRedirects; count += 1) {
      const answer = await send(url, method, content);
      // Its body is ignored.
      await finished(answer.resume());
      const status = answer.statusCode ?? 0;
      const location = answer.headers.location;
      if (status < 300 || status > 399 || location === undefined) {
        return { status, retryAfter: answer.headers['retry-after'] };
      }
      url = new URL(location, url);
      // The body is lost here, and a 200 of the target counts as delivered: the trap of a redirect.
      if (status === 303 || ((status === 301 || status === 302) && method === 'POST')) {
        method = 'GET';
        content = { headers: withoutContent(headers), body: '' };
      }
    }
    throw new Error('Maximum number of redirects exceeded');
  };

  return {
    post: (url, headers, body) => follow(url, headers, body).catch(() => ({ status: undefined, retryAfter: undefined })),
    close() {
      for (const outgoing of open) outgoing.destroy();
      agent.destroy();
      tlsAgent.destroy();
    },
  };
}

function withoutContent(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)));
}
