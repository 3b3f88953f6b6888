import type { Intent } from '../intent.ts';

export const querySheet: Intent = {
  name: 'query sheet',
  effect: 'read',
  tools: [/(?:query|ask|answer|read)_?(?:sheets?|workbooks?|tables?|data)\b|sheets?_?(?:query|ask|read|answer)/i],
  triggers: [
    /\b(?:how many|how much|total|sum|average|count|highest|lowest|top|biggest|most|least)\b/i,
    /\b(?:sales|revenue|rows?|columns?|workbook|spreadsheet|sheet|excel)\b.*\?/i,
  ],
  offer: 'answer questions about a workbook ("how much did we sell in May?")',
};

export const appendRow: Intent = {
  name: 'append row',
  effect: 'write',
  tools: [/(?:append|add|insert)_?rows?\b|sheets?_?(?:append|add)/i],
  triggers: [/\b(?:add|append|insert|put)\b.*\b(?:row|line|sheet|workbook|table)\b/i],
  offer: 'add a row to a workbook',
};
