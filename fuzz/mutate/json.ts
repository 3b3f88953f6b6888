import type { Random } from '../../sandbox/kit/random.ts';
import { mutateText, troublingText } from './texts.ts';

/** JSON as it is written: members in their order and as often as they come, and texts that are no JSON at all. */
type Node =
  { kind: 'raw'; text: string } | { kind: 'array'; items: Node[] } | { kind: 'object'; members: [key: string, value: Node][] };

const raw = (text: string): Node => ({ kind: 'raw', text });

function toNode(value: unknown): Node {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(toNode) };
  if (typeof value !== 'object' || value === null) return raw(JSON.stringify(value));
  return { kind: 'object', members: Object.entries(value).map(([key, member]) => [key, toNode(member)]) };
}

function write(node: Node): string {
  if (node.kind === 'raw') return node.text;
  if (node.kind === 'array') return `[${node.items.map(write).join(',')}]`;
  return `{${node.members.map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`).join(',')}}`;
}

interface Place {
  readonly node: Node;
  replace(node: Node): void;
  readonly member?: { readonly of: Extract<Node, { kind: 'object' }>; readonly index: number };
}

function placesOf(node: Node, replace: (node: Node) => void): Place[] {
  if (node.kind === 'raw') return [{ node, replace }];
  if (node.kind === 'array') {
    const inner = node.items.flatMap((item, index) => placesOf(item, (value) => void (node.items[index] = value)));
    return [{ node, replace }, ...inner];
  }
  const inner = node.members.flatMap(([key, value], index) => {
    const [own, ...below] = placesOf(value, (changed) => void (node.members[index] = [key, changed]));
    return own ? [{ ...own, member: { of: node, index } }, ...below] : below;
  });
  return [{ node, replace }, ...inner];
}

const numbers = [
  ...['0', '-0', '-1', '1', '1.5', '1e21', '1e308', '1e309', '-1e309', '4294967296', '9007199254740993', '1795221875632'],
  ...['2147483648', '-9223372036854775809', '0.1e-400', '9'.repeat(400), '8640000000000001'],
];
const noJson = [
  'NaN',
  'undefined',
  '0x10',
  '01',
  '.5',
  '1.',
  "'a'",
  '{a:1}',
  '/**/',
  'True',
  '"\\u12"',
  '"\\x41"',
  '"\t"',
  '[1,]',
  '',
];
const fixed = ['null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '{"":""}', '"\\ud800"', '"\\u0000"', '{"$ref":"#"}'];

function otherValue(random: Random): Node {
  switch (random.below(7)) {
    case 0:
      return raw(random.pick(numbers));
    case 1:
      return raw(random.pick(fixed));
    case 2:
      return raw(random.pick(noJson));
    case 3: {
      const depth = random.pick([3, 50, 130, 1_000, 6_000]);
      const [open, close] = random.pick([['[', ']'] as const, ['{"a":', '}'] as const]);
      return raw(`${open.repeat(depth)}1${close.repeat(depth)}`);
    }
    case 4:
      return raw(`[${'0,'.repeat(random.pick([10, 1_000, 20_000]))}0]`);
    case 5:
      return raw('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    default:
      return raw(JSON.stringify(troublingText(random)));
  }
}

type Change = (random: Random, place: Place, all: readonly Place[]) => void;

const changes: readonly Change[] = [
  (random, { replace }) => replace(otherValue(random)),
  (random, { replace }) => replace(otherValue(random)),
  (random, { node, replace }) => {
    const value: unknown = node.kind === 'raw' ? parsed(node.text) : undefined;
    replace(typeof value === 'string' ? raw(JSON.stringify(mutateText(random, value))) : otherValue(random));
  },
  (_random, { member }) => member?.of.members.splice(member.index, 1),
  (random, { member, node }) => member?.of.members.push([keyAt(member), random.chance(0.5) ? node : otherValue(random)]),
  (random, { member, node }) => {
    if (member) member.of.members[member.index] = [mutateText(random, keyAt(member)), node];
  },
  (random, { node, replace }) =>
    replace(random.chance(0.5) ? { kind: 'array', items: [node] } : { kind: 'object', members: [['a', node]] }),
  (random, { node }) => {
    if (node.kind === 'object') node.members.push([troublingText(random), otherValue(random)]);
    if (node.kind === 'array') node.items.push(otherValue(random));
  },
  (random, { replace }, all) => replace(random.pick(all).node),
];

const keyAt = ({ of, index }: NonNullable<Place['member']>) => of.members[index]?.[0] ?? '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value as JSON, or as what is nearly so, with a few things done to it. */
export function mutateJson(random: Random, value: unknown): string {
  let root = toNode(value);
  const times = 1 + random.below(3);
  for (let time = 0; time < times; time += 1) {
    const places = placesOf(root, (node) => void (root = node));
    // A node that was moved into itself would be written for ever.
    random.pick(changes)(random, random.pick(places), [
      ...places.filter(({ node }) => node.kind === 'raw'),
      { node: raw('1'), replace: () => undefined },
    ]);
  }
  return write(root);
}
