import { emailOf } from '../language/attendees.ts';
import { isOccasion, isVague, readSubject, subjectFor, withoutRequest } from '../language/subject.ts';
import type { SlotReader } from './slot-reader.ts';

export const readTitle: SlotReader = (_property, { facts, defaults, contacts }) => {
  const said = readSubject(facts.rest);
  // An address given afterwards is of somebody named before: each person is named once.
  const emails = facts.mentions.map((mention) => emailOf(mention, contacts));
  const people = facts.mentions.filter((_, index) => emails[index] === undefined || emails.indexOf(emails[index]) === index);
  if (said !== undefined && !isVague(said)) return { value: isOccasion(said) ? subjectFor(said, people) : said };
  if (defaults.subjectRequired === true || defaults.subjectKind === undefined) return { missing: true };
  return { value: subjectFor(defaults.subjectKind, people) };
};

export const readQuery: SlotReader = (_property, { facts, defaults }) => {
  const whole = withoutRequest(facts.text).replace(/[?!.\s]+$/, '');
  const text = defaults.subjectRequired === true ? readSubject(facts.rest) : whole;
  return text === undefined || text === '' ? { missing: true } : { value: text };
};

export const readLocation: SlotReader = (_property, { facts }) => {
  const place = /\b(?:in|at) (?:the )?((?:\p{Lu}[\p{L}\d]*\s?)+(?:room)?|(?:meeting )?room [\p{L}\d]+)/u.exec(facts.rest)?.[1];
  return place === undefined ? undefined : { value: place.trim() };
};

export const readBody: SlotReader = (property, { facts }) => {
  const said = /\b(?:notes?|agenda|details?|description|message|saying|say|comment)\s*:?\s+["“]?([^"”]+)/i.exec(facts.text)?.[1];
  if (said !== undefined) return { value: said.trim() };
  return property.required && !property.nullable ? { value: withoutRequest(facts.text) } : undefined;
};
