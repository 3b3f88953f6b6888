import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { createRemoteServer } from './mcp-remote.ts';

// Far more than the arguments of any tool; nobody has read more of a request than this when it is refused.
const maxBodyBytes = 256 * 1_024;

/** A JSON-RPC error that answers no request of the caller's in particular. */
export function protocolError(
  status: number,
  error: { code: number; message: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status, headers });
}

/**
 * Answers one POST over Streamable HTTP, stateless, as JSON: each request has a server of its own, which is gone with its
 * answer. The SDK sees to what the transport asks of a request: its headers, the version, the length, the JSON.
 */
export async function answerOverHttp(request: Request, server: ReturnType<typeof createRemoteServer>): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true, maxRequestBodySize: maxBodyBytes });
  await server.connect(transport);
  try {
    return await transport.handleRequest(request);
  } finally {
    await server.close();
  }
}
