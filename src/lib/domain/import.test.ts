import { describe, expect, it } from 'vitest';
import * as Csv from '#domain/csv.ts';
import { identityColumn, warning } from '#domain/import.ts';
import { comparePeople, type PeopleBase, readPeople } from '#domain/import-people.ts';
import { compareUnits, readUnits, type UnitBase } from '#domain/import-units.ts';
import type { PersonState, PositionState } from '#domain/person.ts';
import type { UnitState } from '#domain/unit.ts';

const on = '2026-09-01';

function csv(text: string): Csv.Csv {
  const read = Csv.read(new TextEncoder().encode(text));
  if (!read.ok) throw new Error(read.refusal);
  return read;
}
const units = (...lines: string[]) =>
  readUnits(csv(['organisasjonsKode;navn;overordnet;leder', ...lines].join('\n')));
const people = (...lines: string[]) =>
  readPeople(
    csv(
      [
        'ansattnummer;navn;epost;arbeidssted;stillingskode;ansettelsesprosent;hovedstilling;gyldigFra;gyldigTil',
        ...lines,
      ].join('\n'),
    ),
  );
const faults = (read: { faults: { fault: string; line: number | null; column: string | null }[] }) =>
  read.faults.map(({ fault, line, column }) => `${line} ${column} ${fault}`);

const unit = (code: string, more: Partial<UnitState> = {}): UnitState => ({
  id: `u-${code}`,
  code,
  name: `Enhet ${code}`,
  shortName: null,
  level: null,
  parent: code === 'K' ? null : 'K',
  leaderId: null,
  leaderSince: null,
  validFrom: '2020-01-01',
  validTo: null,
  ...more,
});
const person = (number: string | null, more: Partial<PersonState> = {}): PersonState => ({
  id: `p-${number}`,
  employeeNumber: number,
  name: `Person ${number}`,
  email: `${number}@fjordvik.example`,
  mobile: null,
  leftOn: null,
  ...more,
});
const post = (employeeNumber: string, code: string, more: Partial<PositionState> = {}): PositionState => ({
  id: `s-${employeeNumber}-${code}`,
  key: `${employeeNumber}/${code}/`,
  employeeNumber,
  unit: code,
  title: null,
  kind: null,
  share: 100,
  main: true,
  onLeave: false,
  validFrom: '2020-01-01',
  validTo: null,
  ...more,
});

describe('columns', () => {
  it("are known by FINT's names in any case, with or without what they belong to", () => {
    const read = readUnits(
      csv(
        'Organisasjonselement.organisasjonskode;NAVN;overordnet.organisasjonsKode;Nivaa;gyldighetsperiode.start\nK;Kommunen;;kommune;2020-01-01T00:00:00Z',
      ),
    );
    expect(read).toMatchObject({
      faults: [],
      unread: [],
      rows: [{ code: 'K', level: 'kommune', validFrom: '2020-01-01', leader: undefined }],
    });
    const staff = readPeople(
      csv(
        'personalressurs.ansattnummer;fornavn;etternavn;personalressurs.kontaktinformasjon.epostadresse;arbeidssted\n7;Kari;Moen;Kari@Fjordvik.example;K',
      ),
    );
    expect(staff.rows).toMatchObject([{ name: 'Kari Moen', email: 'kari@fjordvik.example' }]);
  });

  it('are faults when missing or twice, and nothing else is then read', () => {
    expect(faults(readUnits(csv('organisasjonsKode;kode;navn\n<b>;1;2')))).toEqual([
      '1 organisasjonsKode column-twice',
      '1 overordnet missing-column',
    ]);
    expect(faults(readPeople(csv('ansattnummer;fornavn;arbeidssted\n1;2;3')))).toEqual([
      '1 navn missing-column',
    ]);
    expect(faults(readUnits(csv('organisasjonsKode;navn;overordnet')))).toEqual(['null null no-rows']);
  });

  it('that nobody asked for are named and not read, whatever they are called', () => {
    const read = readUnits(csv('__proto__;constructor;organisasjonsKode;navn;overordnet\n1;2;K;Kommunen;'));
    expect(read.unread).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(read.rows[0] ?? {})).not.toContain('constructor');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('national identity numbers', () => {
  it('stop a file by the name of a column or by what is in it', () => {
    expect(identityColumn(csv('ansattnummer;Fødselsnummer\n1;'))).toEqual({
      number: 2,
      name: 'Fødselsnummer',
    });
    expect(identityColumn(csv('ansattnummer;merknad\n1;se 15878510035'))).toEqual({
      number: 2,
      name: 'merknad',
    });
    expect(identityColumn(csv('navn;15878510035\nKari;1'))).toEqual({ number: 2, name: null });
    expect(identityColumn(csv('ansattnummer;mobil\n1;+47 412 34 567'))).toBeNull();
  });
});

describe('a file of units', () => {
  it('has one top, known parents and no cycles', () => {
    const read = units('K;Kommunen;;', 'A;Avdeling A;X;', 'B;Avdeling B;C;', 'C;Avdeling C;B;', 'D;Til;;');
    expect(faults(read)).toEqual([
      '3 overordnet unknown-parent',
      '4 overordnet cycle',
      '6 overordnet second-root',
    ]);
    expect(read.faults[1]?.value).toBe('B → C → B');
    expect(read.faults[2]?.other).toBe(2);
  });

  it('has every code once, and a name in every line', () => {
    expect(faults(units('K;Kommunen;;', 'A;A;K;', 'A;Ny A;K;', 'B;;K;', ';C;K;'))).toEqual([
      '4 organisasjonsKode duplicate-unit',
      '5 navn missing-value',
      '6 organisasjonsKode missing-value',
    ]);
  });

  it('takes names as text, whatever they look like, and refuses signs that hide', () => {
    const read = units(
      'K;<script>alert(1)</script>;;',
      'A;"=HYPERLINK(""x"")";K;',
      'B;"to\nlinjer";K;',
      'C;a\u202eb;K;',
    );
    expect(read.rows.map((row) => row.name).slice(0, 2)).toEqual([
      '<script>alert(1)</script>',
      '=HYPERLINK("x")',
    ]);
    expect(faults(read)).toEqual(['4 navn bad-characters', '6 navn bad-characters']);
    expect(faults(units('__proto__;K;;', `K;${'x'.repeat(201)};;`, '=1+1;A;K;'))).toEqual([
      '2 organisasjonsKode bad-code',
      '3 navn too-long',
      '4 organisasjonsKode bad-code',
    ]);
  });

  it('never cuts a sign in two when it shows a value', () => {
    const [fault] = units(`K;${'x'.repeat(58)}${'😀'.repeat(100)};;`).faults;
    expect(fault?.value).toMatch(/…$/);
    expect(fault?.value?.isWellFormed()).toBe(true);
  });

  it('has periods that end after they start, within the period of the unit above', () => {
    const read = readUnits(
      csv(
        [
          'organisasjonsKode;navn;overordnet;gyldigFra;gyldigTil',
          'K;Kommunen;;2020-01-01;2026-12-31',
          'A;A;K;01.02.2026;31.01.2026',
          'B;B;K;2026-02-30;2026-12-31',
          'C;C;K;2020-01-01;',
        ].join('\n'),
      ),
    );
    expect(faults(read)).toEqual([
      '3 gyldigTil ends-before-start',
      '4 gyldigFra bad-date',
      '5 overordnet parent-ended',
    ]);
  });
});

describe('what a file of units changes', () => {
  const base = (more: Partial<UnitBase> = {}): UnitBase => ({
    units: [unit('K'), unit('A', { leaderId: 'p-1' }), unit('B')],
    people: [person('1'), person('2'), person('3', { leftOn: '2026-01-01' })],
    staff: new Map([['B', 4]]),
    ...more,
  });
  const compare = (lines: string[], of = base()) => compareUnits(units(...lines).rows, of, on);

  it('is said field by field, with the rest counted', () => {
    const found = compare(['K;Enhet K;;', 'A;Nye A;B;2', 'B;Enhet B;K;', 'N;Ny;A;']);
    expect(found.parts).toEqual([
      {
        of: 'unit',
        added: [{ key: 'N', name: 'Ny' }],
        changed: [
          {
            key: 'A',
            name: 'Nye A',
            fields: [
              { field: 'navn', before: 'Enhet A', after: 'Nye A' },
              { field: 'overordnet', before: 'K', after: 'B' },
              { field: 'leder', before: 'Person 1', after: 'Person 2' },
              { field: 'lederFra', before: null, after: on },
            ],
          },
        ],
        gone: [],
        unchanged: 2,
      },
    ]);
    expect(found.next).toMatchObject([
      { id: 'u-A', name: 'Nye A', parent: 'B', leaderId: 'p-2', validFrom: '2020-01-01' },
      { id: null, code: 'N', validFrom: on, validTo: null },
    ]);
  });

  it('ends units that are not in the file the day before, and says where somebody works', () => {
    const found = compare(['K;Enhet K;;', 'A;Enhet A;K;1']);
    expect(found.parts[0]?.gone).toEqual([{ key: 'B', name: 'Enhet B' }]);
    expect(found.next).toEqual([unit('B', { validTo: '2026-08-31' })]);
    expect(found.warnings).toContainEqual({
      warning: 'gone-with-staff',
      subjects: ['Enhet B (B)'],
      count: 1,
    });
    const ended = base({
      units: [unit('K'), unit('A', { leaderId: 'p-1' }), unit('B', { validTo: '2025-12-31' })],
    });
    expect(compare(['K;Enhet K;;', 'A;Enhet A;K;1'], ended).next).toEqual([]);
  });

  it('lets an ended unit stand again when it is back in the file', () => {
    const ended = base({ units: [unit('K', { validTo: '2025-12-31' })] });
    expect(compare(['K;Enhet K;;'], ended).next).toMatchObject([{ code: 'K', validTo: null }]);
  });

  it('keeps the values of columns the file does not have', () => {
    const rows = readUnits(
      csv('organisasjonsKode;navn;overordnet\nK;Enhet K;\nA;Enhet A;K\nB;Enhet B;K'),
    ).rows;
    const found = compareUnits(rows, base(), on);
    expect(found.next).toEqual([]);
    expect(found.warnings.map((w) => w.warning)).toEqual(['no-leader-column']);
  });

  it('warns of units without a leader, with a leader nobody knows yet, and with one who has left', () => {
    const found = compare(['K;Enhet K;;99', 'A;Enhet A;K;', 'B;Enhet B;K;3']);
    expect(found.warnings).toEqual([
      { warning: 'no-leader', subjects: ['Enhet A (A)'], count: 1 },
      { warning: 'leader-unknown', subjects: ['Enhet K (K)'], count: 1 },
      { warning: 'leader-gone', subjects: ['Enhet B (B)'], count: 1 },
    ]);
    expect(found.waiting).toEqual([['K', '99']]);
  });

  it('warns when a fifth would be gone', () => {
    const many = Array.from({ length: 20 }, (_, i) => unit(`A${i}`));
    const file = (kept: number) => [
      'K;Enhet K;;',
      ...many.slice(0, kept).map((u) => `${u.code};${u.name};K;`),
    ];
    const names = (kept: number) =>
      compare(file(kept), base({ units: [unit('K'), ...many], staff: new Map() })).warnings.map(
        (w) => w.warning,
      );
    expect(names(15)).toContain('many-gone');
    expect(names(16)).not.toContain('many-gone');
  });
});

describe('a file of people', () => {
  it('names each fault by line and column', () => {
    const read = people(
      '1;Kari Moen;kari@;K;;100;ja;;',
      '2;Ola Lien;;K;;101;;;',
      '3;Ida Nes;;K;;80,5 %;kanskje;;',
      '4;;;K;;;;31.02.2026;',
      ';Per;;K;;;;2026-02-01;2026-01-01',
    );
    expect(faults(read)).toEqual([
      '2 epost bad-email',
      '3 ansettelsesprosent bad-percent',
      '4 hovedstilling bad-yes-no',
      '5 navn missing-value',
      '5 gyldigFra bad-date',
      '6 ansattnummer missing-value',
      '6 gyldigTil ends-before-start',
    ]);
    expect(read.rows.find((row) => row.employeeNumber === '3')?.share).toBe(81);
  });

  it('takes a mobile number as people write it, and keeps it one way', () => {
    const read = (mobile: string) =>
      readPeople(csv(`ansattnummer;navn;arbeidssted;mobil\n1;Kari;K;${mobile}`));
    for (const written of ['412 34 567', '+47 41 23 45 67', '004741234567'])
      expect(read(written)).toMatchObject({ faults: [], rows: [{ mobile: '+4741234567' }] });
    expect(read('').rows).toMatchObject([{ mobile: null }]);
    for (const written of ['4123456', 'internt 55 12', '12345'])
      expect(faults(read(written))).toEqual(['2 mobil bad-mobile']);
  });

  it('says where two lines say against each other', () => {
    const read = people(
      '1;Kari Moen;kari@fjordvik.example;K;7170;60;ja;;',
      '1;Kari Moen;kari@fjordvik.example;A;7170;40;ja;;',
      '1;Kari M. Moen;kari@fjordvik.example;B;7170;10;nei;;',
      '2;Ola Lien;KARI@fjordvik.example;K;;100;;;',
      '1;Kari Moen;kari@fjordvik.example;A;7170;40;nei;;',
    );
    expect(read.faults.map(({ fault, line, other }) => [fault, line, other])).toEqual([
      ['two-main', 3, 2],
      ['two-descriptions', 4, 2],
      ['email-shared', 5, 2],
      ['duplicate-position', 6, 3],
    ]);
  });

  it('may have one main position after another, each in its time', () => {
    expect(people('1;Kari;;K;;100;ja;2020-01-01;2025-12-31', '1;Kari;;A;;100;ja;2026-01-01;').faults).toEqual(
      [],
    );
    expect(
      faults(people('1;Kari;;K;;100;ja;2020-01-01;2026-01-01', '1;Kari;;A;;100;ja;2026-01-01;')),
    ).toEqual(['3 hovedstilling two-main']);
  });

  it('reads 50,000 lines of one person without losing its breath', () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `1;Kari;;K;k${i};1;ja;;`);
    const started = performance.now();
    expect(people(...lines).faults.at(-1)?.fault).toBe('many-positions');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('what a file of people changes', () => {
  const base = (more: Partial<PeopleBase> = {}): PeopleBase => ({
    people: [person('1'), person('2'), person(null, { id: 'p-x', email: 'ekstern@fjordvik.example' })],
    positions: [post('1', 'A'), post('2', 'A')],
    units: [
      { code: 'K', name: 'Kommunen', validTo: null, leaderId: null },
      { code: 'A', name: 'Avdeling A', validTo: null, leaderId: 'p-2' },
      { code: 'O', name: 'Gamle', validTo: '2025-12-31', leaderId: null },
    ],
    withRole: new Set(['p-1']),
    operators: new Map(),
    waiting: [['K', '1']],
    ...more,
  });
  const compare = (lines: string[], of = base()) => comparePeople(people(...lines).rows, of, on);
  const same = ['1;Person 1;1@fjordvik.example;A;;100;ja;;', '2;Person 2;2@fjordvik.example;A;;100;ja;;'];
  const part = (found: ReturnType<typeof compare>, of: string) => found.parts.find((p) => p.of === of);

  it('is nothing when the file says what is kept; nobody from outside is gone', () => {
    const found = compare(same, base({ waiting: [] }));
    expect(found.parts).toEqual([
      { of: 'person', added: [], changed: [], gone: [], unchanged: 2 },
      { of: 'position', added: [], changed: [], gone: [], unchanged: 2 },
    ]);
    expect([found.people, found.positions, found.faults, found.warnings]).toEqual([[], [], [], []]);
  });

  it('lets people go who are not in the file, ends their positions, and says which units lose their leader', () => {
    const found = compare(same.slice(0, 1));
    expect(part(found, 'person')?.gone).toEqual([{ key: '2', name: 'Person 2' }]);
    expect(part(found, 'position')?.gone).toEqual([{ key: '2/A/', name: 'Person 2, Avdeling A' }]);
    expect(found.people).toEqual([person('2', { leftOn: on })]);
    expect(found.positions).toEqual([post('2', 'A', { validTo: '2026-08-31' })]);
    expect(found.warnings).toEqual([{ warning: 'leader-gone', subjects: ['Avdeling A (A)'], count: 1 }]);
  });

  it('lets somebody go the day after the last position ends', () => {
    const found = compare([...same.slice(0, 1), '2;Person 2;2@fjordvik.example;A;;100;ja;;2026-12-31']);
    expect(found.people).toEqual([person('2', { leftOn: '2027-01-01' })]);
    expect(found.warnings).toEqual([]);
  });

  it('takes somebody back', () => {
    const left = base({ people: [person('1'), person('2', { leftOn: '2026-01-01' })] });
    expect(compare(same, left).people).toEqual([person('2')]);
  });

  it('gives a unit the leader it waited for', () => {
    const found = compare(same);
    expect(found.leaders).toEqual([['K', '1']]);
    expect(part(found, 'leader')?.changed).toEqual([
      { key: 'K', name: 'Kommunen', fields: [{ field: 'leder', before: null, after: 'Person 1' }] },
    ]);
  });

  it('takes somebody from outside with the same e-mail address as the employee, once', () => {
    const found = compare([...same, '9;Ny Ansatt;ekstern@fjordvik.example;K;;100;;;']);
    expect(found.people).toMatchObject([{ id: 'p-x', employeeNumber: '9', name: 'Ny Ansatt' }]);
  });

  it('chooses the largest position as the main one when none is marked, and says so', () => {
    const found = compare([...same, '3;Ida;;A;a;30;nei;;', '3;Ida;;K;b;70;nei;;']);
    expect(found.positions.map((p) => [p.unit, p.main])).toEqual([
      ['A', false],
      ['K', true],
    ]);
    expect(found.warnings.map((w) => [w.warning, w.subjects])).toEqual([
      ['no-email', ['Ida']],
      ['main-chosen', ['Ida']],
    ]);
  });

  it('refuses units that are unknown or ended', () => {
    const found = compare([...same, '3;Ida;;X;;;;;', '4;Per;;O;;;;;', '5;Åse;;O;;;;2020-01-01;2025-06-30']);
    expect(faults(found)).toEqual(['4 arbeidssted unknown-unit', '5 arbeidssted unit-ended']);
  });

  it('warns when somebody with a role gets another address to sign in with', () => {
    const [first = '', second = ''] = same;
    const found = compare([first.replace('1@', 'ny@'), second.replace('2@', 'ny2@')]);
    expect(found.warnings).toEqual([{ warning: 'role-email', subjects: ['Person 1'], count: 1 }]);
  });

  describe('reaches an operator', () => {
    const operators = new Map<string, string | null>([
      ['p-1', '1@fjordvik.example'],
      ['p-x', 'ekstern@fjordvik.example'],
    ]);
    const warned = (lines: string[], of = operators) =>
      compare(lines, base({ withRole: new Set(), operators: of })).warnings.filter(
        ({ warning }) => warning === 'operator-email',
      );
    const [first = '', second = ''] = same;

    it('when an operator gets another address, or none', () => {
      const found = [{ warning: 'operator-email', subjects: ['Person 1'], count: 1 }];
      expect(warned([first.replace('1@', 'ny@'), second])).toEqual(found);
      expect(warned([first.replace('1@fjordvik.example', ''), second])).toEqual(found);
    });

    it('when somebody else gets the address of an operator, in the file or not, here or not', () => {
      const theirs = second.replace('2@', 'ekstern@');
      expect(warned([first, theirs])).toMatchObject([{ subjects: ['Person 2'] }]);
      const gone = new Map([['p-9', 'Borte@Fjordvik.example']]);
      expect(warned([first, second.replace('2@', 'borte@')], gone)).toMatchObject([
        { subjects: ['Person 2'] },
      ]);
    });

    it('when a new employee turns out to be an operator from outside', () => {
      expect(warned([...same, '3;Ida;ekstern@fjordvik.example;A;;;;;'])).toMatchObject([
        { subjects: ['Ida'] },
      ]);
    });

    it('and not when anything else changes', () => {
      expect(warned([first.replace('Person 1', 'Nytt Navn'), second.replace('2@', 'ny2@')])).toEqual([]);
      expect(warned(same, new Map([['p-1', '1@Fjordvik.example']]))).toEqual([]);
      expect(warned([...same, '3;Ida;;A;;;;;'], new Map([['p-9', null]]))).toEqual([]);
    });
  });
});

it('keeps fifty names of a warning, and the number of all', () => {
  const [found] = warning(
    'no-email',
    Array.from({ length: 70 }, (_, i) => `P${i}`),
  );
  expect([found?.subjects.length, found?.count]).toEqual([50, 70]);
});

describe('since when a unit has its leader', () => {
  const people = [person('1'), person('2')];
  const sinceOf = (before: Partial<UnitState> | null, line: string, others: UnitState[] = [unit('K')]) => {
    const read = readUnits(csv(`organisasjonsKode;navn;overordnet;leder;lederFra\nK;Enhet K;;;\n${line}`));
    expect(read.faults).toEqual([]);
    const units = [...others, ...(before ? [unit('A', before)] : [])];
    const found = compareUnits(read.rows, { units, people, staff: new Map() }, on);
    const [kept] = units.filter(({ code }) => code === 'A');
    return (found.next.find(({ code }) => code === 'A') ?? kept)?.leaderSince;
  };
  const known = [unit('K', { leaderId: 'p-1' })];
  it.each<[what: string, before: Partial<UnitState> | null, line: string, since: string | null]>([
    ['of a new unit', null, 'A;Enhet A;K;1;', null],
    ['of a new unit, said', null, 'A;Enhet A;K;1;2020-05-01', '2020-05-01'],
    ['after another', { leaderId: 'p-2' }, 'A;Enhet A;K;1;', on],
    ['after another, said', { leaderId: 'p-2' }, 'A;Enhet A;K;1;1.8.2026', '2026-08-01'],
    ['after nobody', {}, 'A;Enhet A;K;1;', on],
    ['after nobody, said', {}, 'A;Enhet A;K;1;2026-08-01', '2026-08-01'],
    ['the same', { leaderId: 'p-1', leaderSince: '2021-01-01' }, 'A;Enhet A;K;1;', '2021-01-01'],
    ['the same, nobody knew', { leaderId: 'p-1' }, 'A;Enhet A;K;1;', null],
    [
      'the same, corrected',
      { leaderId: 'p-1', leaderSince: '2021-01-01' },
      'A;Enhet A;K;1;2019-01-01',
      '2019-01-01',
    ],
    ['nobody any longer', { leaderId: 'p-1', leaderSince: '2021-01-01' }, 'A;Enhet A;K;;', null],
    ['one not known yet, after another', { leaderId: 'p-2' }, 'A;Enhet A;K;9;', on],
    ['one not known yet, said', {}, 'A;Enhet A;K;9;2026-08-01', '2026-08-01'],
    ['one still not known', { leaderSince: '2026-08-01' }, 'A;Enhet A;K;9;', '2026-08-01'],
  ])('%s', (_, before, line, since) => expect(sinceOf(before, line, known)).toBe(since));

  it('says nothing of the first leaders that any file names', () => {
    expect(sinceOf({}, 'A;Enhet A;K;1;')).toBeNull();
    expect(sinceOf({}, 'A;Enhet A;K;1;2026-08-01')).toBe('2026-08-01');
  });

  it('is a fault without a leader, and noticed when it lies ahead', () => {
    const read = (line: string) =>
      readUnits(csv(`organisasjonsKode;navn;overordnet;leder;lederFra\n${line}`));
    expect(faults(read('K;Kommunen;;;2026-01-01'))).toEqual(['2 lederFra since-without-leader']);
    expect(faults(read('K;Kommunen;;1;i fjor'))).toEqual(['2 lederFra bad-date']);
    const { rows } = read('K;Kommunen;;1;2026-09-02');
    const { warnings } = compareUnits(rows, { units: [], people, staff: new Map() }, on);
    expect(warnings.map(({ warning }) => warning)).toEqual(['leader-ahead']);
  });
});
