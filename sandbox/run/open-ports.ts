import { findFreePort, isFree, PortInUse } from './ports.ts';
import { startServer, type SandboxServer } from './server.ts';

/** The two ports that people know. */
export interface OpenPorts {
  readonly server: SandboxServer;
  readonly url: string;
  readonly applicationPort: number;
  readonly applicationUrl: string;
}

/** Takes the sandbox's port and makes sure of the application's; 0 is any. @throws {PortInUse} */
export async function openPorts(port: number, applicationPort: number): Promise<OpenPorts> {
  const server = await startServer(port);
  if (applicationPort !== 0 && !(await isFree(applicationPort))) {
    await server.close();
    throw new PortInUse(applicationPort, 'PORT');
  }
  const taken = applicationPort === 0 ? await findFreePort() : applicationPort;
  const url = `http://127.0.0.1:${server.port}`;
  return { server, url, applicationPort: taken, applicationUrl: `http://127.0.0.1:${taken}` };
}
