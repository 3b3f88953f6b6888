import { isObject } from '../../wire/strict-schema.ts';

/** A tool's result as it came: its value, or what went wrong. */
export interface ToolResult {
  readonly value: unknown;
  /** In words; undefined when it went well. */
  readonly error: string | undefined;
  /** Whether what happened is not known: then nothing may be said of it. */
  readonly isUnknown?: boolean;
}

/** Reads a result written as JSON or as text, with or without the envelope of MCP. */
export function readResult(output: string): ToolResult {
  const value = parse(output);
  if (!isObject(value)) return { value, error: typeof value === 'string' && /^error\b/i.test(value) ? value : undefined };
  const inner = contentOf(value);
  if (isObject(inner) && inner.error === 'unknown-outcome') return { value: inner, error: undefined, isUnknown: true };
  if (value.isError === true) return { value: inner, error: messageOf(inner) ?? 'it failed' };
  if (isObject(inner) && inner.error !== undefined && inner.error !== null && inner.error !== false) {
    return { value: inner, error: messageOf({ ...inner, error: undefined }) ?? messageOf(inner.error) ?? 'it failed' };
  }
  return { value: inner, error: undefined };
}

function contentOf(value: Record<string, unknown>): unknown {
  if (value.structuredContent !== undefined) return value.structuredContent;
  if (!Array.isArray(value.content)) return value;
  const texts = value.content.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []));
  return texts.length === 0 ? value : parse(texts.join('\n'));
}

function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string' && error !== '') return error;
  if (!isObject(error)) return undefined;
  const said = [error.message, error.reason, error.detail, error.text].find((each) => typeof each === 'string' && each !== '');
  if (typeof said === 'string') return said;
  if (error.error !== undefined) return messageOf(error.error);
  return typeof error.code === 'string' ? error.code.replaceAll('-', ' ') : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
