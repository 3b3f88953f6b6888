import type { Ports } from '../ports/index.ts';
import { createEventTool } from './calendar/create-event.ts';
import { listEventsTool } from './calendar/list-events.ts';
import type { Tool } from './define-tool.ts';
import { whoamiTool } from './people/whoami.ts';
import { helpTool } from './system/help.ts';

export type { Tool, ToolCall, WriteCall } from './define-tool.ts';
export { createToolServer, errorMeta, receiptMeta, positionMeta, type ToolServerOptions } from './mcp-server.ts';

/** Every tool there is; a server shows each caller those within their role. */
export function createTools(ports: Pick<Ports, 'calendar' | 'directory'>): readonly Tool[] {
  const tools: Tool[] = [listEventsTool(ports), createEventTool(ports), whoamiTool(), helpTool(() => tools)];
  return tools;
}
