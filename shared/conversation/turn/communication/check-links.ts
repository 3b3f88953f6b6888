// WhatsApp makes a link of a name of a host too. File names end otherwise, and what follows an @ is an address.
const hosts =
  'com|org|net|info|biz|io|co|ai|app|dev|me|ly|gl|gg|link|site|online|shop|store|top|xyz|click|live|page|cloud|team|zip|' +
  'eu|uk|us|de|fr|es|pt|it|nl|be|ch|at|se|no|dk|fi|pl|ie|br|in|cn|ru|su|tk|cc|tv|to';
const links = new RegExp(
  `(?<![@\\w.-])(?:[a-z][a-z0-9+.-]{1,20}:\\/\\/|www\\.)[^\\s<>"'“”„«»)\\]]+|(?<![@\\w.-])(?:[a-z0-9-]{1,63}\\.){1,5}(?:${hosts})\\b(?![.-]?\\w|@)(?:[/?#:][^\\s<>"'“”„«»)\\]]*)?`,
  'gi',
);

/**
 * Takes out the links that the person did not write: what only a document, a cell or an event's body holds does not
 * become something to tap.
 */
export function withoutForeignLinks(text: string, personWords: string): { text: string; removed: number } {
  const own = new Set([...personWords.matchAll(links)].map(([link]) => plain(link)));
  let removed = 0;
  const kept = text.replace(links, (link) => {
    if (own.has(plain(link))) return link;
    removed += 1;
    return `[link left out]${/[.,;:!?]*$/.exec(link)?.[0] ?? ''}`;
  });
  return { text: kept, removed };
}

/** The same link with or without its scheme, a slash at its end or a full stop behind it. */
function plain(link: string): string {
  return link
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[.,;:!?/]+$/, '');
}
