import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The one rule between layers; tests/house/layers.test.ts keeps it too, for every file. */
const layer = (
  /** @type {string} */ folder,
  /** @type {string[]} */ may,
  /** @type {string[]} */ ...forbidden
) => ({
  files: [`src/${folder}/**/*.{ts,js,svelte}`],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': /** @type {['error', object]} */ ([
      'error',
      {
        patterns: [
          {
            group: [...forbidden, '../*'],
            message: `This layer may import ${may.join(', ')}, by name and never by ../ (design: routes import all, server and ui import domain, domain only itself).`,
          },
        ],
      },
    ]),
  },
});

export default ts.config(
  {
    ignores: [
      'build/',
      'build-answer/',
      '.svelte-kit/',
      'src/lib/paraglide/',
      'node_modules/',
      'data/',
      '**/*.tmp.*',
    ],
  },
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      'no-undef': 'off',
      'no-control-regex': 'error',
      'no-console': 'off',
      'prefer-const': ['error', { destructuring: 'all' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Pages are rendered on the server alone: links are plain addresses, and nothing reacts.
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
      // svelte-check hears these warnings; the linter does not.
      'svelte/no-unused-svelte-ignore': 'off',
    },
  },
  { files: ['**/*.test.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  layer(
    'lib/domain',
    ['domain'],
    '#server/*',
    '#ui/*',
    '#messages',
    '#messages/*',
    'node:*',
    'drizzle-orm',
    'drizzle-orm/*',
    'postgres',
    '@sveltejs/*',
    'svelte',
    'svelte/*',
  ),
  layer('lib/server', ['domain', 'server'], '#ui/*'),
  layer('lib/ui', ['domain', 'ui'], '#server/*'),
  ...['answer', 'witness'].map((folder) =>
    layer(folder, ['domain', 'its own folder'], '#server/*', '#ui/*', '#messages', '#messages/*', 'node:*'),
  ),
  {
    files: ['src/lib/domain/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'The clock comes in as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'The clock comes in as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Chance comes in as an argument.',
        },
      ],
    },
  },
);
