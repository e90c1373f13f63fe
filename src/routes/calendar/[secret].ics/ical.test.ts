import { describe, expect, it } from 'vitest';
import type { Entry } from '#server/calendar.ts';
import { ical } from './ical.ts';

const entry = (over: Partial<Entry>): Entry => ({
  uid: 'x-2028-opening',
  day: '2028-02-29',
  kind: 'opening',
  nth: 0,
  name: 'Medarbeiderundersøkelsen 2028',
  roundId: null,
  run: null,
  ...over,
});
const now = new Date('2026-11-25T12:00:00Z');
const made = (entries: Entry[], locale: 'nb' | 'nn' | 'en' = 'nb', name = 'Medvirk Fjordvik kommune') =>
  ical(entries, { name, host: 'medvirk.example', now, locale });

/** Content lines, unfolded: RFC 5545 section 3.1. */
const lines = (file: string) => file.replaceAll('\r\n ', '').split('\r\n').slice(0, -1);
const events = (file: string) =>
  lines(file)
    .join('\n')
    .split('BEGIN:VEVENT\n')
    .slice(1)
    .map(
      (event) =>
        Object.fromEntries(event.split('\n').map((line) => line.split(/:(.*)/s).slice(0, 2))) as Record<
          string,
          string
        >,
    );

describe('the file', () => {
  const long = `${'Arbeidsmiljø, trygghet; og «læring» \\ '.repeat(6)}\nBEGIN:VALARM`;
  const file = made([
    entry({}),
    entry({ uid: 'y', name: long, kind: 'reminder', nth: 2 }),
    entry({ uid: '2028-t1', name: null, kind: 't1', day: '2028-04-28' }),
  ]);

  it('ends every line with CR LF, and folds what is over 75 octets', () => {
    expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true);
    expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });

  it('holds lines that all have a name and a value, in a calendar with its version and product', () => {
    for (const line of lines(file)) expect(line).toMatch(/^[A-Z][A-Z0-9-]*(;[A-Z-]+=[^:;]+)*:.*$/s);
    expect(lines(file).slice(0, 3)).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Medvirk//Medvirk//NB',
    ]);
    expect(lines(file).filter((line) => line.startsWith('BEGIN:'))).toHaveLength(4);
  });

  it('has an event of a whole day for each, with an id, a stamp and words', () => {
    expect(events(file)).toMatchObject([
      {
        UID: 'x-2028-opening@medvirk.example',
        DTSTAMP: '20261125T120000Z',
        'DTSTART;VALUE=DATE': '20280229',
        SUMMARY: 'Medarbeiderundersøkelsen 2028: Åpner for svar',
        TRANSP: 'TRANSPARENT',
      },
      { UID: 'y@medvirk.example' },
      { SUMMARY: 'Tertialrapport 1', 'DTSTART;VALUE=DATE': '20280428' },
    ]);
  });

  it('escapes what the format gives a meaning', () => {
    const summary = events(file)[1]!.SUMMARY!;
    expect(summary).toContain('Arbeidsmiljø\\, trygghet\\; og «læring» \\\\ ');
    expect(summary).toContain('\\nBEGIN:VALARM: Påminnelse 2');
    expect(lines(made([], 'nb', 'Øy, kommune; \\ x')).find((line) => line.startsWith('X-WR-CALNAME'))).toBe(
      'X-WR-CALNAME:Øy kommune x',
    );
  });

  it('speaks the language it was asked for in, and is the same each time', () => {
    expect(events(made([entry({})], 'nn'))[0]!.SUMMARY).toContain('Opnar for svar');
    expect(events(made([entry({})], 'en'))[0]!.SUMMARY).toContain('Opens for answers');
    expect(made([entry({})])).toBe(made([entry({})]));
  });
});
