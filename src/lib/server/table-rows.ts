import { pipeline } from 'node:stream/promises';
import type { Sql } from 'postgres';

/*
 * Tables as a stream: a line of JSON with the table's name and columns, its rows as COPY writes them, and a line with
 * \. after the last. Nothing is held but a line at a time.
 */

type Sender = Pick<Sql, 'unsafe'>;

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * One table. select: what to read instead of a column; also: what its line says beside. Ordered by `order`, so that
 * nothing of the order of writing goes along.
 */
export async function* out(
  sql: Sender,
  of: { table: string; columns: string[]; order: string[]; select?: Record<string, string>; also?: object },
): AsyncGenerator<Buffer> {
  const { table, columns, order, select = {}, also } = of;
  yield Buffer.from(`${JSON.stringify({ table, columns, ...also })}\n`);
  const wanted = columns.map((c) => select[c] ?? quoted(c)).join(', ');
  const rows = `select ${wanted} from ${quoted(table)} order by ${order.map(quoted).join(', ')}`;
  const copying = await sql.unsafe(`copy (${rows}) to stdout`).readable();
  for await (const some of copying) yield some as Buffer;
  // postgres.js leaves the connection paused when the last rows filled the stream's buffer; to read is to resume.
  copying._read(0);
  yield Buffer.from('\\.\n');
}

export type Table = { table: string; columns: string[] };
export type Tables = {
  /** The next line, without its end; null after the last. */
  line(): Promise<string | null>;
  /** The rows that follow a table's line. To be read to their end. */
  rows(): AsyncGenerator<Buffer>;
};

/** Reads a stream of lines and tables, in order. */
export function reading(stream: AsyncIterable<Buffer>): Tables {
  const source = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async () => {
    const { done, value } = await source.next();
    if (!done) held = held.length ? Buffer.concat([held, value]) : value;
    return !done;
  };
  return {
    async line() {
      for (;;) {
        const end = held.indexOf('\n');
        if (end >= 0) {
          const found = held.toString('utf8', 0, end);
          held = held.subarray(end + 1);
          return found;
        }
        if (!(await more())) return null;
      }
    },
    async *rows() {
      for (;;) {
        // Whole lines only: the end is a line of its own, and no row begins with its signs.
        const lines = held.subarray(0, held.lastIndexOf('\n') + 1);
        const isEmpty = lines.toString('latin1', 0, 3) === '\\.\n';
        const end = isEmpty ? 0 : lines.indexOf('\n\\.\n') + 1;
        if (isEmpty || end > 0) {
          if (end > 0) yield held.subarray(0, end);
          held = held.subarray(end + 3);
          return;
        }
        held = held.subarray(lines.length);
        if (lines.length > 0) yield lines;
        if (!(await more())) throw new Error('A table without an end');
      }
    },
  };
}

/** Reads all that is left, for the sake of what is found on the way to its end. */
export async function readThrough(tables: Tables): Promise<void> {
  while ((await tables.line()) !== null) for await (const _ of tables.rows()) void _;
}

/** Puts the rows that follow into a table. */
export async function into(sql: Sender, { table, columns }: Table, tables: Tables): Promise<void> {
  const names = columns.map(quoted).join(', ');
  const target = await sql.unsafe(`copy ${quoted(table)} (${names}) from stdin`).writable();
  await pipeline(tables.rows(), target);
}
