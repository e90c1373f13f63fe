import { describe, expect, it } from 'vitest';
import * as Calendar from '#domain/calendar.ts';
import * as Day from '#domain/day.ts';

const ordinary = { month: 9, windowDays: 21 };

it.each([
  ['2026-12-24', '2027-01-04', 'after Christmas'],
  ['2027-06-10', '2027-08-02', 'after July'],
  ['2027-09-03', '2027-09-06', 'no Friday, and no weekend'],
  ['2027-09-07', '2027-09-07', 'a day that fits'],
])('what is planned for %s opens %s: %s', (from, opensOn, _) => {
  expect(Calendar.nextOpening(from, 21)).toBe(opensOn);
});

describe('the opening', () => {
  it.each([
    [{ month: 9, windowDays: 21 }, 2027, '2027-09-06', '2027-09-27', null, 'the first Monday'],
    [{ month: 6, windowDays: 21 }, 2027, '2027-06-07', '2027-06-28', null, 'over before July'],
    [{ month: 3, windowDays: 21 }, 2027, '2027-03-30', '2027-04-20', 'easter', 'the Tuesday after Easter'],
    [{ month: 3, windowDays: 21 }, 2029, '2029-03-01', '2029-03-22', 'easter', 'the Thursday before'],
    [{ month: 4, windowDays: 21 }, 2030, '2030-04-23', '2030-05-14', 'easter', 'Easter in the month'],
    [{ month: 5, windowDays: 21 }, 2028, '2028-05-02', '2028-05-23', 'day-off', 'Monday is the first of May'],
    [{ month: 6, windowDays: 21 }, 2031, '2031-06-03', '2031-06-24', 'day-off', 'Whit Monday'],
    [{ month: 7, windowDays: 21 }, 2027, '2027-08-02', '2027-08-23', 'july', 'no day in the month'],
    [{ month: 12, windowDays: 21 }, 2027, '2028-01-03', '2028-01-24', 'christmas', 'nor in December'],
    [{ month: 12, windowDays: 14 }, 2027, '2027-12-02', '2027-12-16', 'christmas', 'room for a short one'],
    [{ month: 1, windowDays: 21 }, 2029, '2029-01-03', '2029-01-24', 'christmas', 'Monday is New Year’s Day'],
    [{ month: 2, windowDays: 21 }, 2028, '2028-02-07', '2028-02-28', null, 'a leap year'],
    [
      { month: 4, windowDays: 42 },
      2027,
      '2027-04-05',
      '2027-05-14',
      null,
      'stop on 17 May, so the Friday before',
    ],
  ] as const)('%o in %i is %s to %s (%s: %s)', (rule, year, opensOn, stopsOn, why, _said) => {
    expect(Calendar.windowOf(rule, year)).toMatchObject({ opensOn, stopsOn, why });
  });

  it('is on a working day with a clear window, whatever the month, the length and the year', () => {
    for (let year = 2026; year <= 2038; year++)
      for (let month = 1; month <= 12; month++)
        for (const windowDays of [7, 14, 21, 30, 42]) {
          const window = Calendar.windowOf({ month, windowDays }, year);
          expect(Calendar.obstacle(window.opensOn, windowDays)).toBeNull();
          expect(
            Math.abs(Day.between(`${year}-${String(month).padStart(2, '0')}-15`, window.opensOn)),
          ).toBeLessThan(60);
          expect(window.stopsOn > window.opensOn).toBe(true);
        }
  });
});

it.each([
  ['2027-09-06', 21, '2027-09-27', [7, 14]],
  ['2027-05-03', 21, '2027-05-24', [7, 11]],
  ['2027-05-03', 14, '2027-05-14', [7]],
  ['2029-04-10', 21, '2029-04-30', [7, 14]],
  ['2028-02-15', 21, '2028-03-07', [7, 14]],
  ['2027-09-06', 7, '2027-09-13', []],
])(
  'a window from %s of %i days stops on %s and reminds after %o days',
  (opensOn, days, stopsOn, reminders) => {
    expect(Calendar.windowFrom(opensOn, days)).toEqual({ opensOn, stopsOn, reminders });
  },
);

describe('the days of a round', () => {
  const told = (window: Calendar.Window, releasedOn?: string) =>
    Calendar.deadlines(window, releasedOn).map(({ kind, nth, day }) => `${day} ${kind}${nth || ''}`);

  it('are these for the ordinary survey of 2027', () => {
    expect(told(Calendar.windowOf(ordinary, 2027))).toEqual([
      '2027-06-14 approval',
      '2027-08-23 information',
      '2027-08-30 freezing',
      '2027-09-06 opening',
      '2027-09-13 reminder1',
      '2027-09-20 reminder2',
      '2027-09-27 stop',
      '2027-10-01 close', // the fifth day is a Saturday
      '2027-10-11 release',
      '2027-11-08 first-meeting',
      '2027-12-06 second-meeting',
      '2027-12-17 plan', // the seventieth day is the first of Christmas
      '2027-12-31 annual',
      '2028-04-28 t1', // the thirtieth is a Sunday
      '2028-08-31 t2',
    ]);
  });

  it('are these for the residents’ survey of 2027, after Easter', () => {
    expect(told(Calendar.windowOf({ month: 3, windowDays: 21 }, 2027))).toEqual([
      '2027-01-05 approval',
      '2027-03-16 information',
      '2027-03-19 freezing', // a week before the opening is Easter week
      '2027-03-30 opening',
      '2027-04-06 reminder1',
      '2027-04-13 reminder2',
      '2027-04-20 stop',
      '2027-04-23 close', // the fifth day is a Sunday
      '2027-05-04 release',
      '2027-06-01 first-meeting',
      '2027-06-29 second-meeting',
      '2027-06-30 plan', // the seventieth day is 13 July
      '2027-08-31 t2',
      '2027-12-31 annual',
      '2028-04-28 t1',
    ]);
  });

  it('are these for a leader evaluation in a leap year', () => {
    expect(told(Calendar.windowOf({ month: 3, windowDays: 21 }, 2028))).toEqual([
      '2027-12-13 approval',
      '2028-02-21 information',
      '2028-02-28 freezing', // six days before would be the 29th
      '2028-03-06 opening',
      '2028-03-13 reminder1',
      '2028-03-20 reminder2',
      '2028-03-27 stop',
      '2028-03-31 close',
      '2028-04-07 release', // the fourteenth day is the Monday before Easter
      '2028-05-05 first-meeting',
      '2028-06-02 second-meeting',
      '2028-06-16 plan',
      '2028-08-31 t2',
      '2028-12-29 annual', // the thirty-first is a Sunday
      '2029-04-30 t1',
    ]);
  });

  it('follow the results once they are out', () => {
    const days = told(Calendar.windowOf(ordinary, 2027), '2027-09-29');
    expect(days).toContain('2027-09-29 release');
    expect(days).toContain('2027-10-27 first-meeting');
    expect(days).toContain('2027-12-08 plan');
  });

  it('come in their order all the same when a quiet time is in the way', () => {
    const order = ['stop', 'close', 'release', 'first-meeting', 'second-meeting', 'plan'];
    const days = Calendar.deadlines(Calendar.windowFrom('2027-06-09', 21));
    const after = order.map((kind) => days.find((one) => one.kind === kind)!.day);
    expect(after).toEqual([
      '2027-06-30',
      '2027-07-05',
      '2027-07-14',
      '2027-08-11',
      '2027-09-08',
      '2027-09-22',
    ]);
  });
});

it.each([
  ['2027-09-06', '2027-09-27', '2027-09-06T06:00:00.000Z', '2027-09-27T18:00:00.000Z'],
  ['2028-03-06', '2028-03-27', '2028-03-06T07:00:00.000Z', '2028-03-27T18:00:00.000Z'],
  ['2027-10-11', '2027-11-01', '2027-10-11T06:00:00.000Z', '2027-11-01T19:00:00.000Z'],
])('%s to %s is in Norwegian time, over changes of the clock too', (opensOn, stopsOn, opensAt, stopsAt) => {
  const { opensAt: opens, stopsAt: stops } = Calendar.momentsOf({ opensOn, stopsOn, reminders: [] });
  expect([opens.toISOString(), stops.toISOString()]).toEqual([opensAt, stopsAt]);
  expect(Calendar.windowAt({ opensAt: opens, stopsAt: stops, reminders: [] })).toMatchObject({
    opensOn,
    stopsOn,
  });
});

it.each([
  ['2027-09-13', null],
  ['2026-11-25', 'past'],
  ['2026-11-26', 'far'],
  ['2027-09-11', 'day-off'],
  ['2027-06-14', 'july'],
  ['2027-12-06', 'christmas'],
  ['2028-04-20', 'far'],
])('moved from 6 September 2027 to %s it is refused as %s', (to, refusal) => {
  expect(Calendar.moveFault(to, '2027-09-06', 21, '2026-11-25')).toBe(refusal);
});
