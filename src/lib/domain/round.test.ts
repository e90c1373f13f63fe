import { describe, expect, it } from 'vitest';
import * as Round from '#domain/round.ts';

const at = (day: number) => new Date(Date.UTC(2027, 2, day, 8));
const round = (state: Round.State): Round.Round => ({ state, opensAt: at(1), stopsAt: at(22) });

describe('a round', () => {
  it('goes from planned to closed in six steps and no others', () => {
    let state: Round.State = 'planned';
    for (const verb of ['approve', 'freeze', 'open', 'stop', 'close'] as const) {
      const stepped = Round.step(round(state), verb, at(0));
      expect(stepped.ok).toBe(true);
      if (stepped.ok) state = stepped.state;
    }
    expect(state).toBe('closed');
    expect(Round.next('closed')).toEqual(['withdraw']);
  });

  it('refuses every verb from every state that is not in the table', () => {
    for (const state of ['planned', 'approved', 'frozen', 'open', 'stopped', 'closed', 'withdrawn'] as const)
      for (const verb of Object.keys(Round.ways) as Round.Verb[])
        if (!(Round.ways[verb].from as readonly string[]).includes(state))
          expect(Round.step(round(state), verb, at(0), 'why')).toEqual({ ok: false, refusal: 'wrong-state' });
  });

  it('is not frozen when its window is past, nor approved when it is turned round', () => {
    expect(Round.step(round('approved'), 'freeze', at(23))).toEqual({ ok: false, refusal: 'past' });
    const turned = { ...round('planned'), stopsAt: at(1) };
    expect(Round.step(turned, 'approve', at(0))).toEqual({ ok: false, refusal: 'window' });
  });

  it('takes answers for a day at least and a year at most, so that a mistyped year is found', () => {
    const fault = (hours: number) =>
      Round.windowFault({ opensAt: at(1), stopsAt: new Date(at(1).getTime() + hours * 3600_000) }, at(0));
    expect([23, 24, 366 * 24, 367 * 24].map(fault)).toEqual(['window', null, null, 'window']);
  });

  it('has a name that fits a subject line and a letter', () => {
    const names = [
      'Medarbeiderundersøkelsen 2027',
      ' ',
      'å'.repeat(120),
      'å'.repeat(121),
      'a\r\nBcc: b',
      'a\u202eb',
    ];
    expect(names.map(Round.nameHolds)).toEqual([true, false, true, false, false, false]);
  });

  it('knows the reminders that would come after it has stopped', () => {
    const window = { opensAt: at(1), stopsAt: at(22) };
    expect(Round.remindersTooLate(window, [7, 20, 21, 60])).toEqual([21, 60]);
  });

  it('is withdrawn only with a reason', () => {
    expect(Round.step(round('open'), 'withdraw', at(3), '  ')).toEqual({ ok: false, refusal: 'reason' });
    expect(Round.step(round('open'), 'withdraw', at(3), 'Wrong staff list')).toEqual({
      ok: true,
      state: 'withdrawn',
    });
  });

  it('opens and stops by the clock, and takes no answer after its time even when the job is late', () => {
    expect(Round.due(round('frozen'), at(0))).toBe(null);
    expect(Round.due(round('frozen'), at(1))).toBe('open');
    expect(Round.due(round('frozen'), at(22))).toBe(null);
    expect(Round.due(round('open'), at(21))).toBe(null);
    expect(Round.due(round('open'), at(30))).toBe('stop');
    expect(Round.due(round('stopped'), at(30))).toBe(null);
    expect(Round.phase(round('open'), at(22))).toBe('late');
    expect(Round.phase(round('frozen'), at(2))).toBe('early');
  });

  it('counts reminders from the opening', () => {
    expect(Round.dueReminders(round('open'), [7, 14], at(7))).toEqual([]);
    expect(Round.dueReminders(round('open'), [7, 14], at(8))).toEqual([1]);
    expect(Round.dueReminders(round('open'), [7, 14], at(20))).toEqual([1, 2]);
    expect(Round.dueReminders(round('stopped'), [7, 14], at(20))).toEqual([]);
  });
});

describe('who is invited', () => {
  const rule: Round.InvitedRule = {
    inPostOn: '2027-02-01',
    minimumShare: 20,
    kinds: [],
    includeOnLeave: false,
  };
  const post = (unit: string, over: Partial<Round.Candidate['positions'][number]> = {}) => ({
    unit,
    share: 100,
    kind: '6455',
    main: false,
    onLeave: false,
    ...over,
  });

  it('answers once, for the main position', () => {
    const positions = [post('A', { share: 50 }), post('B', { share: 30, main: true })];
    expect(Round.invitedIn({ personId: 'p', positions }, rule)).toBe('B');
  });
  it('falls back to the largest position that the rule takes', () => {
    const positions = [
      post('A', { share: 50 }),
      post('B', { share: 10, main: true }),
      post('C', { share: 60, onLeave: true }),
    ];
    expect(Round.invitedIn({ personId: 'p', positions }, rule)).toBe('A');
    expect(Round.invitedIn({ personId: 'p', positions }, { ...rule, includeOnLeave: true })).toBe('C');
  });
  it('reaches only the kinds of position it names', () => {
    expect(Round.invitedIn({ personId: 'p', positions: [post('A')] }, { ...rule, kinds: ['7174'] })).toBe(
      null,
    );
  });
});

it('keeps thresholds at or over their floors', () => {
  expect(Round.thresholdsHold({ factor: 5, statement: 10, invited: 7 })).toBe(true);
  expect(Round.thresholdsHold({ factor: 4, statement: 10, invited: 7 })).toBe(false);
  expect(Round.thresholdsHold({ factor: 5, statement: 6, invited: 7 })).toBe(false);
  expect(Round.thresholdsHold({ factor: 12, statement: 10, invited: 7 })).toBe(false);
});
