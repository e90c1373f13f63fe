import * as Comment from '#domain/comment.ts';
import type { Format, ObjectShape, Shape } from '#domain/shape.ts';

const id: Shape = { $ref: '#/$defs/id' };
const text: Shape = { $ref: '#/$defs/text' };
const count: Shape = { $ref: '#/$defs/count' };
const day: Shape = { $ref: '#/$defs/day' };
const line: Shape = { type: 'string', maxLength: 500 };
const mean: Shape = { type: 'number', minimum: 0, maximum: 10 };
const words = { nb: line, nn: line, en: line };
const languageTag = '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$';

function object(
  properties: Record<string, Shape>,
  description?: string,
  optional: Record<string, Shape> = {},
): ObjectShape {
  const required = Object.keys(properties);
  return {
    type: 'object',
    ...(description ? { description } : {}),
    properties: { ...properties, ...optional },
    required,
    additionalProperties: false,
  };
}

function list(items: Shape, minItems = 0, description?: string): Shape {
  return { type: 'array', ...(description ? { description } : {}), items, minItems, maxItems: 100_000 };
}

function byId(items: Shape, pattern: string, description: string): Shape {
  return {
    type: 'object',
    description,
    properties: {},
    required: [],
    propertyNames: { pattern },
    additionalProperties: items,
  };
}

const idPattern = '^[A-Za-z][A-Za-z0-9-]{0,39}$';
const nodePattern = '^[0-9]{4,6}$';

const categories: Shape = {
  type: 'array',
  description: 'The options, and last "none": not stated.',
  items: { $ref: '#/$defs/category' },
  minItems: 2,
  maxItems: 13,
};
const byNode = (items: Shape) => byId(items, nodePattern, 'By node. A node that is not here is withheld.');
const points = list(object({ value: { type: 'integer', minimum: 0, maximum: 10 }, text }), 2, 'Values rise.');
const results = byNode({ $ref: '#/$defs/result' });

/**
 * The release as a JSON Schema: what the auditor checks the shape of a release against, and what is published as
 * docs/release.schema.json. What a schema cannot say stands in docs/release-format.md.
 */
export const releaseFormat: Format = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:medvirk:release:1',
  title: 'A release of Medvirk: the published figures of one round',
  ...object(
    {
      format: { type: 'string', enum: ['medvirk-release/1'] },
      round: object({
        id: line,
        name: line,
        kind: { type: 'string', enum: ['employee', 'extraordinary', 'leader', 'resident', 'relative'] },
        dryRun: { type: 'boolean' },
        opened: day,
        stopped: day,
        fingerprint: { type: 'string', description: 'Of the keylist, as in links.', maxLength: 100 },
        questionnaire: object({ key: id, version: { type: 'integer', minimum: 1, maximum: 100_000 } }),
      }),
      thresholds: object({ factor: count, statement: count, invited: count }),
      ballots: object(
        { invited: count, received: count, counted: count, unreadable: count },
        'Of the whole round. received = counted + unreadable.',
      ),
      receiptsSha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of receipts.txt.' },
      tree: list({ $ref: '#/$defs/node' }, 1, 'Parents before children.'),
      scales: list(object({ id, points })),
      factors: list(
        object({
          id,
          title: text,
          statements: list(id, 1),
          lowest: { type: 'integer', minimum: 0, maximum: 10 },
          highest: { type: 'integer', minimum: 0, maximum: 10 },
        }),
      ),
      statements: list(
        object({ id, text, scale: id, factor: { anyOf: [id, { type: 'null' }] }, theme: id }),
        0,
        'In the order they were asked.',
      ),
      results,
    },
    undefined,
    {
      choices: list(
        object({
          id,
          text,
          theme: id,
          choose: { type: 'string', enum: ['one', 'several'] },
          options: points,
        }),
        1,
        'Questions of named answers, of which one or several were chosen.',
      ),
      breakdowns: list(
        object({
          id,
          kind: { type: 'string', enum: ['role', 'mode'] },
          text,
          categories,
          results: byNode(byId({ $ref: '#/$defs/result' }, idPattern, 'By category: all of them.')),
        }),
        1,
        'The same ballots by role, or by mode of answering.',
      ),
      onBehalf: object({ results }, 'Answers on behalf of somebody, counted in nothing else.'),
      helpers: object(
        { id, text, categories, counts: byId(count, idPattern, 'By category: all of them.') },
        'Who helped, in the whole round.',
      ),
      comments: object(
        {
          limits: object({ respondents: count, comments: count }),
          questions: {
            type: 'array',
            items: { $ref: '#/$defs/category' },
            minItems: 1,
            maxItems: 2,
          },
          lists: byNode(byId(list({ $ref: '#/$defs/comment' }, 1), idPattern, 'By open question.')),
        },
        'What was written in own words. A list that is not here is withheld, or nothing was written.',
      ),
    },
  ),
  $defs: {
    id: { type: 'string', pattern: idPattern },
    category: object({ id, text }),
    comment: { type: 'string', maxLength: Comment.ROOM, pattern: Comment.form },
    count: { type: 'integer', minimum: 0, maximum: 1_000_000_000 },
    day: { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
    text: {
      type: 'object',
      description: 'A text by language tag.',
      required: ['nb'],
      properties: words,
      propertyNames: { pattern: languageTag },
      additionalProperties: line,
    },
    node: object({
      id: { type: 'string', pattern: nodePattern },
      parent: { anyOf: [{ type: 'string', pattern: nodePattern }, { type: 'null' }] },
      part: { type: 'string', enum: ['whole', 'others', 'leaders', 'merged'] },
      name: line,
      units: list(line, 1, 'Codes of the units whose own staff are counted here.'),
      level: { anyOf: [line, { type: 'null' }] },
      invited: count,
      group: { type: 'boolean', description: 'Answers are counted here: a node without nodes under it.' },
    }),
    result: object(
      {
        n: { $ref: '#/$defs/count', description: 'Ballots counted under the node.' },
        factors: byId({ $ref: '#/$defs/factor' }, idPattern, 'A factor that is not here is withheld.'),
        statements: byId(
          { $ref: '#/$defs/statement' },
          idPattern,
          'A statement that is not here is withheld.',
        ),
      },
      undefined,
      { choices: byId({ $ref: '#/$defs/choice' }, idPattern, 'A question that is not here is withheld.') },
    ),
    factor: {
      description:
        'Persons who answered any of its statements, and the mean of their answers; or only that it lies within 0.2 of an end.',
      anyOf: [object({ n: count, mean }), object({ bound: { type: 'string', enum: ['high', 'low'] } })],
    },
    choice: object({
      n: { $ref: '#/$defs/count', description: 'Persons who answered.' },
      chosen: list(count, 2, 'Persons who chose each answer, in its order. Of one answer each: sums to n.'),
    }),
    statement: object({
      n: count,
      mean,
      distribution: list(count, 2, 'Answers per point of the scale, in its order. Sums to n.'),
    }),
  },
};
