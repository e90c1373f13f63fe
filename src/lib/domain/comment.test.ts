import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { base64url, utf8 } from '#domain/bytes.ts';
import * as Comment from '#domain/comment.ts';

describe('a comment is tidied', () => {
  test.each([
    ['  Mer tid til pasientene.  ', 'Mer tid til pasientene.'],
    ['en\r\nto\rtre', 'en\nto\ntre'],
    ['en \n\n\n\n to', 'en\n\nto'],
    ['mye   luft\tog\u00a0mer', 'mye luft og mer'],
    ['skjult\u0000 \u202esnudd\u2066', 'skjult snudd'],
    ['A\u030a', '\u00c5'],
    ['\ud800', '\ufffd'],
    ['e\u0001\u0301', 'é'],
    [' \n\t ', ''],
    ['æ'.repeat(501), 'æ'.repeat(500)],
    [`${'a'.repeat(998)}🙂`, 'a'.repeat(998)],
  ])('%j', (words, tidy) => {
    expect(Comment.tidy(words)).toBe(tidy);
  });

  test('and then stays as it is, has the published form, and there is room for it', () => {
    const form = new RegExp(Comment.form);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (words) => {
        const tidy = Comment.tidy(words);
        expect(Comment.tidy(tidy)).toBe(tidy);
        expect(Comment.fits(tidy)).toBe(true);
        expect(tidy === '' || form.test(tidy)).toBe(true);
      }),
    );
  });
});

test('how many words more there is room for', () => {
  expect(Comment.wordsLeft('')).toBe(142);
  expect(Comment.wordsLeft('a'.repeat(1000))).toBe(0);
  expect(Comment.wordsLeft('a'.repeat(1500))).toBe(0);
});

describe('in a ballot', () => {
  const size = Math.ceil(Ballot.plainSize(2, 1, 2) / 64) * 64;

  test('each open question has its room, used or not', () => {
    const plain = Ballot.write([5, 1], [2], size, ['Ørlite', '']);
    expect(plain.length).toBe(Ballot.write([5, 1], [2], size, ['', 'x'.repeat(1000)]).length);
    expect(plain.subarray(4, 11)).toEqual(utf8('Ørlite'));
    expect(Ballot.read(plain, 2, [3], 2)).toEqual({
      answers: [5, 1],
      background: [2],
      comments: ['Ørlite', ''],
    });
  });

  test('without open questions every byte is as before', () => {
    expect(Ballot.write([5, 1], [2], 64, [])).toEqual(Ballot.write([5, 1], [2], 64));
    expect(Ballot.plainSize(2, 1)).toBe(4);
  });

  test('what is no text, or stands outside the rooms, is no ballot', () => {
    const plain = Ballot.write([5, 1], [2], size, ['Hei', 'der']);
    const changed = (at: number, to: number) => plain.with(at, to);
    expect(Ballot.read(changed(4, 0xff), 2, [3], 2)).toBeNull();
    expect(Ballot.read(changed(2004, 65), 2, [3], 2)).toBeNull();
    expect(Ballot.read(plain, 2, [3], 1)).toBeNull();
    expect(Ballot.read(plain, 2, [3])).toBeNull();
    expect(() => Ballot.write([5], [], size, ['x'.repeat(1001)])).toThrow();
    expect(() => Ballot.write([5], [], 1000, ['x'])).toThrow();
  });
});

test('marks are the same in each sitting, and others for other words, groups, questions, rounds and keys', async () => {
  const key = () => crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const [one, two] = [(await key()).privateKey, (await key()).privateKey];
  const print = new Uint8Array(32);
  const mark = await Comment.marker(one, print);
  const of = async (made: Promise<Uint8Array>) => base64url(await made);
  const first = await of(mark('q', { group: '0001', text: 'a' }));
  expect(await of((await Comment.marker(one, print))('q', { group: '0001', text: 'a' }))).toBe(first);
  const others = await Promise.all([
    of(mark('p', { group: '0001', text: 'a' })),
    of(mark('q', { group: '0002', text: 'a' })),
    of(mark('q', { group: '0001', text: 'b' })),
    of((await Comment.marker(one, print.with(0, 1)))('q', { group: '0001', text: 'a' })),
    of((await Comment.marker(two, print))('q', { group: '0001', text: 'a' })),
  ]);
  expect(new Set([first, ...others]).size).toBe(6);
});
