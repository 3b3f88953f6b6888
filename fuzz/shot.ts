import { Agent, request as openRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Headers } from './mutate/headers.ts';

/** One request as it is sent. */
export interface Shot {
  /** What was done to it. */
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Bytes into a socket, piece by piece. */
export interface RawShot {
  readonly label: string;
  readonly port: number;
  readonly pieces: readonly Buffer[];
}

export interface Answer {
  /** `hung`: it was not answered in time; `closed`: the connection ended without an answer. */
  readonly status: number | 'hung' | 'closed';
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly tookMs: number;
}

const unanswered = (status: 'hung' | 'closed', tookMs: number): Answer => ({ status, headers: {}, body: '', tookMs });

export const createAgent = (connections: number): Agent => new Agent({ keepAlive: true, maxSockets: connections });

export function send(shot: Shot, { url, agent, timeoutMs }: { url: string; agent: Agent; timeoutMs: number }): Promise<Answer> {
  const { hostname, port, pathname } = new URL(url);
  const startedAt = performance.now();
  const took = () => performance.now() - startedAt;
  return new Promise((resolve) => {
    const bodyless = shot.method === 'GET' || shot.method === 'HEAD';
    const request = openRequest({
      ...{ hostname, port, agent, method: shot.method, path: `${pathname === '/' ? '' : pathname}${shot.path}` },
      headers: { ...shot.headers, ...(bodyless ? {} : { 'content-length': String(shot.body.length) }) },
    });
    const timer = setTimeout(() => {
      resolve(unanswered('hung', took()));
      request.destroy();
    }, timeoutMs);
    request.once('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('close', () => {
        clearTimeout(timer);
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8'), tookMs: took() });
      });
    });
    request.once('error', () => {
      clearTimeout(timer);
      resolve(unanswered('closed', took()));
    });
    if (bodyless) request.end();
    else request.end(shot.body);
  });
}

// A server that waits for more of what was cut short is right to do so.
const quietMs = 150;

/** Writes the pieces and reads what comes back until it is quiet; `closed` where the other end hung up. */
export function sendRaw({ port, pieces }: RawShot): Promise<Answer & { readonly bytes: Buffer }> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (status: number | 'closed') => {
      clearTimeout(timer);
      socket.destroy();
      const bytes = Buffer.concat(chunks);
      resolve({ status, headers: {}, body: bytes.toString('latin1'), bytes, tookMs: performance.now() - startedAt });
    };
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      for (const piece of pieces) socket.write(piece);
    });
    let timer = setTimeout(() => end(0), quietMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => end(0), quietMs);
    });
    socket.once('error', () => end('closed'));
    socket.once('close', () => end('closed'));
  });
}
