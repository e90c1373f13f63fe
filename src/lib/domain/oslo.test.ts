import { expect, it } from 'vitest';
import { fromOslo, toOslo } from '#domain/oslo.ts';

it('reads Norwegian time in winter and summer', () => {
  expect(fromOslo('2027-01-15T08:00')?.toISOString()).toBe('2027-01-15T07:00:00.000Z');
  expect(fromOslo('2027-07-15T08:00')?.toISOString()).toBe('2027-07-15T06:00:00.000Z');
  expect(toOslo(new Date('2027-07-15T06:00:00Z'))).toBe('2027-07-15T08:00');
});

it('refuses what is no time, and the hour that summer time skips', () => {
  for (const written of ['', 'soon', '2027-02-30T08:00', '2027-13-01T08:00', '2027-03-28T02:30'])
    expect(fromOslo(written)).toBe(null);
});
