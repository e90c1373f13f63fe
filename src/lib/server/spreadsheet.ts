import writeExcelFile from 'write-excel-file/node';

/** A cell as typed as it is: share is 0 to 1 and shown as per cent; day is ISO and shown as people here write it. */
export type Cell = string | number | { share: number } | { day: string } | null;
export type Sheet = { name: string; head: string[]; rows: Cell[][] };

/** What XML cannot carry. */
// eslint-disable-next-line no-control-regex
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** An Excel workbook. Types and widths are set; texts lose what XML cannot carry. */
export async function xlsx(sheets: Sheet[]): Promise<Uint8Array> {
  return await writeExcelFile(
    sheets.map(({ name, head, rows }) => ({
      sheet: sheetName(name),
      stickyRowsCount: 1,
      columns: head.map((words, i) => ({ width: width([words, ...rows.map((row) => row[i] ?? null)]) })),
      data: [
        head.map((words) => ({ value: words, type: String, fontWeight: 'bold' as const, wrap: true })),
        ...rows.map((row) => row.map(typed)),
      ],
    })),
  ).toBuffer();
}

/** As Excel takes it: 31 signs at most, none of its own, no apostrophe at an end; a name is shortened rather than refused. */
const sheetName = (name: string): string =>
  name
    .replace(unwritable, '')
    .replace(/[\\/?*[\]:]/g, ' ')
    .slice(0, 31)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/^[\s']+|[\s']+$/g, '') || '1';

function typed(cell: Cell) {
  if (cell === null) return null;
  if (typeof cell === 'string') return { value: cell.replace(unwritable, ''), type: String };
  if (typeof cell === 'number')
    return { value: cell, type: Number, format: Number.isInteger(cell) ? '0' : '0.00' };
  if ('day' in cell) return { value: new Date(`${cell.day}T00:00:00Z`), type: Date, format: 'dd.mm.yyyy' };
  return { value: cell.share, type: Number, format: '0%' };
}

const width = (cells: Cell[]) =>
  Math.min(60, 3 + Math.max(...cells.map((cell) => (typeof cell === 'string' ? cell.length : 10))));

/**
 * For opening in a Norwegian or European Excel: semicolons, a byte order mark, decimal comma, and no text that Excel
 * would run as a formula.
 */
export function csvForExcel({ head, rows }: Omit<Sheet, 'name'>): string {
  const comma = (value: number) => String(Math.round(value * 10_000) / 10_000).replace('.', ',');
  const inert = (text: string) =>
    /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  const written = (cell: Cell) => {
    if (cell === null) return '';
    if (typeof cell === 'string') return quoted(inert(cell), /[;"\r\n]/);
    if (typeof cell === 'number') return comma(cell);
    return 'day' in cell
      ? cell.day.split('-').reverse().join('.')
      : `${comma(Math.round(cell.share * 1000) / 10)}%`;
  };
  return '\ufeff' + [head, ...rows].map((row) => row.map(written).join(';') + '\r\n').join('');
}

/** RFC 4180 as it stands, in UTF-8: commas, decimal point, every digit, nothing added to any text. */
export function csvForMachines({ head, rows }: Omit<Sheet, 'name'>): string {
  const written = (cell: Cell) => {
    if (cell === null) return '';
    if (typeof cell === 'string') return quoted(cell, /[,"\r\n]/);
    if (typeof cell === 'number') return String(cell);
    return 'day' in cell ? cell.day : String(cell.share);
  };
  return [head, ...rows].map((row) => row.map(written).join(',') + '\r\n').join('');
}

const quoted = (text: string, when: RegExp) => (when.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Headers of a file that is saved, not shown; names in any script (RFC 6266), and nothing kept on the way. */
export const saved = (name: string, type: string) => ({
  'content-type': type,
  'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escape)}`,
  'cache-control': 'private, no-store',
});

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The sheets as a workbook that is saved. */
export const savedXlsx = async (name: string, sheets: Sheet[]): Promise<Response> =>
  new Response(new Uint8Array(await xlsx(sheets)), { headers: saved(`${name}.xlsx`, workbook) });
