import type { Intent } from '../intent.ts';
import { wordPassages } from '../wording/passages.ts';

export const indexDocuments: Intent = {
  name: 'index documents',
  effect: 'write',
  tools: [/(?:index|ingest)_?(?:documents?|files?|folders?|site)\b|(?:knowledge|documents?)_?(?:index|ingest)/i],
  triggers: [/\b(?:index|ingest|learn|read in)\b.*\b(?:documents?|files?|folders?|site|library|drive|onedrive|sharepoint)\b/i],
  offer: 'index documents ("index the folder Policies")',
};

export const searchKnowledge: Intent = {
  name: 'search knowledge',
  catchAll: true,
  effect: 'read',
  tools: [
    /(?:search|ask|query|find)_?(?:knowledge|documents?|files?|docs)\b|(?:knowledge|documents?)_?(?:search|ask|query|answer)/i,
  ],
  triggers: [
    /\b(?:policy|policies|document|documents|handbook|guideline|procedure|contract|manual|according to|knowledge)\b/i,
    /\b(?:look up|search for|search|find out|find)\b/i,
    /^(?:how|why|who|where|what|which|when|does|do|is|are|can|may)\b.*\?/i,
  ],
  offer: 'answer questions from your documents ("what does the travel policy say about trains?")',
  word: (result, context) => wordPassages(result, context),
};
