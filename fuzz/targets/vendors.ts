import type { Answer } from '../shot.ts';
import { memberOf, type CreateTarget } from '../target.ts';
import { createHttpTarget } from './http-target.ts';
import { cosmosSeeds } from './seeds-cosmos.ts';
import { entraSeeds } from './seeds-entra.ts';
import { msgraphSeeds } from './seeds-msgraph.ts';
import { openaiSeeds } from './seeds-openai.ts';
import { controlSeeds, otlpSeeds } from './seeds-sandbox.ts';
import { wahaSeeds } from './seeds-waha.ts';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isNotImplemented = (_body: unknown, { status }: Answer) => status === 501;

// What WAHA itself stumbles over (its TypeErrors), and what its engine says.
const stumbles = /^(Cannot read properties of undefined \(reading '(match|includes)'\)|2 UNKNOWN: )/;

export const createWahaTarget: CreateTarget = ({ url, environment }) =>
  createHttpTarget({
    ...{ under: 'standIns', url: `${url}/waha`, seeds: wahaSeeds },
    headers: { 'x-api-key': environment['WAHA_API_KEY'] ?? '' },
    saysWhy: (body) =>
      isText(memberOf(body, 'message')) || isText(memberOf(body, 'error')) || isText(memberOf(body, 'exception', 'message')),
    isOwnFailure: (body, answer) =>
      isNotImplemented(body, answer) || stumbles.test(String(memberOf(body, 'exception', 'message'))),
  });

export const createMsgraphTarget: CreateTarget = ({ url, tokens }) =>
  createHttpTarget({
    ...{ under: 'standIns', url: `${url}/msgraph`, seeds: msgraphSeeds },
    headers: { authorization: `Bearer ${tokens.msgraph}` },
    saysWhy: (body) => isText(memberOf(body, 'error', 'code')) && isText(memberOf(body, 'error', 'message')),
    isOwnFailure: isNotImplemented,
  });

export const createCosmosTarget: CreateTarget = ({ environment }) => {
  const url = environment['COSMOS_ENDPOINT'] ?? '';
  const headers = {
    authorization: encodeURIComponent('type=aad&ver=1.0&sig=a.b.c'),
    ...{ 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2020-07-15' },
  };
  const target = createHttpTarget({
    ...{ under: 'standIns', url, seeds: cosmosSeeds, headers },
    saysWhy: (body) => isText(memberOf(body, 'code')) && isText(memberOf(body, 'message')),
    isOwnFailure: isNotImplemented,
  });
  // A container of its own, which a mutation may delete as anybody may.
  const container = {
    method: 'POST',
    headers,
    body: JSON.stringify({ id: 'fuzz', partitionKey: { paths: ['/conversationId'], kind: 'Hash' } }),
  };
  return {
    ...target,
    async healthy() {
      await (await fetch(`${url}/dbs/adjutant/colls`, container)).arrayBuffer();
      return target.healthy();
    },
  };
};

export const createOpenaiTarget: CreateTarget = ({ url }) =>
  createHttpTarget({
    ...{ under: 'standIns', url: `${url}/openai`, seeds: openaiSeeds },
    headers: { authorization: 'Bearer a-key' },
    saysWhy: (body) => isText(memberOf(body, 'error', 'message')) && isText(memberOf(body, 'error', 'type')),
  });

export const createEntraTarget: CreateTarget = ({ url, environment }) =>
  createHttpTarget({
    ...{ under: 'standIns', url: `${url}/login`, headers: {}, seeds: entraSeeds(environment) },
    // The token endpoint in JSON, the pages in words.
    saysWhy: (body, { body: text }) =>
      isText(memberOf(body, 'error_description')) || /AADSTS\d+/.test(text) || /does not play/.test(text),
  });

export const createOtlpTarget: CreateTarget = ({ url }) =>
  createHttpTarget({
    ...{ under: 'standIns', url: `${url}/otlp`, headers: {}, seeds: otlpSeeds },
    saysWhy: (body, { status }) => isText(memberOf(body, 'message')) || status === 404,
  });

export const createControlTarget: CreateTarget = ({ url }) =>
  createHttpTarget({
    ...{ under: 'standIns', url, headers: {}, seeds: controlSeeds },
    saysWhy: (body, { status }) => isText(memberOf(body, 'error', 'message')) || status === 404,
  });
