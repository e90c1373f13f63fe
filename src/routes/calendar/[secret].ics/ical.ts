import { ICalCalendar, ICalEventTransparency } from 'ical-generator';
import type { Entry } from '#server/calendar.ts';
import { kindWords } from '#ui/calendar-words.ts';

export type Locale = 'nb' | 'nn' | 'en';

/** An iCalendar (RFC 5545) of whole days. host: makes the ids worldwide, the same each time the file is fetched. */
export function ical(
  entries: Entry[],
  { name, host, now, locale }: { name: string; host: string; now: Date; locale: Locale },
): string {
  const calendar = new ICalCalendar({
    // The package escapes texts of events, but writes the calendar's name as it is.
    name: name.replaceAll(/[\\,;\s]+/g, ' ').trim(),
    prodId: { company: 'Medvirk', product: 'Medvirk', language: locale.toUpperCase() },
    ttl: 12 * 3600,
  });
  for (const { uid, day, kind, nth, name: of } of entries) {
    const what = kindWords[kind]({ nth }, { locale });
    calendar.createEvent({
      id: `${uid}@${host}`,
      stamp: now,
      start: new Date(`${day}T00:00:00Z`),
      allDay: true,
      summary: of === null ? what : `${of}: ${what}`,
      // A deadline leaves the day free.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return `${calendar.toString()}\r\n`;
}
