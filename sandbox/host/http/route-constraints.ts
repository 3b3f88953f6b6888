/** Whether a decoded value may stand where the parameter is. */
export type Constraint = (value: string) => boolean;

const integer = /^[+-]?\d+$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const within = (text: string, lowest: bigint, highest: bigint) =>
  integer.test(text) && BigInt(text) >= lowest && BigInt(text) <= highest;
const longRange = [-(2n ** 63n), 2n ** 63n - 1n] as const;

const plain: Readonly<Record<string, Constraint>> = {
  int: (value) => within(value, -(2n ** 31n), 2n ** 31n - 1n),
  long: (value) => within(value, ...longRange),
  bool: (value) => /^(true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: (value) => decimal.test(value),
  double: (value) => decimal.test(value),
  float: (value) => decimal.test(value),
  guid: (value) => /^[({]?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}[)}]?$/i.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  required: (value) => value !== '',
};

const withArguments: Readonly<Record<string, (argument: string) => Constraint>> = {
  minlength: (least) => (value) => value.length >= Number(least),
  maxlength: (most) => (value) => value.length <= Number(most),
  length: (argument) => {
    const [least = 0, most = least] = argument.split(',').map(Number);
    return (value) => value.length >= least && value.length <= most;
  },
  min: (least) => (value) => within(value, BigInt(least), longRange[1]),
  max: (most) => (value) => within(value, longRange[0], BigInt(most)),
  range: (argument) => {
    const [least = 0n, most = longRange[1]] = argument.split(',').map((text) => BigInt(text.trim()));
    return (value) => within(value, least, most);
  },
  // Braces are doubled in a template; ASP.NET searches, whatever the case.
  regex: (pattern) => {
    const expression = new RegExp(pattern.replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
    return (value) => expression.test(value);
  },
};

export function toConstraint(text: string): Constraint {
  const [, name = '', argument] = /^(\w+)(?:\(([\s\S]*)\))?$/.exec(text.trim()) ?? [];
  const found = argument === undefined ? plain[name.toLowerCase()] : withArguments[name.toLowerCase()]?.(argument);
  if (!found) throw new Error(`the route constraint '${text}' is not known`);
  return found;
}
