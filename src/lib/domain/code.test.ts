import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { base64url, hex } from '#domain/bytes.ts';
import * as Code from '#domain/code.ts';

describe('a code', () => {
  it('is 12 signs from 60 bits, and every bit counts', () => {
    expect(Code.draw(new Uint8Array(8))).toBe('000000000000');
    expect(Code.draw(new Uint8Array(8).fill(255))).toBe('zzzzzzzzzzzz');
    const drawn = Array.from({ length: 60 }, (_, bit) => {
      const chance = new Uint8Array(8);
      chance[bit >> 3] = 128 >> (bit & 7);
      return Code.draw(chance);
    });
    expect(new Set(drawn).size).toBe(60);
    expect(() => Code.draw(new Uint8Array(7))).toThrow(RangeError);
  });

  it('is printed in three groups of four, and read back', () => {
    expect(Code.print('7k2m9qd0abcd')).toBe('7K2M-9QD0-ABCD');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (chance) => {
        const code = Code.draw(chance);
        expect(Code.read(Code.print(code))).toBe(code);
      }),
    );
  });

  test.each([
    ['7K2M-9QD0-ABCD', '7k2m9qd0abcd'],
    ['7k2m 9qd0 abcd', '7k2m9qd0abcd'],
    [' 7k2m9qd0abcd\n', '7k2m9qd0abcd'],
    ['7K2M–9QD0–ABCD', '7k2m9qd0abcd'],
    ['7K2M.9QDO.ABCD', '7k2m9qd0abcd'],
    ['iK2M-9QDo-LBCD', '1k2m9qd01bcd'],
    ['7K2M-9QD0-ABC', null],
    ['7K2M-9QD0-ABCDE', null],
    ['7K2M-9QD0-ABCU', null],
    ['', null],
  ])('typed as %j is read as %j', (typed, code) => expect(Code.read(typed)).toBe(code));
});

describe('the secret a code stands for', () => {
  it('is 16 bytes, the same every time, and another in another round', async () => {
    const secret = await Code.secretOf('7k2m9qd0abcd', 'h7k2m9qd');
    expect(hex(secret)).toBe('5f2e658f02c1387b35af97e80bdafb8c');
    expect(await Code.secretOf('7k2m9qd0abcd', 'h7k2m9qd')).toEqual(secret);
    expect(await Code.secretOf('7k2m9qd0abcd', 'h7k2m9qe')).not.toEqual(secret);
    expect(await Code.secretOf('7k2m9qd0abce', 'h7k2m9qd')).not.toEqual(secret);
  });

  it('takes the code’s place in a link, and leaves other links as they are', async () => {
    const secret = base64url(await Code.secretOf('7k2m9qd0abcd', 'h7k2m9qd'));
    expect(await Code.unfold('#7K2M-9QD0-ABCD.print.seed', 'h7k2m9qd')).toEqual({
      fragment: `#${secret}.print.seed`,
      code: true,
    });
    for (const fragment of ['', '#', `#${secret}.print`, '#7k2m.print'])
      expect(await Code.unfold(fragment, 'h7k2m9qd')).toEqual({ fragment, code: false });
  });
});

test.each([
  [0, 10, 0],
  [1, 10, 1],
  [10, 10, 1],
  [11, 10, 2],
  [40, 25, 10],
  [7, 0, 0],
])('of %i needed codes and %i per cent, %i are in reserve', (needed, share, reserve) =>
  expect(Code.reserve(needed, share)).toBe(reserve),
);

test.each([
  [
    { needed: 12, reserve: 2, made: 0 },
    { needed: 12, reserve: 2 },
  ],
  [
    { needed: 12, reserve: 2, made: 12 },
    { needed: 0, reserve: 2 },
  ],
  [
    { needed: 12, reserve: 2, made: 13 },
    { needed: 0, reserve: 1 },
  ],
  [
    { needed: 12, reserve: 2, made: 14 },
    { needed: 0, reserve: 0 },
  ],
])('with %o, %o can be made next', (stock, left) => expect(Code.left(stock)).toEqual(left));

test.each([
  [0, true],
  [10, true],
  [50, true],
  [51, false],
  [-1, false],
  [2.5, false],
  [NaN, false],
])('a reserve of %d per cent holds: %s', (share, holds) => expect(Code.reserveHolds(share)).toBe(holds));
