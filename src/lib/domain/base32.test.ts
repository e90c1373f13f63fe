import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base32, fromBase32, plainBase32 } from '#domain/base32.ts';

test('twenty bytes are 32 signs that anybody can read aloud', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      expect(base32(bytes)).toMatch(/^[0-9a-hjkmnp-tv-z]{32}$/);
    }),
  );
});

test('what was written is read again, however it was typed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const signs = base32(bytes);
      const typed = signs.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'l').replace(/.{4}/g, '$& -');
      expect(fromBase32(signs)).toEqual(bytes);
      expect(fromBase32(typed)).toEqual(bytes);
      expect(plainBase32(typed)).toBe(signs);
    }),
  );
});

test('known signs', () => {
  expect(base32(Uint8Array.of(0, 0, 0, 0, 0))).toBe('00000000');
  expect(base32(Uint8Array.of(255, 255, 255, 255, 255))).toBe('zzzzzzzz');
  expect(base32(Uint8Array.of(0x08, 0x42, 0x10, 0x84, 0x21))).toBe('11111111');
  expect(base32(Uint8Array.of(128))).toBe('g0');
});

test('a sign outside the alphabet, or bits that no byte has, are refused', () => {
  expect(fromBase32('uuuu')).toBeNull();
  expect(fromBase32('å000')).toBeNull();
  expect(fromBase32('g1')).toBeNull();
  expect(fromBase32('000')).toBeNull();
});
