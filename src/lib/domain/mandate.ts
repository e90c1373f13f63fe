import { isOver, type Status } from '#domain/measure.ts';

/** What a list says of itself, as in a form. caseNumber may be empty; decidedOn is an ISO day. */
export type Head = { title: string; origin: string; caseNumber: string; decidedOn: string };

/** A point of a list, as in a form. parent: the number of the point that this is a part of, or empty. A part follows its point's area and has none of its own. */
export type Item = { number: string; text: string; area: string; parent: string };

/** Signs a text, an area's name, a title and a number may have, and points a list may have. */
export const most = { text: 1000, area: 120, title: 200, origin: 200, number: 12, items: 400 };

export type HeadRefusal = 'title' | 'origin' | 'case-number' | 'decided-on';

const fits = (text: string, limit: number) => text.trim() !== '' && [...text.trim()].length <= limit;

/** What is missing or wrong in a list's head, in the order of the form. A case number is as 24/25 (domain.md section 6). */
export function headFaults(head: Head): HeadRefusal[] {
  return [
    ...(fits(head.title, most.title) ? [] : ['title' as const]),
    ...(fits(head.origin, most.origin) ? [] : ['origin' as const]),
    ...(/^(\d{1,6}\/\d{2}(\d{2})?)?$/.test(head.caseNumber.trim()) ? [] : ['case-number' as const]),
    ...(head.decidedOn ? [] : ['decided-on' as const]),
  ];
}

export type LineFault =
  /** Neither a point, nor a sub-point, nor an area. */
  | 'no-number'
  | 'no-text'
  | 'too-long'
  | 'twice'
  /** A sub-point whose point is not above it. */
  | 'no-parent'
  | 'too-deep'
  /** More than 400 points. */
  | 'too-many';

/** A line that was not understood. line counts from 1. */
export type Fault = { line: number; fault: LineFault; said: string };

/** A number as one spelling: "7 b)", "7b." and "7 B" are "7 b". */
export const spelled = (number: string): string =>
  number
    .trim()
    .toLowerCase()
    .replace(/[.)]+$/, '')
    .replace(/^(\d+)[ .]*([a-zæøå])$/, '$1 $2');

const point = /^(\d{1,3})[.)]?(?:\s+(.*))?$/;
const dotted = /^(\d{1,3})\.(\d{1,3})((?:\.\d{1,3})*)[.)]?(?:\s+(.*))?$/;
const lettered = /^(\d{1,3})[ .]?([a-zæøå])[.)](?:\s+(.*))?$|^(\d{1,3})([a-zæøå])(?:\s+(.*))?$/i;
const letter = /^([a-zæøå])[.)](?:\s+(.*))?$/i;

type Line = { number: string; text: string; parent: string; deep?: boolean };

/** What a line says, if it is a point. last: the number of the last point, which a letter alone is a part of. */
function read(line: string, last: string): Line | null {
  const withDots = dotted.exec(line);
  if (withDots) {
    const [, first, second, deeper, text = ''] = withDots;
    return { number: `${first}.${second}`, text, parent: first!, deep: deeper !== '' };
  }
  const withLetter = lettered.exec(line);
  if (withLetter) {
    const [, first, sign, text, otherFirst, otherSign, otherText] = withLetter;
    const parent = (first ?? otherFirst)!;
    const number = `${parent} ${(sign ?? otherSign)!.toLowerCase()}`;
    return { number, text: text ?? otherText ?? '', parent };
  }
  const alone = letter.exec(line);
  if (alone)
    return { number: `${last} ${alone[1]!.toLowerCase()}`.trim(), text: alone[2] ?? '', parent: last };
  const whole = point.exec(line);
  return whole && { number: whole[1]!, text: whole[2] ?? '', parent: '' };
}

/**
 * The points in a text with one a line: "1. Text", sub-points as "1 a) text", "1.1 text" or, below their point,
 * "a) text". A line that ends with a colon is the area of those after it. existing: the points that the
 * list has already. Gives what was understood and, by line, what was not.
 */
export function parse(text: string, existing: Item[] = []): { items: Item[]; faults: Fault[] } {
  const items: Item[] = [];
  const faults: Fault[] = [];
  const known = new Map(existing.map((item) => [item.number, item]));
  let area = '';
  let last = '';
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/\s+/g, ' ').trim();
    if (!line) continue;
    const found = read(line, last);
    const say = (fault: LineFault) => faults.push({ line: index + 1, fault, said: line.slice(0, 60) });
    if (found === null) {
      if (!line.endsWith(':')) say('no-number');
      else if (line.length > most.area) say('too-long');
      else area = line.slice(0, -1).trim();
      continue;
    }
    if (found.parent === '' && !found.deep) last = found.number;
    const parent = found.parent === '' ? null : known.get(found.parent);
    if (found.deep) say('too-deep');
    else if (/^[a-zæøå]$/.test(found.number) || parent === undefined) say('no-parent');
    else if (known.has(found.number)) say('twice');
    else if (!found.text) say('no-text');
    else if ([...found.text].length > most.text) say('too-long');
    else if (known.size >= most.items) {
      say('too-many');
      break;
    } else {
      const item = {
        number: found.number,
        text: found.text,
        area: parent ? '' : area,
        parent: found.parent,
      };
      known.set(item.number, item);
      items.push(item);
    }
  }
  return { items, faults };
}

const byNumber = new Intl.Collator('nb', { numeric: true });

/** Points by their numbers, each with its parts after it. */
export function inOrder<T extends { number: string; parent: string }>(items: T[]): T[] {
  const sorted = items.toSorted((a, b) => byNumber.compare(a.number, b.number));
  const parts = Map.groupBy(sorted, ({ parent }) => parent);
  return (parts.get('') ?? []).flatMap((item) => [item, ...(parts.get(item.number) ?? [])]);
}

export type ItemRefusal =
  | 'number'
  | 'twice'
  | 'text'
  | 'area'
  /** There is no such point, or it is itself a part of one, or the point itself, or the point has parts of its own. */
  | 'parent';

/** What is wrong with one point among the others of its list, in the order of the form. Parts have no parts. */
export function itemFaults(item: Item, others: Item[]): ItemRefusal[] {
  const { number, parent } = item;
  const above = others.find((other) => other.number === parent);
  const hasParts = others.some((other) => other.parent === number);
  const isFree = parent === '' || (above !== undefined && above.parent === '' && !hasParts);
  return [
    ...(fits(number, most.number) ? [] : ['number' as const]),
    ...(others.some((other) => other.number === number) ? ['twice' as const] : []),
    ...(fits(item.text, most.text) ? [] : ['text' as const]),
    ...([...item.area].length <= most.area ? [] : ['area' as const]),
    ...(isFree ? [] : ['parent' as const]),
  ];
}

/** How a point stands: as one measure may, or with no measure yet, or partly done. */
export const standings = [
  'none',
  'not-started',
  'on-hold',
  'in-progress',
  'partly',
  'done',
  'dropped',
] as const;
export type Standing = Status | 'none' | 'partly';

/**
 * How a point stands, from its measures and its sub-points. Done: all is over and something was done. Dropped: all was
 * dropped. Partly: something is done and something remains, be it a sub-point without a measure. Else the furthest that anything has come.
 */
export function standing(measures: Status[], parts: Standing[] = []): Standing {
  const all: Standing[] = [...measures, ...parts];
  const has = (one: Standing) => all.includes(one);
  if (all.length === 0) return 'none';
  if (all.every((one) => one !== 'none' && one !== 'partly' && isOver(one)))
    return has('done') ? 'done' : 'dropped';
  if (has('done') || has('partly')) return 'partly';
  return (['in-progress', 'on-hold', 'not-started'] as const).find(has) ?? 'none';
}

/** How many points stand how. */
export type Tally = Record<Standing, number>;

/** How many of some points stand how; a standing that none has is 0. */
export function tally(of: Standing[]): Tally {
  const count = (is: Standing) => of.filter((one) => one === is).length;
  return Object.fromEntries(standings.map((is) => [is, count(is)])) as Tally;
}
