import { expect, it } from 'vitest';
import { merge } from '#domain/merge.ts';

const base = { title: 'a', due: '1' };
it.each([
  ['nobody else', { title: 'b', due: '1' }, base, { title: 'b', due: '1' }, []],
  ['nothing of mine', base, { title: 'c', due: '1' }, { title: 'c', due: '1' }, []],
  ['another field', { title: 'b', due: '1' }, { title: 'a', due: '2' }, { title: 'b', due: '2' }, []],
  ['the same', { title: 'b', due: '1' }, { title: 'b', due: '1' }, { title: 'b', due: '1' }, []],
  [
    'the same field otherwise',
    { title: 'b', due: '1' },
    { title: 'c', due: '2' },
    { title: 'b', due: '2' },
    [{ field: 'title', mine: 'b', theirs: 'c' }],
  ],
])('when the other changed %s nothing is lost', (_, mine, theirs, merged, conflicts) => {
  expect(merge(base, mine, theirs)).toEqual({ merged, conflicts });
});
