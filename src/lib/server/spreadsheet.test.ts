import { expect, test } from 'vitest';
import { unzipSync, strFromU8 } from 'fflate';
import { csvForExcel, csvForMachines, xlsx } from '#server/spreadsheet.ts';

const sheet = {
  name: 'Faktorer',
  head: ['Enhet', 'Snitt', 'Andel'],
  rows: [
    ['Heim; og "hus"', 4.25, { share: 0.7666 }],
    ['=HYPERLINK("http://x")', 3, null],
    [' +1', -0.5, null],
    ['to\nlinjer', 12.345678, null],
  ],
};

test('the Excel profile has its mark, semicolons, decimal comma, and formulas that stay text', () => {
  expect(csvForExcel(sheet)).toBe(
    '\ufeffEnhet;Snitt;Andel\r\n' +
      '"Heim; og ""hus""";4,25;76,7%\r\n' +
      `"'=HYPERLINK(""http://x"")";3;\r\n` +
      "' +1;-0,5;\r\n" +
      '"to\nlinjer";12,3457;\r\n',
  );
});

test.each(['=1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
  'the text %j cannot run in Excel',
  (text) => {
    const line = csvForExcel({ head: [], rows: [[text]] })
      .split('\r\n')
      .slice(1)
      .join('\r\n');
    expect(line.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('the machine profile is plain RFC 4180 with every digit and unchanged text', () => {
  expect(csvForMachines(sheet)).toBe(
    'Enhet,Snitt,Andel\r\n' +
      '"Heim; og ""hus""",4.25,0.7666\r\n' +
      '"=HYPERLINK(""http://x"")",3,\r\n' +
      ' +1,-0.5,\r\n' +
      '"to\nlinjer",12.345678,\r\n',
  );
});

test('days are days wherever they are read: in Excel, in its CSV, and by machines', async () => {
  const days = { name: 'Dager', head: ['Frist'], rows: [[{ day: '2027-02-28' }], [{ day: '2028-02-29' }]] };
  expect(csvForExcel(days)).toBe('\ufeffFrist\r\n28.02.2027\r\n29.02.2028\r\n');
  expect(csvForMachines(days)).toBe('Frist\r\n2027-02-28\r\n2028-02-29\r\n');
  const files = unzipSync(await xlsx([days]));
  const cells = strFromU8(files['xl/worksheets/sheet1.xml']!);
  expect(cells).toMatch(/<c r="A2"[^>]*><v>46446<\/v>/);
  expect(cells).toMatch(/<c r="A3"[^>]*><v>46812<\/v>/);
  expect(strFromU8(files['xl/styles.xml']!)).toContain('dd.mm.yyyy');
});

test.each([
  ['13 punkter: oppfølging [2026/2027] av vedtaket i saken', '13 punkter  oppfølging  2026 20'],
  ["'IA-plan 2027'", 'IA-plan 2027'],
  ['a'.repeat(30) + '🌱', 'a'.repeat(30)],
  ['???', '1'],
])('the sheet of %s is called %s', async (name, called) => {
  const files = unzipSync(await xlsx([{ name, head: ['a'], rows: [] }]));
  const found = /<sheet[^>]* name="([^"]*)"/.exec(strFromU8(files['xl/workbook.xml']!))![1]!;
  expect(found.length).toBeLessThanOrEqual(31);
  expect(found).toBe(called);
});

test('a spreadsheet has numbers as numbers and text as text, whatever the text looks like', async () => {
  const files = unzipSync(await xlsx([sheet, { name: 'Om', head: ['a'], rows: [['bjelle \u0007 stum']] }]));
  const first = strFromU8(files['xl/worksheets/sheet1.xml']!);
  const texts = strFromU8(files['xl/sharedStrings.xml']!);
  expect(first).toMatch(/<c r="B2"[^>]*><v>4.25<\/v>/);
  expect(first).toMatch(/<c r="C2"[^>]*><v>0.7666<\/v>/);
  expect(first).toMatch(/<c r="A3"[^>]*t="s"[^>]*>/);
  expect(first).not.toContain('<f>');
  expect(texts).toContain('=HYPERLINK(');
  expect(texts).not.toContain('\u0007');
});
