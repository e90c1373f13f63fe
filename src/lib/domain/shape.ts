/**
 * The part of JSON Schema (2020-12) that the house's published formats are written in. The program checks files
 * against the very object that is published, so the two cannot differ.
 */
export type Shape =
  | { $ref: string; description?: string }
  | { type: 'string'; description?: string; maxLength?: number; pattern?: string; enum?: string[] }
  | { type: 'integer'; description?: string; minimum: number; maximum: number }
  | { type: 'number'; description?: string; minimum: number; maximum: number }
  | { type: 'boolean'; description?: string }
  | { type: 'null'; description?: string }
  | {
      type: 'array';
      description?: string;
      items: Shape;
      minItems: number;
      maxItems: number;
      uniqueItems?: true;
    }
  | AnyShape
  | ObjectShape;

/** One of several shapes. A value that fits none gets the faults of the first. */
type AnyShape = { anyOf: Shape[]; description?: string };

export type ObjectShape = {
  type: 'object';
  description?: string;
  properties: Record<string, Shape>;
  required: string[];
  additionalProperties: false | Shape;
  propertyNames?: { pattern: string };
  maxProperties?: number;
};

/** A published format: one object, and the parts that it names more than once. */
export type Format = ObjectShape & {
  $schema: string;
  $id: string;
  title: string;
  $defs: Record<string, Shape>;
};

/** A place in a file that does not fit. path: as in JavaScript, "themes[0].title.nb"; the whole file is "". */
export type ShapeFault = { path: string } & (
  | { fault: 'missing' | 'unknown' | 'repeated' | 'pattern' }
  | { fault: 'type'; expected: 'text' | 'number' | 'yes-no' | 'list' | 'object' | 'nothing' }
  | { fault: 'choice'; allowed: string[] }
  | { fault: 'long' | 'few' | 'many' | 'low' | 'high'; limit: number }
);

/** Every place where a value does not fit a format, in file order. Never throws; empty: it fits. */
export function faults(format: Format, value: unknown): ShapeFault[] {
  return check(format, format, value, '');
}

/**
 * The same value with its keys in the format's own order, then alphabetically, so that equal values give equal
 * bytes. The value must fit the format.
 */
export function ordered(format: Format, value: unknown): unknown {
  return inOrder(format, format, value);
}

function resolve(format: Format, shape: Shape): Exclude<Shape, { $ref: string }> {
  if (!('$ref' in shape)) return shape;
  const found = format.$defs[shape.$ref.slice('#/$defs/'.length)];
  if (!found) throw new Error(`the format has no part ${shape.$ref}`);
  return resolve(format, found);
}

function check(format: Format, unresolved: Shape, value: unknown, path: string): ShapeFault[] {
  const shape = resolve(format, unresolved);
  if ('anyOf' in shape) {
    const each = shape.anyOf.map((one) => check(format, one, value, path));
    return each.some((found) => found.length === 0) ? [] : (each[0] as ShapeFault[]);
  }
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') return [{ path, fault: 'type', expected: 'text' }];
      if (shape.enum && !shape.enum.includes(value)) return [{ path, fault: 'choice', allowed: shape.enum }];
      if (shape.maxLength !== undefined && [...value].length > shape.maxLength)
        return [{ path, fault: 'long', limit: shape.maxLength }];
      if (!value.isWellFormed()) return [{ path, fault: 'pattern' }];
      if (shape.pattern && !new RegExp(shape.pattern, 'u').test(value)) return [{ path, fault: 'pattern' }];
      return [];
    case 'integer':
    case 'number':
      if (shape.type === 'integer' ? !Number.isInteger(value) : !Number.isFinite(value))
        return [{ path, fault: 'type', expected: 'number' }];
      if ((value as number) < shape.minimum) return [{ path, fault: 'low', limit: shape.minimum }];
      if ((value as number) > shape.maximum) return [{ path, fault: 'high', limit: shape.maximum }];
      return [];
    case 'null':
      return value === null ? [] : [{ path, fault: 'type', expected: 'nothing' }];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [{ path, fault: 'type', expected: 'yes-no' }];
    case 'array':
      if (!Array.isArray(value)) return [{ path, fault: 'type', expected: 'list' }];
      if (value.length > shape.maxItems) return [{ path, fault: 'many', limit: shape.maxItems }];
      if (value.length < shape.minItems) return [{ path, fault: 'few', limit: shape.minItems }];
      return value.flatMap((item, i) =>
        shape.uniqueItems && value.indexOf(item) < i
          ? [{ path: `${path}[${i}]`, fault: 'repeated' as const }]
          : check(format, shape.items, item, `${path}[${i}]`),
      );
    case 'object':
      return checkObject(format, shape, value, path);
  }
}

function checkObject(format: Format, shape: ObjectShape, value: unknown, path: string): ShapeFault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path, fault: 'type', expected: 'object' }];
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const keys = Object.keys(value);
  if (shape.maxProperties !== undefined && keys.length > shape.maxProperties)
    return [{ path, fault: 'many', limit: shape.maxProperties }];
  const missing = shape.required.filter((key) => !Object.hasOwn(value, key));
  return [
    ...missing.map((key) => ({ path: at(key), fault: 'missing' as const })),
    ...keys.flatMap((key): ShapeFault[] => {
      const known = Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
      const named = !shape.propertyNames || new RegExp(shape.propertyNames.pattern, 'u').test(key);
      const child = known ?? (named ? shape.additionalProperties : false);
      if (!child) return [{ path: at(key), fault: 'unknown' }];
      return check(format, child, (value as Record<string, unknown>)[key], at(key));
    }),
  ];
}

function inOrder(format: Format, unresolved: Shape, value: unknown): unknown {
  const shape = resolve(format, unresolved);
  if ('anyOf' in shape) return value;
  if (shape.type === 'array') return (value as unknown[]).map((item) => inOrder(format, shape.items, item));
  if (shape.type !== 'object') return value;
  const given = value as Record<string, unknown>;
  const known = Object.keys(shape.properties);
  const others = Object.keys(given).filter((key) => !known.includes(key));
  return Object.fromEntries(
    [...known, ...others.sort()]
      .filter((key) => given[key] !== undefined)
      .map((key) => [
        key,
        inOrder(format, shape.properties[key] ?? (shape.additionalProperties as Shape), given[key]),
      ]),
  );
}
