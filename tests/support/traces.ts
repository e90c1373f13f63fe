import fs from 'node:fs';
import path from 'node:path';
import type { Sql } from 'postgres';

/** Something that must not be found, and what it is. */
export type Planted = { what: string; bytes: Uint8Array };

/** Every way in which programs write bytes down: as they are, as hexadecimal, as base64 wherever it begins, as numbers. */
function spellings(bytes: Uint8Array): Buffer[] {
  const raw = Buffer.from(bytes);
  const hex = raw.toString('hex');
  const written = [hex, hex.toUpperCase(), [...raw].join(','), [...raw].join(', ')];
  for (const before of [0, 1, 2]) {
    // Only the signs that these bytes alone decide.
    const shifted = Buffer.concat([Buffer.alloc(before), raw]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((shifted.length * 8) / 6);
    for (const kind of ['base64', 'base64url'] as const) written.push(shifted.toString(kind).slice(from, to));
  }
  if (raw.every((byte) => byte >= 32 && byte < 127)) {
    const text = raw.toString('latin1');
    return [raw, Buffer.from(text, 'utf16le'), ...written.map((one) => Buffer.from(one))];
  }
  return [raw, ...written.map((one) => Buffer.from(one))];
}

export type Search = (haystack: Uint8Array) => Set<string>;

/** Looks for all of them at once, in one walk over the bytes. */
export function searchFor(planted: Planted[]): Search {
  const byStart = new Map<number, { what: string; spelt: Buffer }[]>();
  const isStart = new Uint8Array(1 << 24);
  for (const { what, bytes } of planted)
    for (const spelt of spellings(bytes)) {
      if (spelt.length < 9) throw new Error(`${what} is too short to be told from chance`);
      const start = (spelt[0]! << 16) | (spelt[1]! << 8) | spelt[2]!;
      isStart[start] = 1;
      byStart.set(start, [...(byStart.get(start) ?? []), { what, spelt }]);
    }
  return (haystack) => {
    const bytes = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
    const found = new Set<string>();
    let start = 0;
    for (let i = 0; i < bytes.length; i++) {
      start = ((start << 8) | bytes[i]!) & 0xffffff;
      if (isStart[start] !== 1 || i < 2) continue;
      for (const { what, spelt } of byStart.get(start)!)
        if (bytes.compare(spelt, 0, spelt.length, i - 2, Math.min(bytes.length, i - 2 + spelt.length)) === 0)
          found.add(what);
    }
    return found;
  };
}

/** In every file of a folder, whatever it is: tables, logs, the log of writes, what was left behind. */
export function inFolder(folder: string, search: Search): Set<string> {
  const found = new Set<string>();
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    try {
      if (fs.statSync(file).isFile()) for (const what of search(fs.readFileSync(file))) found.add(what);
    } catch (fault) {
      // A running server takes files away.
      if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
    }
  }
  return found;
}

/** In every row of every table, catalogue and queue: a server may keep packed what a file search cannot read. */
export async function inTables(superuser: Sql, search: Search): Promise<Set<string>> {
  const found = new Set<string>();
  const tables = await superuser<{ name: string }[]>`
    select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
    where schemaname not in ('information_schema')`;
  for (const { name } of tables) {
    const rows = await superuser.unsafe(`select row_to_json(t)::text as row from ${name} t`).cursor(1000);
    for await (const batch of rows)
      for (const { row } of batch) for (const what of search(Buffer.from(row as string))) found.add(what);
  }
  return found;
}
