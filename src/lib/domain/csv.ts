/** One line of a table. line: the line in the file where it starts, the header being line 1. */
export type CsvRow = { line: number; cells: string[] };
export type Csv = { columns: string[]; rows: CsvRow[] };

export type CsvRefusal =
  | 'empty'
  | 'too-large'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'not-text'
  /** Letters that were written in one encoding and read in another, as in Bj¿rn, BjÃ¸rn and Bj�rn. */
  | 'odd-letters'
  | 'broken-quotes'
  | 'uneven-row';

/** Most bytes, rows and columns that are read. */
export const limits = { bytes: 10_000_000, rows: 200_000, columns: 100 };

function decode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * What æ, ø and å become: from the Mac's or DOS's own encodings read as Windows-1252, from UTF-8 read as Windows-1252
 * and written anew, and from any letter that a program gave up.
 */
const odd = /\p{L}[¿¾†›‘]\p{Ll}|\p{Ll}Œ|Ã[¦¸¥†˜…]|\ufffd/u;

/** `;` where the first line has one outside quotes, else `,`: what Norwegian Excel and RFC 4180 write; a tab where it has neither. */
function separatorOf(text: string): string {
  let quoted = false;
  let separator: ',' | '\t' = '\t';
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === ';') return ';';
    else if (sign === ',') separator = ',';
    else if (sign === '\n' || sign === '\r') break;
  }
  return separator;
}

type Refused = { ok: false; refusal: CsvRefusal; line: number | null };
const refuse = (refusal: CsvRefusal, line: number | null = null): Refused => ({ ok: false, refusal, line });

/**
 * Reads a table as RFC 4180 and Excel write it: `;`, `,` or tabs; UTF-8 with or without a mark, else Windows-1252; any line
 * ending; quoted cells with separators and line ends in them. Empty lines are skipped, and Excel's `sep=` line.
 * Refuses what it cannot be sure of, with the line where that is known: nothing is guessed, nothing is cut.
 */
export function read(bytes: Uint8Array): ({ ok: true } & Csv) | Refused {
  if (bytes.length > limits.bytes) return refuse('too-large');
  const text = decode(bytes);
  if (text === null) return refuse('not-text');
  const strange = odd.exec(text);
  if (strange) return refuse('odd-letters', text.slice(0, strange.index).split(/\r\n|\r|\n/).length);
  const declared = /^sep=([;,])\r?\n/.exec(text);
  const separator = declared?.[1] ?? separatorOf(text.trimStart());
  let at = declared ? declared[0].length : 0;
  let line = declared ? 2 : 1;

  let columns: string[] | undefined;
  const rows: CsvRow[] = [];
  while (at < text.length) {
    const started = line;
    const cells: string[] = [];
    for (let ended = false; !ended;) {
      let cell: string;
      if (text[at] === '"') {
        const opened = line;
        cell = '';
        for (;;) {
          const close = text.indexOf('"', at + 1);
          if (close === -1) return refuse('broken-quotes', opened);
          const piece = text.slice(at + 1, close);
          cell += piece;
          line += piece.split(/\r\n|\r|\n/).length - 1;
          at = close + 1;
          if (text[at] !== '"') break;
          cell += '"';
        }
        if (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r')
          return refuse('broken-quotes', opened);
      } else {
        const from = at;
        while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
        cell = text.slice(from, at);
      }
      cells.push(cell.normalize('NFC').trim());
      if (cells.length > limits.columns) return refuse('too-many-columns', started);
      if (text[at] === separator) {
        at += 1;
        continue;
      }
      if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
      if (at < text.length) at += 1;
      line += 1;
      ended = true;
    }
    if (cells.every((cell) => cell === '')) continue;
    if (!columns) columns = cells;
    else {
      while (cells.length > columns.length && cells.at(-1) === '') cells.pop();
      if (cells.length !== columns.length) return refuse('uneven-row', started);
      if (rows.length === limits.rows) return refuse('too-many-rows', started);
      rows.push({ line: started, cells });
    }
  }
  return columns ? { ok: true, columns, rows } : refuse('empty');
}
