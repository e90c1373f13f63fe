import { describe, expect, it } from 'vitest';
import * as Csv from '#domain/csv.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => Csv.read(bytes(text));
const cells = (text: string) => {
  const csv = read(text);
  return csv.ok ? [csv.columns, ...csv.rows.map((row) => row.cells)] : csv;
};

describe('a table', () => {
  it('is parted by semicolon or comma, with any line ending', () => {
    const table = [
      ['a', 'b'],
      ['1', '2'],
    ];
    for (const text of ['a;b\n1;2', 'a,b\r\n1,2\r\n', 'a;b\r1;2\r', 'a\tb\n1\t2'])
      expect(cells(text)).toEqual(table);
  });

  it('keeps separators, quotes and line ends that are quoted, and counts the lines', () => {
    const csv = read('a;b\r\n"en;to";"sa ""hei""\r\nder"\r\n3;4');
    expect(csv).toEqual({
      ok: true,
      columns: ['a', 'b'],
      rows: [
        { line: 2, cells: ['en;to', 'sa "hei"\r\nder'] },
        { line: 4, cells: ['3', '4'] },
      ],
    });
  });

  it('chooses the separator outside quotes', () => {
    expect(cells('"a;b",c\n1,2')).toEqual([
      ['a;b', 'c'],
      ['1', '2'],
    ]);
  });

  it('reads æøå in UTF-8 with a mark and in Windows-1252', () => {
    const table = [['nivå'], ['Vestvågøy']];
    expect(cells('\ufeffnivå\nVestvågøy')).toEqual(table);
    const windows = Csv.read(Uint8Array.from('nivå\nVestvågøy', (c) => c.charCodeAt(0)));
    expect(windows).toMatchObject({ columns: ['nivå'], rows: [{ line: 2, cells: ['Vestvågøy'] }] });
  });

  it.each([
    ['Mac OS Roman', [0x42, 0x6a, 0xbf, 0x72, 0x6e]],
    ['Mac OS Roman, å', [0x47, 0x72, 0x8c]],
    ['DOS', [0x42, 0x6a, 0x9b, 0x72, 0x6e]],
    ['UTF-8 taken for Windows-1252', [...new TextEncoder().encode('BjÃ¸rn')]],
    ['a program that gave the letter up', [...new TextEncoder().encode('Bj\ufffdrn')]],
  ])('refuses letters that came from %s, with the line', (_, name) => {
    const file = Uint8Array.from([...bytes('ansattnummer;navn\r\n1;Ola\r\n2;'), ...name]);
    expect(Csv.read(file)).toEqual({ ok: false, refusal: 'odd-letters', line: 3 });
  });

  it('takes names from elsewhere for what they are', () => {
    for (const name of ['O’Hara', 'Œuvre', 'São João', 'Ångström', '«Tunet»', 'ROCŒUR'])
      expect(cells(`navn\n${name}`)).toEqual([['navn'], [name]]);
  });

  it("skips Excel's first line about the separator, empty lines and cells past the header", () => {
    expect(cells('sep=;\r\na;b\r\n\r\n;;\r\n1;2;;\r\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(read('sep=;\r\na;b\r\n\r\n1;2')).toMatchObject({ rows: [{ line: 4 }] });
  });

  it('keeps an empty last cell', () => {
    expect(cells('a;b\n1;')).toEqual([
      ['a', 'b'],
      ['1', ''],
    ]);
  });
});

describe('what is no table', () => {
  it.each([
    ['', 'empty', null],
    ['\n\n;;\n', 'empty', null],
    ['a;b\n1;2\n1;2;3', 'uneven-row', 3],
    ['a;b\n1', 'uneven-row', 2],
    ['a;b\n1;"2', 'broken-quotes', 2],
    ['a;b\n1;2\n"1"x;2', 'broken-quotes', 3],
    ['a;b\n1;\0', 'not-text', null],
    [Array.from({ length: 101 }, (_, i) => `k${i}`).join(';'), 'too-many-columns', 1],
  ])('is refused: %j', (text, refusal, line) => {
    expect(read(text)).toEqual({ ok: false, refusal, line });
  });

  it('is refused in UTF-16', () => {
    const text = 'a;b\n1;2';
    const wide = new Uint8Array([0xff, 0xfe, ...[...text].flatMap((c) => [c.charCodeAt(0), 0])]);
    expect(Csv.read(wide)).toMatchObject({ refusal: 'not-text' });
  });

  it('is refused past ten million bytes, and past 200,000 rows', () => {
    expect(Csv.read(new Uint8Array(10_000_001).fill(97))).toMatchObject({ refusal: 'too-large' });
    expect(read(`a\n${'1\n'.repeat(200_000)}`)).toMatchObject({ ok: true });
    expect(read(`a\n${'1\n'.repeat(200_001)}`)).toMatchObject({ refusal: 'too-many-rows', line: 200_002 });
    expect(read(`a\n${'1\n'.repeat(1_000_000)}`)).toMatchObject({ refusal: 'too-many-rows' });
  });
});
