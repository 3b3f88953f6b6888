import type { SlotReader } from './slot-reader.ts';

// `3f9a2c1d`: eight or more of them, or fewer with a digit and a letter among them.
const hexId = /\b(?:[0-9a-f]{8,32}|(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{4,7})\b/i;

export const readId: SlotReader = ({ name, schema }, { ids, facts }) => {
  // Hex digits first: what is left of them once dates and times are read out says nothing.
  const known = ids[name] ?? hexId.exec(facts.text)?.[0] ?? /(?:#|\b[A-Z]{2,}-)\d+\b|\b\d{3,}\b/.exec(facts.rest)?.[0];
  if (known === undefined) return undefined;
  return { value: schema.type === 'integer' ? Number(known.replace(/\D/g, '')) : known.replace(/^#/, '') };
};
