import { expect, test } from 'vitest';
import { localPath } from '#server/local-path.ts';

test.each([
  ['/results?sort=high', '/results?sort=high'],
  ['/a#b', '/a'],
  ['//other.example/x', '/'],
  ['/\\other.example', '/'],
  ['/\t/other.example', '/'],
  ['/.//other.example', '/'],
  ['https://other.example', '/'],
  ['results', '/'],
  [null, '/'],
])('%j leads to %j', (given, path) => {
  expect(localPath(given)).toBe(path);
});
