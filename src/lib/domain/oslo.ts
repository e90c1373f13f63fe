const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** A moment as a form's field writes it: "2027-03-01T08:00", Norwegian time whatever the server's zone. */
export const toOslo = (moment: Date): string => format.format(moment).replace(' ', 'T');

/** The moment that a field means, Norwegian time. null when it is no such time, also one that summer time skips. */
export function fromOslo(written: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(written)) return null;
  for (const hours of [1, 2]) {
    const moment = new Date(`${written}:00+0${hours}:00`);
    if (!Number.isNaN(moment.getTime()) && toOslo(moment) === written) return moment;
  }
  return null;
}
