import { SaxesParser } from 'saxes';
import type { Row, Tables } from '#domain/limesurvey-file.ts';

/** Bytes of a survey file. */
export const LARGEST_FILE = 5 * 1024 * 1024;
/** Elements within each other: tables have five, the settings of how a survey looks some more. */
const deepest = 16;
const mostRows = 20_000;
const mostColumns = 200;
const mostLanguages = 50;

export type FileRefusal =
  | { refusal: 'size' | 'encoding' | 'doctype' | 'deep' | 'many' | 'other-file' | 'part' }
  /** line: where the XML breaks. */
  | { refusal: 'broken'; line: number };

class Refused extends Error {
  readonly why: FileRefusal;
  constructor(why: FileRefusal) {
    super(why.refusal);
    this.why = why;
  }
}

/**
 * Reads a LimeSurvey survey file (.lss) as tables of texts. Nothing is looked up and no entity is defined: a document
 * type, which could define some, is refused.
 */
export function read(bytes: Uint8Array): { ok: true; file: Tables } | ({ ok: false } & FileRefusal) {
  if (bytes.length > LARGEST_FILE) return { ok: false, refusal: 'size' };
  let words: string;
  try {
    words = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, refusal: 'encoding' };
  }
  try {
    return { ok: true, file: tablesOf(words) };
  } catch (fault) {
    if (fault instanceof Refused) return { ok: false, ...fault.why };
    throw fault;
  }
}

function tablesOf(words: string): Tables {
  const refuse = (why: FileRefusal): never => {
    throw new Refused(why);
  };
  const languages: string[] = [];
  const tables = new Map<string, Row[]>();
  const path: string[] = [];
  let row = new Map<string, string>();
  let text = '';
  let kind = '';
  let rowCount = 0;
  const parser = new SaxesParser();
  parser.on('doctype', () => refuse({ refusal: 'doctype' }));
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding && !/^utf-?8$/i.test(encoding)) refuse({ refusal: 'encoding' });
  });
  parser.on('error', () => refuse({ refusal: 'broken', line: parser.line }));
  parser.on('opentag', ({ name }) => {
    path.push(name);
    if (path.length > deepest) refuse({ refusal: 'deep' });
    if (path.length === 1 && name !== 'document') refuse({ refusal: 'other-file' });
    if (path.length === 4 && isRow()) row = new Map();
    text = '';
  });
  const isRow = () => path[2] === 'rows' && path[3] === 'row';
  /** What stands outside rows, such as how the survey looks: counted, not read. */
  const isOther = () =>
    path.length === 3 && path[1] !== 'languages' && !['fields', 'rows'].includes(path[2]!);
  const keep = (one: Row) => {
    if (++rowCount > mostRows || one.size > mostColumns) refuse({ refusal: 'many' });
    const table = path[1]!;
    tables.set(table, tables.get(table) ?? []);
    tables.get(table)!.push(one);
  };
  const take = (more: string) => (text += more);
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', ({ name }) => {
    if (path.length === 2 && name === 'LimeSurveyDocType') kind = text.trim();
    if (path.length === 3 && path[1] === 'languages' && name === 'language') languages.push(text.trim());
    if (languages.length > mostLanguages) refuse({ refusal: 'many' });
    if (path.length === 5 && isRow()) row.set(name, text);
    if (path.length === 4 && isRow()) keep(row);
    if (isOther()) keep(new Map());
    path.pop();
    text = '';
  });
  parser.write(words).close();
  if (kind !== 'Survey')
    refuse({ refusal: ['Group', 'Question', 'Label set'].includes(kind) ? 'part' : 'other-file' });
  return { languages, tables };
}
