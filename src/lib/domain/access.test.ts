import { describe, expect, it } from 'vitest';
import { actions, type Actor, may, outAt, type Role, type Subject } from '#domain/access.ts';

const somebody = (over: Partial<Actor> = {}): Actor => ({
  personId: 'p',
  name: 'P',
  roles: [],
  leads: [],
  worksIn: [],
  ...over,
});
const released = new Date('2027-04-01T06:00:00Z');
const on = (day: string) => new Date(`${day}T12:00:00Z`);
const result = (over: Partial<Subject> = {}): Subject => ({
  path: ['K', 'HM', 'SYK', 'A'],
  releasedAt: released,
  ...over,
});
const sees = (actor: Actor | null, subject: Subject, now = on('2027-04-02')) =>
  may(actor, 'result.see', subject, now);

describe('access', () => {
  it('lets a stranger do nothing at all', () => {
    for (const action of actions) expect(may(null, action, result(), on('2028-01-01'))).toBe(false);
  });

  it('shows a result to its leaders all the way up, and not sideways or down', () => {
    for (const code of ['K', 'HM', 'SYK', 'A'])
      expect(sees(somebody({ leads: [code] }), result())).toBe(true);
    expect(sees(somebody({ leads: ['B'] }), result())).toBe(false);
    expect(sees(somebody({ leads: ['A'] }), result({ path: ['K', 'HM', 'SYK'] }))).toBe(false);
  });

  it('shows it to nobody before the release', () => {
    expect(sees(somebody({ leads: ['A'] }), result(), on('2027-03-31'))).toBe(false);
    expect(sees(somebody({ leads: ['A'] }), result({ releasedAt: undefined }))).toBe(false);
  });

  it('shows it to representatives of the unit at the same minute as to its leader', () => {
    for (const role of ['union', 'safety', 'quality'] as const) {
      expect(sees(somebody({ roles: [{ role, unit: 'A' }] }), result(), released)).toBe(true);
      expect(sees(somebody({ roles: [{ role, unit: 'SYK' }] }), result(), released)).toBe(true);
      expect(sees(somebody({ roles: [{ role, unit: null }] }), result(), released)).toBe(true);
      expect(sees(somebody({ roles: [{ role, unit: 'B' }] }), result(), released)).toBe(false);
    }
    expect(sees(somebody({ roles: [{ role: 'hr', unit: null }] }), result(), released)).toBe(true);
  });

  it('shows employees their own unit after 28 days, and no other', () => {
    const nurse = somebody({ worksIn: ['A'] });
    expect(sees(nurse, result(), on('2027-04-28'))).toBe(false);
    expect(sees(nurse, result(), on('2027-04-30'))).toBe(true);
    expect(sees(nurse, result({ path: ['K', 'HM', 'SYK'] }), on('2027-04-30'))).toBe(false);
    const promised = result({ promisedBy: on('2027-04-10') });
    expect(sees(nurse, promised, on('2027-04-09'))).toBe(false);
    expect(sees(nurse, promised, on('2027-04-11'))).toBe(true);
    expect(sees(nurse, { ...promised, releasedAt: on('2027-04-20') }, on('2027-04-19'))).toBe(false);
  });

  it('shows employees their own unit from its first meeting on, and nobody else by it', () => {
    const presentedAt = new Date('2027-04-10T12:30:00Z');
    const before = new Date('2027-04-10T12:29:59Z');
    const own = result({ presentedAt });
    const area = result({ path: ['K', 'HM'], presentedAt });
    const rows: [who: Partial<Actor>, subject: Subject, now: Date, sees: boolean][] = [
      [{ worksIn: ['A'] }, own, before, false],
      [{ worksIn: ['A'] }, own, presentedAt, true],
      [{ worksIn: ['A'] }, result(), presentedAt, false],
      [{ worksIn: ['A'] }, area, presentedAt, false],
      [{ worksIn: ['B', 'SYK', 'HM', 'K'] }, own, presentedAt, false],
      [{ worksIn: ['A'] }, { ...own, aboutLeader: true }, presentedAt, false],
      [{ worksIn: ['A'] }, { ...own, releasedAt: on('2027-04-20') }, on('2027-04-15'), false],
      ...(['HM', null] as const).map((unit): [Partial<Actor>, Subject, Date, boolean] => [
        { roles: [{ role: 'committee', unit }] },
        area,
        presentedAt,
        false,
      ]),
      [{ roles: [{ role: 'committee', unit: 'HM' }] }, area, on('2027-04-30'), true],
      [{ roles: [{ role: 'committee', unit: 'HM' }], worksIn: ['HM'] }, area, presentedAt, true],
    ];
    for (const [who, subject, now, expected] of rows)
      expect([who, subject, sees(somebody(who), subject, now)]).toEqual([who, subject, expected]);
  });

  it('says by when everybody sees a result: 28 days, or the promised day, never before the release', () => {
    const out = (promisedBy?: Date) => outAt({ releasedAt: released, promisedBy }).toISOString().slice(0, 10);
    expect(out()).toBe('2027-04-29');
    expect(out(on('2027-04-10'))).toBe('2027-04-10');
    expect(out(on('2027-06-01'))).toBe('2027-04-29');
    expect(out(on('2027-03-01'))).toBe('2027-04-01');
  });

  it('shows committee readers their unit and the level below it, no departments further down', () => {
    const politician = somebody({ roles: [{ role: 'committee', unit: 'HM' }] });
    expect(sees(politician, result({ path: ['K', 'HM'] }), on('2027-04-30'))).toBe(true);
    expect(sees(politician, result({ path: ['K', 'HM', 'SYK'] }), on('2027-04-30'))).toBe(true);
    expect(sees(politician, result(), on('2027-04-30'))).toBe(false);
    const council = somebody({ roles: [{ role: 'committee', unit: null }] });
    expect(sees(council, result({ path: ['K', 'HM'] }), on('2027-04-30'))).toBe(true);
    expect(sees(council, result({ path: ['K', 'HM', 'SYK'] }), on('2027-04-30'))).toBe(false);
  });

  const led = (personId: string, until: string | null = null) => ({ personId, until });
  /** K is led by k, HM by hm, SYK by syk and A by a. */
  const line = [led('k'), led('hm'), led('syk'), led('a')];

  it('shows a leader evaluation to the leader and the leader above alone', () => {
    const about = result({ aboutLeader: true, line });
    expect(sees(somebody({ personId: 'a', leads: ['A'] }), about)).toBe(true);
    expect(sees(somebody({ personId: 'syk', leads: ['SYK'] }), about)).toBe(true);
    expect(sees(somebody({ personId: 'hm', leads: ['HM'] }), about)).toBe(false);
    expect(sees(somebody({ roles: [{ role: 'hr', unit: null }] }), about)).toBe(false);
    expect(sees(somebody({ worksIn: ['A'] }), about, on('2028-01-01'))).toBe(false);
    expect(sees(somebody({ personId: 'syk', leads: ['SYK'] }), { ...about, line: undefined })).toBe(false);
  });

  it('gives a report to the person it is of, wherever they are now, and never to who took over', () => {
    const about = result({ aboutLeader: true, evaluated: 'p', line });
    const vacant = { ...about, line: [led('k'), led('hm'), null, led('a')] };
    const both = { ...about, line: [led('k'), led('hm'), led('p'), led('p')] };
    const left = { ...about, line: [led('k'), led('hm'), led('syk', '2027-03-31'), led('a')] };
    const rows: [who: Partial<Actor>, subject: Subject, sees: boolean][] = [
      [{ personId: 'p' }, about, true],
      [{ personId: 'q', leads: ['A'] }, about, false],
      [{ personId: 'syk', leads: ['SYK'] }, about, true],
      [{ personId: 'hm', leads: ['HM'] }, about, false],
      [{ personId: 'q', roles: [{ role: 'hr', unit: null }] }, about, false],
      [{ personId: 'syk', leads: ['SYK'] }, { ...about, evaluated: null }, false],
      [{ personId: 'q', leads: ['A'] }, { ...about, evaluated: null }, false],
      // Past a unit without a leader, and past one that the same person leads.
      ...[vacant, both, left].flatMap((subject): [Partial<Actor>, Subject, boolean][] => [
        [{ personId: 'hm', leads: ['HM'] }, subject, true],
        [{ personId: 'k', leads: ['K'] }, subject, false],
        [{ personId: 'syk', leads: ['SYK'] }, subject, false],
      ]),
    ];
    for (const [who, subject, expected] of rows) {
      const asked = [
        sees(somebody(who), subject),
        may(somebody(who), 'evaluation.see', subject, on('2027-04-02')),
      ];
      expect([who, ...asked]).toEqual([who, expected, expected]);
    }
  });

  it('shows a sum over leaders to who leads the unit, never where another’s own report is in it', () => {
    const sums = (who: Partial<Actor>, evaluated?: string | null) =>
      may(somebody(who), 'evaluation.sum', { path: ['K', 'HM'], evaluated }, released);
    expect(sums({ leads: ['HM'] }, 'p')).toBe(true);
    expect(sums({ leads: ['HM'] }, 'q')).toBe(false);
    expect(sums({ leads: ['HM'] }, null)).toBe(true);
    expect(sums({ leads: ['K'] }, 'p')).toBe(false);
    expect(sums({}, 'p')).toBe(false);
  });

  it('keeps a self-assessment to the leader, and shows it to the leader above once it is shared', () => {
    const own = result({ evaluated: 'p', line });
    const shared = { ...own, sharedAt: released };
    const above = somebody({ personId: 'syk', leads: ['SYK'] });
    const hr = somebody({ personId: 'hm', roles: [{ role: 'hr', unit: null }], leads: ['HM'] });
    for (const subject of [own, shared]) {
      expect(may(somebody(), 'assessment.see', subject, released)).toBe(true);
      expect(may(somebody(), 'assessment.write', subject, released)).toBe(true);
      for (const who of [above, hr]) expect(may(who, 'assessment.write', subject, released)).toBe(false);
      expect(may(hr, 'assessment.see', subject, released)).toBe(false);
    }
    expect(may(above, 'assessment.see', own, released)).toBe(false);
    expect(may(above, 'assessment.see', shared, released)).toBe(true);
    expect(may(somebody({ leads: ['A'] }), 'assessment.write', result(), released)).toBe(false);
  });

  it('gives freezing and opening of ballots to the operator role, and plans to HR, never the one for the other', () => {
    const hr = somebody({ roles: [{ role: 'hr', unit: null }] });
    const operator = somebody({ roles: [{ role: 'operator', unit: null }] });
    for (const action of ['round.freeze', 'round.close'] as const) {
      expect(may(operator, action, { holder: null }, released)).toBe(true);
      expect(may(hr, action, { holder: null }, released)).toBe(false);
      // Closed when nobody has said who operates the round.
      expect(may(operator, action, {}, released)).toBe(false);
    }
    expect(may(hr, 'round.plan', {}, released)).toBe(true);
    expect(may(operator, 'round.plan', {}, released)).toBe(false);
    expect(sees(operator, result())).toBe(false);
    expect(may(hr, 'operator.give', {}, released)).toBe(false);
    expect(may(operator, 'operator.give', {}, released)).toBe(true);
  });

  it('gives a round that a body outside holds to the person named there alone, once it is handed over', () => {
    const as = (...held: Role[]) =>
      somebody({ personId: 'x', roles: held.map((role) => ({ role, unit: null })) });
    const named = { holder: { personId: 'p', handedAt: null } };
    const handed = { holder: { personId: 'p', handedAt: released } };
    const rows: [who: Actor, ...namedThenHanded: string[][]][] = [
      [somebody(), ['see'], ['see', 'freeze', 'close', 'withdraw', 'refetch']],
      [as('operator'), ['see'], ['see']],
      [as('hr'), ...[0, 1].map(() => ['see', 'withdraw', 'refetch', 'plan', 'names'])],
      [as('dpo'), ['see'], ['see']],
      [as(), [], []],
      // Who has come to work here, or to have a role, is not outside any longer.
      [somebody({ worksIn: ['A'] }), [], []],
      [somebody({ leads: ['A'] }), [], []],
      [somebody({ roles: [{ role: 'operator', unit: null }] }), ['see'], ['see']],
    ];
    const verbs = ['see', 'freeze', 'close', 'withdraw', 'refetch', 'plan', 'names'] as const;
    for (const [who, ...expected] of rows)
      for (const [i, subject] of [named, handed].entries())
        expect([who, i, verbs.filter((verb) => may(who, `round.${verb}`, subject, released))]).toEqual([
          who,
          i,
          expected[i],
        ]);
    expect(may(as('operator'), 'approval.hand', {}, released)).toBe(true);
    expect(may(as('hr'), 'approval.hand', {}, released)).toBe(false);
  });

  it('shows who only holds a key nothing else of the house', () => {
    const subject = { ...result(), holder: { personId: 'p', handedAt: released } };
    const late = on('2028-01-01');
    expect(actions.filter((action) => may(somebody(), action, subject, late))).toEqual([
      ...['account.see', 'account.change', 'session.end'],
      ...['round.see', 'round.freeze', 'round.close', 'round.withdraw', 'round.refetch'],
      ...['result.list', 'due.see', 'said.list'],
    ]);
  });

  it('lets HR print codes, and nobody those of their own unit or of units under them', () => {
    const as = (who: Partial<Actor>) =>
      may(
        somebody({ roles: [{ role: 'hr', unit: null }], ...who }),
        'code.print',
        { path: ['K', 'HM', 'A'] },
        released,
      );
    expect(as({})).toBe(true);
    expect(as({ worksIn: ['K'] })).toBe(true);
    expect(as({ worksIn: ['A'] })).toBe(false);
    expect(as({ leads: ['A'] })).toBe(false);
    expect(as({ leads: ['HM'] })).toBe(false);
    expect(as({ roles: [{ role: 'operator', unit: null }] })).toBe(false);
  });

  it('lets who was named enter paper forms, and nobody those of a group they work with or stand over', () => {
    const group = { enterers: ['e'], staffOf: ['A'], ledBy: ['K', 'HM', 'A'] };
    const as = (who: Partial<Actor>, subject = group) =>
      may(somebody({ personId: 'e', ...who }), 'paper.read', subject, released);
    expect(as({ worksIn: ['B'] })).toBe(true);
    expect(as({ worksIn: ['HM'] })).toBe(true);
    expect(as({ worksIn: ['A', 'B'] })).toBe(false);
    expect(as({ leads: ['HM'] })).toBe(false);
    expect(as({ leads: ['B'] })).toBe(true);
    expect(as({ personId: 'x', roles: [{ role: 'hr', unit: null }] })).toBe(false);
    expect(may(somebody({ personId: 'e' }), 'paper.enter', {}, released)).toBe(false);
    expect(may(somebody({ personId: 'e' }), 'paper.give', group, released)).toBe(false);
    expect(may(somebody({ roles: [{ role: 'hr', unit: null }] }), 'paper.give', {}, released)).toBe(true);
  });

  it('lets a named witness act, and nobody who plans or operates, not even when they were named first', () => {
    const named = { witnesses: ['w'] };
    const witness = somebody({ personId: 'w', roles: [{ role: 'dpo', unit: null }] });
    expect(may(witness, 'witness.act', named, released)).toBe(true);
    expect(may(witness, 'witness.act', {}, released)).toBe(false);
    expect(may(somebody({ personId: 'x' }), 'witness.act', named, released)).toBe(false);
    for (const role of ['hr', 'operator'] as const) {
      const keeper = somebody({ ...witness, roles: [...witness.roles, { role, unit: null }] });
      expect(may(keeper, 'witness.act', named, released)).toBe(false);
      expect(may(keeper, 'witness.name', {}, released)).toBe(true);
    }
    expect(may(witness, 'witness.name', {}, released)).toBe(false);
  });

  it('lets a named reader read comments, and nobody who plans, operates or leads in the line', () => {
    const named = { readers: ['r'], concerned: ['K', 'A'] };
    const reader = somebody({ personId: 'r', roles: [{ role: 'quality', unit: null }] });
    expect(may(reader, 'comment.read', named, released)).toBe(true);
    expect(may(reader, 'comment.read', {}, released)).toBe(false);
    expect(may(somebody({ personId: 'x' }), 'comment.read', named, released)).toBe(false);
    expect(may(somebody({ ...reader, leads: ['A'] }), 'comment.read', named, released)).toBe(false);
    expect(may(somebody({ ...reader, leads: ['B'] }), 'comment.read', named, released)).toBe(true);
    for (const role of ['hr', 'operator'] as const) {
      const keeper = somebody({ ...reader, roles: [...reader.roles, { role, unit: null }] });
      expect(may(keeper, 'comment.read', named, released)).toBe(false);
      expect(may(keeper, 'comment.name', {}, released)).toBe(role === 'hr');
    }
    expect(may(reader, 'comment.name', {}, released)).toBe(false);
  });

  it('lets representatives and committees of the units a round concerns comment on its draft, and HR record', () => {
    const concerned = ['K', 'HM', 'A'];
    const rows: [who: Partial<Actor>, see: boolean, comment: boolean, record: boolean, outside: boolean][] = [
      [{ roles: [{ role: 'committee', unit: 'HM' }] }, true, true, false, false],
      [{ roles: [{ role: 'committee', unit: 'OP' }] }, false, false, false, false],
      [{ roles: [{ role: 'union', unit: 'A' }] }, true, true, false, false],
      [{ roles: [{ role: 'safety', unit: 'OP' }] }, true, false, false, false],
      [{ roles: [{ role: 'hr', unit: null }] }, true, false, true, true],
      [{ roles: [{ role: 'operator', unit: null }] }, true, false, false, true],
      [{ leads: ['HM'], worksIn: ['A'] }, false, false, false, false],
    ];
    for (const [who, ...expected] of rows)
      expect(
        (['see', 'comment', 'record', 'outside'] as const).map((verb) =>
          may(somebody(who), `approval.${verb}`, { concerned }, released),
        ),
      ).toEqual(expected);
  });
});
