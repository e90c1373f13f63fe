import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Sheet from '#domain/sheet.ts';

const half = await Sheet.draw(crypto);
const lines = await Sheet.write(half.secret);
const signs = '0123456789abcdefghjkmnpqrstvwxyz';

describe('a sheet', () => {
  test('is four lines of four groups of four, and reads back as it was', async () => {
    expect(lines.map(Sheet.print).join('\n')).toMatch(/^((\w{4} ){3}\w{4}\n){3}(\w{4} ){3}\w{4}$/);
    expect(await Sheet.read(lines.join('\n'))).toEqual({ ok: true, secret: half.secret });
  });

  test('holds any 32 bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (secret) => {
        const read = await Sheet.read((await Sheet.write(secret)).join('\n'));
        expect(read.ok && [...read.secret]).toEqual([...secret]);
      }),
    );
  });

  test.each<[string, (all: string[]) => string]>([
    ['with spaces', (all) => all.map(Sheet.print).join('\n')],
    ['in capitals', (all) => all.join('\n').toUpperCase()],
    ['on one line', (all) => all.map(Sheet.print).join(' ')],
    ['with empty lines', (all) => `\n${all.join('\r\n\n')}\n`],
    ['with o and l for 0 and 1', (all) => all.join('\n').replaceAll('0', 'o').replaceAll('1', 'l')],
  ])('may be typed %s', async (_, typed) => {
    expect(await Sheet.read(typed(lines))).toEqual({ ok: true, secret: half.secret });
  });

  test('says in which line a sign is wrong, whichever it is', async () => {
    for (const [at, line] of lines.entries())
      for (let i = 0; i < line.length; i++) {
        const other = signs[(signs.indexOf(line[i]!) + 1 + ((i * 7) % 31)) % 32]!;
        const typed = lines.with(at, line.slice(0, i) + other + line.slice(i + 1));
        if (other === line[i]) continue;
        expect(await Sheet.read(typed.join('\n'))).toEqual({ ok: false, refusal: 'line', line: at + 1 });
      }
  });

  test.each<[string, (all: string[]) => string, object]>([
    ['lines that changed places', ([a, b, c, d]) => [b, a, c, d].join('\n'), { refusal: 'line', line: 1 }],
    ['a sign too few', (all) => all.with(2, all[2]!.slice(1)).join('\n'), { refusal: 'line', line: 3 }],
    [
      'a sign that is none',
      (all) => all.with(1, `u${all[1]!.slice(1)}`).join('\n'),
      { refusal: 'line', line: 2 },
    ],
    ['three lines', (all) => all.slice(1).join('\n'), { refusal: 'length' }],
    ['nothing', () => '', { refusal: 'length' }],
  ])('refuses %s', async (_, typed, refused) => {
    expect(await Sheet.read(typed(lines))).toEqual({ ok: false, ...refused });
  });

  test('knows its own lines by number', async () => {
    expect(await Sheet.isLine(Sheet.print(lines[2]!).toUpperCase(), half.secret, 3)).toBe(true);
    for (const wrong of [
      lines[2]!.slice(1),
      lines[1]!,
      '',
      (await Sheet.write((await Sheet.draw(crypto)).secret))[2]!,
    ])
      expect(await Sheet.isLine(wrong, half.secret, 3)).toBe(false);
  });
});

describe('a private half', () => {
  test('finds the point it belongs to among others, and opens with it', async () => {
    const others = [(await Sheet.draw(crypto)).point, (await Sheet.draw(crypto)).point];
    const found = await Sheet.keyOf(half.secret, [others[0]!, half.point, others[1]!], crypto);
    expect(found?.point).toBe(half.point);
    expect(found?.privateKey.extractable).toBe(false);
    expect(await Sheet.keyOf(half.secret, others, crypto)).toBeNull();
    expect(await Sheet.keyOf(new Uint8Array(32), [half.point], crypto)).toBeNull();
  });
});

test('a check word is eight signs, made of the public half alone', async () => {
  expect(await Sheet.checkWord(half.point)).toMatch(/^\w{4} \w{4}$/);
  expect(await Sheet.checkWord(half.point)).toBe(await Sheet.checkWord(half.point));
  expect(await Sheet.checkWord((await Sheet.draw(crypto)).point)).not.toBe(await Sheet.checkWord(half.point));
});

test.each<[string, unknown, boolean]>([
  ['a point', half.point, true],
  [
    'bytes off the curve',
    half.point.slice(0, -2) + (half.point.endsWith('AA') ? 'BB' : 'AA').slice(0, 2),
    false,
  ],
  ['a private half', 'A'.repeat(43), false],
  ['nothing', undefined, false],
  ['other words', 'not a point', false],
])('%s is taken for a point: %s', async (_, point, taken) => {
  expect(await Sheet.isPoint(point)).toBe(taken);
});

describe('a public half that was pasted', () => {
  test.each<[string, string, Awaited<ReturnType<typeof Sheet.pasted>>]>([
    ['as it is', half.point, { ok: true, point: half.point }],
    ['broken over lines', half.point.replace(/.{40}/g, '$& \n'), { ok: true, point: half.point }],
    [
      'with a sign wrong',
      half.point.replace(/.$/, (sign) => (sign === 'A' ? 'Q' : 'A')),
      { ok: false, refusal: 'malformed' },
    ],
    ['cut short', half.point.slice(1), { ok: false, refusal: 'malformed' }],
    ['nothing', '', { ok: false, refusal: 'malformed' }],
    ['the sheet itself', lines.join('\n'), { ok: false, refusal: 'private' }],
    ['a line as it is printed', `3. ${Sheet.print(lines[2]!)}`, { ok: false, refusal: 'private' }],
    ['the sheet on one line', lines.join('').toUpperCase(), { ok: false, refusal: 'private' }],
  ])('%s', async (_, text, found) => expect(await Sheet.pasted(text)).toEqual(found));

  test('is never taken for a line of a sheet', async () => {
    for (let i = 0; i < 50; i++) {
      const { point } = await Sheet.draw(crypto);
      expect(await Sheet.pasted(point)).toEqual({ ok: true, point });
    }
  });
});
