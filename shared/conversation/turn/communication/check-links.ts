const links = /\b(?:https?:\/\/|www\.)[^\s<>"')\]]+/gi;

/**
 * Takes out the links that the person did not write: what only a document, a cell or an event's body holds does not
 * become something to tap.
 */
export function withoutForeignLinks(text: string, personWords: string): { text: string; removed: number } {
  let removed = 0;
  const kept = text.replace(links, (link) => {
    if (personWords.includes(link.replace(/[.,;:!?]+$/, ''))) return link;
    removed += 1;
    return '[link left out]';
  });
  return { text: kept, removed };
}
