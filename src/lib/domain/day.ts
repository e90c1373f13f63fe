const inNorway = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' });

/** The calendar day (ISO, yyyy-mm-dd) in Norway at a moment. */
export const at = (now: Date): string => inNorway.format(now);

/** The day so many days later (negative: earlier). Takes and gives ISO days. */
export function plus(day: string, days: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** Whole days from one ISO day to another; negative when the other is earlier. */
export const between = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;

/**
 * An ISO day from what people and HR systems write: 2026-01-31, 31.01.2026, 31.1.2026, or a FINT moment
 * (2026-01-31T00:00:00Z, of which the day is taken). null for anything else, and for days no calendar has.
 * Years 1900 to 2199.
 */
export function parse(text: string): string | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  const norwegian = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const [year, month, date] = iso
    ? [iso[1], iso[2], iso[3]]
    : norwegian
      ? [norwegian[3], norwegian[2], norwegian[1]]
      : [];
  if (!year || !month || !date || year < '1900' || year > '2199') return null;
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const moment = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== day ? null : day;
}

/** Whether something with a first day and a last day (null: none yet) stands on a day. Both days are within. */
export const stands = (period: { validFrom: string; validTo: string | null }, on: string): boolean =>
  period.validFrom <= on && (period.validTo === null || period.validTo >= on);
