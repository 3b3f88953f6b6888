import { createSandboxContext } from '../../../sandbox/kit/context.ts';
import { createServiceBus } from '../../../sandbox/servicebus/service-bus.ts';

/** A broker in a process of its own, to be killed: `node broker-process.ts <directory> <port>`. */
const [directory = '', port = '0'] = process.argv.slice(2);
const queues = [{ name: 'bells', maxDeliveryCount: 3 }];
const { connectionString } = await createServiceBus(createSandboxContext({ directory }), { port: Number(port), queues });
process.send?.(connectionString);
