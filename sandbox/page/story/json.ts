/** The JSON in a text, or undefined: bodies are cut where they are long, and not all are JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** JSON laid out for reading; other text as it is. */
export function prettyJson(text: string): string {
  const parsed = parseJson(text);
  return typeof parsed === 'object' && parsed !== null ? JSON.stringify(parsed, undefined, 2) : text;
}
