import { createCosmos, type Cosmos } from '../cosmos/cosmos.ts';
import { createEntra, type Entra } from '../entra/entra.ts';
import type { SandboxContext } from '../kit/context.ts';
import { createMsgraph, type Msgraph } from '../msgraph/msgraph.ts';
import { createOpenai, type Openai } from '../openai/openai.ts';
import { createOtlpCollector, type OtlpCollector } from '../otlp/collector.ts';
import { createPostgres, type Postgres } from '../postgres/postgres.ts';
import { organisation } from '../seed/organisation.ts';
import type { SeedPerson } from '../seed/people.ts';
import { createServiceBus, type ServiceBus } from '../servicebus/service-bus.ts';
import { createStorage, type Storage } from '../storage/storage.ts';
import { createWaha, type Waha } from '../waha/waha.ts';
import { containers } from './containers.ts';
import type { VendorPorts } from './ports.ts';
import type { Replaceable } from './real-vendors.ts';

/** The vendors that are played; what is left out is real. */
export interface StandIns {
  readonly waha?: Waha | undefined;
  readonly msgraph?: Msgraph | undefined;
  readonly entra?: Entra | undefined;
  readonly openai?: Openai | undefined;
  readonly cosmos?: Cosmos | undefined;
  readonly servicebus?: ServiceBus | undefined;
  readonly postgres?: Postgres | undefined;
  readonly storage?: Storage | undefined;
  readonly otlp?: OtlpCollector | undefined;
}

export interface StandInOptions {
  readonly real: ReadonlyMap<Replaceable, string>;
  readonly ports: VendorPorts;
  readonly sandboxUrl: string;
  readonly applicationUrl: string;
  /** Where people reach the application: what Entra sends them back to. */
  readonly publicUrl: string;
  readonly people: readonly SeedPerson[];
  readonly bellLockMs: number;
  readonly staleReadMs: number | undefined;
}

/** Starts every vendor that is not real; where one fails, those that came up are ended again. */
export async function createStandIns(context: SandboxContext, options: StandInOptions): Promise<StandIns> {
  const { real, ports, people } = options;
  const unlessReal = <T>(vendor: Replaceable, create: () => T): T | undefined => (real.has(vendor) ? undefined : create());
  const start = async <T>(vendor: Replaceable, create: () => Promise<T>): Promise<T | undefined> => unlessReal(vendor, create);
  const bells = { name: 'bells', lockDurationMs: options.bellLockMs, maxDeliveryCount: 100 };
  const { database, key } = organisation.cosmos;
  const { blob: blobPort, queue: queuePort, table: tablePort } = ports;

  const starting = [
    start('servicebus', () => createServiceBus(context, { port: ports.servicebus, queues: [bells] })),
    start('cosmos', () =>
      createCosmos(context, { port: ports.cosmos, key, database, containers, staleReadMs: options.staleReadMs }),
    ),
    start('postgres', () => createPostgres(context, { port: ports.postgres })),
    start('storage', () => createStorage(context, { blobPort, queuePort, tablePort })),
  ] as const;
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(settled.map(async (result) => (result.status === 'fulfilled' ? result.value?.close() : undefined)));
    throw failed.reason;
  }
  const [servicebus, cosmos, postgres, storage] = await Promise.all(starting);

  const entra = unlessReal('entra', () => createEntraStandIn(context, options));
  return {
    ...{ servicebus, cosmos, postgres, storage, entra },
    waha: unlessReal('waha', () => createWahaStandIn(context, options)),
    msgraph: unlessReal('msgraph', () =>
      createMsgraph(context, { people, verifyToken: (token) => entra?.verify(token, 'msgraph') }),
    ),
    openai: unlessReal('openai', () => createOpenai(context)),
    otlp: unlessReal('otlp', () => createOtlpCollector()),
  };
}

function createEntraStandIn(context: SandboxContext, { sandboxUrl, publicUrl, people }: StandInOptions): Entra {
  const { tenantId, clientId, clientSecret } = organisation;
  return createEntra(context, {
    tenantId,
    people,
    baseUrl: `${sandboxUrl}/login`,
    clients: [
      {
        ...{ clientId, clientSecret },
        name: `Adjutant at ${organisation.name}`,
        redirectUris: [`${publicUrl.replace(/\/$/, '')}/api/sign-in/callback`],
        appRoles: ['Admin', 'Staff'],
      },
    ],
  });
}

function createWahaStandIn(context: SandboxContext, { sandboxUrl, applicationUrl, people }: StandInOptions): Waha {
  const { apiKey, wahaSession, hmacKey } = organisation.waha;
  return createWaha(context, {
    ...{ apiKey, wahaSession, people },
    baseUrl: `${sandboxUrl}/waha`,
    account: organisation.assistant,
    webhook: {
      url: webhookUrl(applicationUrl),
      hmacKey,
      events: ['message', 'message.ack', 'session.status'],
      retries: { policy: 'exponential', delaySeconds: 2, attempts: 12 },
    },
  });
}

export const webhookUrl = (applicationUrl: string): string => `${applicationUrl}/api/webhooks/whatsapp`;

export async function closeStandIns({ waha, servicebus, cosmos, postgres, storage }: StandIns): Promise<void> {
  await waha?.close();
  await Promise.all([servicebus?.close(), cosmos?.close(), postgres?.close(), storage?.close()]);
}
