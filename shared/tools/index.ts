import type { Ports } from '../ports/index.ts';
import { createEventTool } from './calendar/create-event.ts';
import { listEventsTool } from './calendar/list-events.ts';
import type { Tool } from './define-tool.ts';
import { whoamiTool } from './people/whoami.ts';
import { helpTool } from './system/help.ts';
import { listFailuresTool } from './system/list-failures.ts';
import { pauseTool, resumeTool } from './system/pause.ts';
import { replayFailureTool } from './system/replay-failure.ts';

export type { Tool, ToolCall, WriteCall } from './define-tool.ts';
export { createToolServer, errorMeta, receiptMeta, positionMeta, type ToolServerOptions } from './mcp-server.ts';
export { schemaValidators } from './schema-validators.ts';

export type ToolPorts = Pick<Ports, 'bell' | 'calendar' | 'clock' | 'conversations' | 'directory' | 'pause' | 'people'>;

/** Every tool there is; a server shows each caller those within their role. */
export function createTools(ports: ToolPorts, workspace: string): readonly Tool[] {
  const tools: Tool[] = [
    listEventsTool(ports),
    createEventTool(ports),
    whoamiTool(),
    helpTool(() => tools),
    listFailuresTool(ports, workspace),
    replayFailureTool(ports, workspace),
    pauseTool(ports),
    resumeTool(ports),
  ];
  return tools;
}
