import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveControl } from '../control/serve-control.ts';
import type { Control } from '../control/control.ts';
import { listen, serveVendor, writeResponse, type HttpVendor } from '../kit/http.ts';
import { servePage } from '../page/serve-page.ts';
import { PortInUse } from './ports.ts';
import type { StandIns } from './stand-ins.ts';

type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export interface SandboxServer {
  readonly port: number;
  /** From now on requests are answered; before, with 503. */
  open(control: Control): void;
  /** Whether a call of a vendor is open. The collector is none: telling what happened is not happening. */
  busy(): boolean;
  close(): Promise<void>;
}

/** The one HTTP server of the sandbox. @throws {PortInUse} */
export async function startServer(port: number): Promise<SandboxServer> {
  let openCalls = 0;
  let route: (path: string) => NodeHandler = () => (_incoming, outgoing) => notYet(outgoing);
  const counted =
    (handle: NodeHandler): NodeHandler =>
    async (incoming, outgoing) => {
      openCalls += 1;
      try {
        await handle(incoming, outgoing);
      } finally {
        openCalls -= 1;
      }
    };
  const server = await listen(async (incoming, outgoing) => {
    const [path = '/'] = (incoming.url ?? '/').split('?');
    try {
      await route(path)(incoming, outgoing);
    } catch {
      outgoing.destroy(); // the connection broke
    }
  }, port).catch((error: unknown) => {
    throw isPortInUse(error) ? new PortInUse(port, 'SANDBOX_PORT') : error;
  });
  return {
    port: server.port,
    open(control) {
      const vendors = mountsOf(control.standIns).map(([prefix, vendor]): [string, NodeHandler] => {
        const handle = serveVendor(control.context, vendor, prefix);
        return [prefix, vendor.vendor === 'otlp' ? handle : counted(handle)];
      });
      const mounts = [...vendors, ['/sandbox', serveControl(control)] as const];
      const { waha, otlp: collector } = control.standIns;
      const page = servePage({ journal: control.context.journal, collector, waha });
      route = (path) => mounts.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1] ?? page;
    },
    busy: () => openCalls > 0,
    close: server.close,
  };
}

function mountsOf({ waha, msgraph, entra, openai, otlp }: StandIns): [string, HttpVendor][] {
  const mounts: [string, { readonly vendor: HttpVendor } | undefined][] = [
    ['/waha', waha],
    ['/msgraph', msgraph],
    ['/login', entra],
    ['/openai', openai],
    ['/otlp', otlp],
  ];
  return mounts.flatMap(([prefix, standIn]) => (standIn ? [[prefix, standIn.vendor]] : []));
}

async function notYet(outgoing: ServerResponse): Promise<void> {
  await writeResponse(outgoing, Response.json({ error: { message: 'The sandbox is starting.' } }, { status: 503 }));
}

export const isPortInUse = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
