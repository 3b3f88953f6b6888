/** What WAHA has and this stand-in does not play: refused with 501, never with a 404 that would look like WAHA's own. */
const notPlayed = [
  /^\/mcp$/,
  /^\/api\/(keys|apps|contacts|sessions)(\/|$)/,
  /^\/api\/(screenshot|forwardMessage|sendPoll|sendPollVote|sendList|sendButtons|sendLocation|sendContactVcard)$/,
  /^\/api\/(star|messages|reply|sendLinkPreview|sendText|send\/[^/]+|send\/buttons\/reply)$/,
  /^\/api\/server\/(stop|debug)(\/|$)/,
  /^\/api\/[^/]+\/(auth|profile|channels|status|labels|groups|calls|events|media|presence|contacts|chats)(\/|$)/,
];

export const isPlayedElsewhere = (path: string): boolean => notPlayed.some((pattern) => pattern.test(path));
