const longestMs = 3_000;

/**
 * Opens the first link of a text, as WAHA does to make its preview: a link that something may be done with once is
 * thereby opened before the person sees it. The sandbox opens links on this machine only.
 */
export async function openPreview(text: string): Promise<void> {
  const [link] = /https?:\/\/\S+/.exec(text) ?? [];
  if (link === undefined || !URL.canParse(link)) return;
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(link).hostname)) return;
  const headers = { 'user-agent': 'WhatsApp/2.2587.9' };
  const answer = await fetch(link, { headers, signal: AbortSignal.timeout(longestMs) }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
}
