import { memberOf, type CreateTarget } from '../target.ts';
import { createHttpTarget } from './http-target.ts';
import type { Seed } from './seeds.ts';

const path = '/api/mcp';
const ask = (method: string, params: unknown, headers: Record<string, string> = {}): Seed => ({
  ...{ method: 'POST', path, headers },
  json: { jsonrpc: '2.0', id: 1, method, params },
});
const capabilities = { roots: { listChanged: true }, sampling: {} };
const newEvent = {
  ...{ title: 'Review', start: '2026-12-01T10:00', end: '2026-12-01T11:00', attendees: ['ana@alderfinch.example'] },
  ...{ subject: 'Review', timeZone: 'Europe/Lisbon', idempotencyKey: 'a-key-of-the-fuzz' },
};

const seeds: readonly Seed[] = [
  ask('tools/list', {}),
  ask('initialize', { protocolVersion: '2025-06-18', capabilities, clientInfo: { name: 'fuzz', version: '1' } }),
  ask('tools/call', { name: 'whoami', arguments: {} }),
  ask('tools/call', { name: 'help', arguments: {}, _meta: { progressToken: 1 } }),
  ask('tools/call', {
    name: 'calendar_list_events',
    arguments: { start: '2026-12-01', end: '2026-12-02', range: { start: '2026-12-01', end: '2026-12-02' }, limit: 5 },
  }),
  ask('tools/call', { name: 'calendar_create_event', arguments: newEvent }),
  ask('tools/call', { name: 'calendar_create_event', arguments: newEvent }, { 'idempotency-key': 'another-key-of-the-fuzz' }),
  ask('ping', {}),
  ask('resources/list', { cursor: 'x' }),
  { method: 'POST', path, json: { jsonrpc: '2.0', method: 'notifications/initialized' } },
  {
    ...{ method: 'POST', path },
    json: [
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', id: 'two', method: 'tools/list' },
    ],
  },
  { method: 'GET', path },
  { method: 'DELETE', path },
  { method: 'GET', path: '/api/.well-known/oauth-protected-resource/api/mcp' },
];

/** The tools for clients outside, with a right token: what is wrong is said in an error of the protocol. */
export const createMcpTarget: CreateTarget = ({ applicationUrl, tokens }) =>
  createHttpTarget({
    ...{ under: 'application', url: applicationUrl, seeds },
    headers: {
      authorization: `Bearer ${tokens.app}`,
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
    },
    saysWhy: (body, { status, body: text }) =>
      typeof memberOf(body, 'error', 'message') === 'string' ||
      memberOf(body, 'error') === 'not-found' ||
      (status === 404 && text === ''),
  });
