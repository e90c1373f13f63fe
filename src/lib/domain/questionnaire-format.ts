import type { Format, Shape } from '#domain/shape.ts';

const text: Shape = { $ref: '#/$defs/text' };
const id: Shape = { $ref: '#/$defs/id' };
const yes = (description: string): Shape => ({ type: 'boolean', description });

/** Language, and where it matters writing and country: nb, sr-Latn, pt-BR. */
const languageTag = '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$';
/** One line of plain text: no control signs, no signs that turn the direction of writing, no outer spaces. */
const line = '^(?![\\s\\S]*\\s$)(?!\\s)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]+$';

/**
 * The questionnaire file as a JSON Schema. This object is both what the program checks against and what is
 * published as docs/questionnaire.schema.json. What a schema cannot say stands in docs/questionnaire-format.md.
 */
export const questionnaireFormat: Format = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:medvirk:questionnaire:1',
  title: 'A questionnaire for Medvirk',
  type: 'object',
  required: [
    'format',
    'key',
    'version',
    'kind',
    'title',
    'languages',
    'minutes',
    'scales',
    'themes',
    'factors',
  ],
  additionalProperties: false,
  properties: {
    format: { type: 'string', enum: ['medvirk-questionnaire/1'] },
    key: { $ref: '#/$defs/id', description: 'The same for all versions of one questionnaire.' },
    version: {
      type: 'integer',
      description: 'Where it came from. The house that imports it gives the next number of its own.',
      minimum: 1,
      maximum: 100000,
    },
    kind: { type: 'string', enum: ['employee', 'extraordinary', 'leader', 'resident', 'relative'] },
    title: text,
    intro: text,
    languages: {
      type: 'array',
      description: 'Languages that every text is written in. Bokmål (nb) is one of them.',
      items: { type: 'string', pattern: languageTag },
      minItems: 1,
      maxItems: 12,
      uniqueItems: true,
    },
    minutes: { type: 'integer', description: 'How long it takes to answer.', minimum: 1, maximum: 60 },
    scales: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        required: ['id', 'points'],
        additionalProperties: false,
        properties: {
          id,
          choose: {
            type: 'string',
            description: 'The points are named answers without an order, of which one or several are chosen.',
            enum: ['one', 'several'],
          },
          points: {
            type: 'array',
            description: 'In ascending order of value. Every point has words.',
            minItems: 2,
            maxItems: 11,
            items: {
              type: 'object',
              required: ['value', 'text'],
              additionalProperties: false,
              properties: { value: { type: 'integer', minimum: 0, maximum: 10 }, text },
            },
          },
          dontKnow: text,
          notRelevant: text,
        },
      },
    },
    themes: {
      type: 'array',
      description: 'The pages, in order.',
      minItems: 1,
      maxItems: 40,
      items: {
        type: 'object',
        required: ['id', 'title', 'statements'],
        additionalProperties: false,
        properties: {
          id,
          title: text,
          intro: text,
          statements: {
            type: 'array',
            minItems: 1,
            maxItems: 5,
            items: {
              type: 'object',
              required: ['id', 'text', 'scale'],
              additionalProperties: false,
              properties: {
                id: {
                  $ref: '#/$defs/id',
                  description: 'Kept from version to version, so that trends stay true.',
                },
                text,
                scale: id,
                dontKnow: yes('May be answered with the scale’s words for "don’t know".'),
                notRelevant: yes('May be answered with the scale’s words for "not relevant".'),
                required: yes(
                  'Must be answered before the next page. Never of residents, and never of what is sensitive.',
                ),
                sensitive: yes('Hard to be asked about: never required.'),
                simple: yes('Asked in the simplified edition of a resident’s page too.'),
                about: { type: 'string', enum: ['nearest-leader', 'top-leadership'] },
                tags: {
                  type: 'array',
                  description: 'Psychosocial factors of the Norwegian Working Environment Act, section 4-3.',
                  items: { type: 'string', enum: ['demands', 'emotional', 'workload', 'support'] },
                  minItems: 1,
                  maxItems: 4,
                  uniqueItems: true,
                },
              },
            },
          },
        },
      },
    },
    factors: {
      type: 'array',
      description: 'Statements that are counted together.',
      minItems: 0,
      maxItems: 40,
      items: {
        type: 'object',
        required: ['id', 'title', 'statements'],
        additionalProperties: false,
        properties: {
          id,
          title: text,
          statements: { type: 'array', items: id, minItems: 1, maxItems: 20, uniqueItems: true },
        },
      },
    },
    background: {
      type: 'array',
      description: 'What is asked of the one who answers, on a last page of its own. Never required.',
      minItems: 1,
      maxItems: 2,
      items: {
        type: 'object',
        required: ['id', 'kind', 'text', 'options'],
        additionalProperties: false,
        properties: {
          id,
          kind: { type: 'string', enum: ['role', 'mode', 'helper'] },
          text,
          options: {
            type: 'array',
            minItems: 2,
            maxItems: 12,
            items: {
              type: 'object',
              required: ['id', 'text'],
              additionalProperties: false,
              properties: { id, text },
            },
          },
        },
      },
    },
    comments: {
      type: 'array',
      description: 'Open questions, answered in own words. Asked only in rounds that have readers for them.',
      minItems: 1,
      maxItems: 2,
      items: {
        type: 'object',
        required: ['id', 'text'],
        additionalProperties: false,
        properties: { id, text, hint: text },
      },
    },
  },
  $defs: {
    id: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9-]{0,39}$' },
    line: { type: 'string', maxLength: 500, pattern: line },
    text: {
      type: 'object',
      description: 'A text by language tag. Only text: markup is shown as it is written.',
      required: ['nb'],
      additionalProperties: { $ref: '#/$defs/line' },
      properties: {
        nb: { $ref: '#/$defs/line' },
        nn: { $ref: '#/$defs/line' },
        en: { $ref: '#/$defs/line' },
      },
      propertyNames: { pattern: languageTag },
      maxProperties: 12,
    },
  },
};
