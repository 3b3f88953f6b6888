/** How an application of the tests tells what happened in it: one line of JSON on stdout. */
export function tell(topic: string, value: unknown): void {
  process.stdout.write(`@${JSON.stringify([topic, value ?? null])}\n`);
}
