import type { Role } from '#domain/access.ts';
import { address, chance, newName, pick } from '#server/demo/names.ts';
import { type DemoUnit, leaderTitles, titles, units, unitsLater } from '#server/demo/tree.ts';

export type Given = { role: Role; unit: string | null };

/** The invented municipality Fjordvik, as the files its HR would send, and who has which role. */
export type Municipality = {
  name: string;
  unitsCsv: string;
  peopleCsv: string;
  roles: (Given & { employeeNumber: string })[];
  /** People without a position. */
  externals: { name: string; email: string; roles: Given[] }[];
  /** Employee numbers (and one address) of those whom a visitor to the demo can be. */
  cast: {
    employee: string;
    sms: string;
    evaluator: string;
    leader: string;
    union: string;
    hr: string;
    director: string;
    operator: string;
    enterer: string;
    reader: string;
    politician: string;
  };
};

type Post = { unit: string; title: string; kind: string; share: number; main: boolean; since: string };
type Employee = { number: string; name: string; email: boolean; onLeave: boolean; posts: Post[] };
type Fjordvik = { units: DemoUnit[]; leaders: Map<string, string>; employees: Employee[] };

/** The one unit that has no leader in the first year. */
const vacant = 'OP-SS-S';
const partTime = [100, 100, 80, 75, 60, 50, 40];

const day = (year: number, draw: () => number) =>
  `${year}-${String(1 + Math.floor(draw() * 8)).padStart(2, '0')}-${draw() < 0.7 ? '01' : '15'}`;

function hire(
  unit: DemoUnit,
  number: number,
  taken: Set<string>,
  year: number,
  draw: () => number,
): Employee {
  const [title, kind] = pick(titles[unit.trade], draw);
  const full = ['office', 'road', 'fire', 'school'].includes(unit.trade) ? 0.85 : 0.35;
  const share = draw() < full ? 100 : pick(partTime, draw);
  return {
    number: String(number),
    name: newName(taken, draw),
    email: unit.trade !== 'cleaning' || draw() > 0.35,
    onLeave: draw() < 0.03,
    posts: [{ unit: unit.code, title, kind, share, main: true, since: day(year, draw) }],
  };
}

const lead = (employee: Employee, unit: DemoUnit) => {
  const [post] = employee.posts;
  if (post) Object.assign(post, { title: leaderTitles[unit.level], kind: '8451', share: 100 });
  Object.assign(employee, { email: true, onLeave: false });
};

function firstYear(taken: Set<string>): Fjordvik {
  const draw = chance(1851);
  const employees: Employee[] = [];
  const leaders = new Map<string, string>();
  for (const unit of units)
    for (let i = 0; i < unit.staff; i += 1) {
      const year = 2003 + Math.floor(22 * Math.sqrt(draw()));
      const employee = hire(unit, 1001 + employees.length, taken, year, draw);
      if (i === 0 && unit.code !== vacant) {
        lead(employee, unit);
        leaders.set(unit.code, employee.number);
      }
      employees.push(employee);
    }
  const isHalf = ({ posts: [post] }: Employee) => post && post.share <= 60 && post.unit.startsWith('HM-');
  for (const employee of employees.filter(isHalf).filter((_, i) => i % 4 === 0)) {
    const [post] = employee.posts;
    const second = post?.unit === 'HM-TU-N' ? 'HM-HJ-N' : 'HM-TU-N';
    if (post) employee.posts.push({ ...post, unit: second, share: 20, main: false, since: '2025-01-01' });
  }
  return { units, leaders, employees };
}

/** A year on: a small reorganisation, people who left and came, changed shares, some new leaders. */
function secondYear(before: Fjordvik, taken: Set<string>): Fjordvik {
  const draw = chance(1852);
  const byCode = new Map(unitsLater.map((unit) => [unit.code, unit]));
  const renamed = (code: string) => (['HM-HJ-D', 'HM-HJ-H'].includes(code) ? 'HM-HJ-A' : code);
  const leaders = new Map(before.leaders);
  const formerLeader = leaders.get('HM-HJ-D');
  leaders.set('HM-HJ-A', leaders.get('HM-HJ-H') ?? '');
  leaders.delete('HM-HJ-D');
  leaders.delete('HM-HJ-H');
  const leading = new Set(leaders.values());

  let number = 2001;
  const employees = before.employees.map((old): Employee => {
    const posts = old.posts.map((post) => ({ ...post, unit: renamed(post.unit) }));
    const [post] = posts;
    const unit = post && byCode.get(post.unit);
    if (!post || !unit || leading.has(old.number)) return { ...old, posts };
    if (old.number === formerLeader) Object.assign(post, { title: 'Fagkoordinator', kind: '8530' });
    else if (draw() < 0.07) return hire(unit, number++, taken, 2026, draw);
    else if (draw() < 0.05) post.share = Math.min(100, post.share + 20);
    return { ...old, onLeave: draw() < 0.03, posts };
  });
  for (const code of [vacant, 'HM-SO-2', 'OP-FS-2', 'TE-BY-N']) {
    const unit = byCode.get(code);
    const chosen = employees.find((e) => e.posts[0]?.unit === code && !leading.has(e.number));
    if (!unit || !chosen) continue;
    lead(chosen, unit);
    const [former] = employees.filter((e) => e.number === leaders.get(code));
    if (former?.posts[0]) Object.assign(former.posts[0], { title: 'Fagkoordinator', kind: '8530' });
    leaders.set(code, chosen.number);
  }
  return { units: unitsLater, leaders, employees };
}

const file = (columns: string[], rows: (string | number)[][]) =>
  [columns, ...rows].map((row) => `${row.join(';')}\r\n`).join('');

const unitsFile = ({ units, leaders }: Fjordvik) =>
  file(
    ['organisasjonsKode', 'navn', 'overordnet', 'nivå', 'leder', 'gyldigFra'],
    units.map(({ code, name, parent, level }) => [
      code,
      name,
      parent ?? '',
      level,
      leaders.get(code) ?? '',
      code === 'HM-HJ-A' ? '2026-01-01' : '2020-01-01',
    ]),
  );

/** Of those without e-mail some have given their number; the others are handed a code. */
const hasMobile = ({ number, email }: Pick<Employee, 'number' | 'email'>) =>
  !email && Number(number) % 2 === 0;

const peopleFile = ({ employees }: Fjordvik) =>
  file(
    [
      'ansattnummer',
      'navn',
      'epost',
      'mobil',
      'arbeidssted',
      'stillingskode',
      'stillingstittel',
      'ansettelsesprosent',
      'hovedstilling',
      'permisjon',
      'gyldigFra',
    ],
    employees.flatMap(({ number, name, email, onLeave, posts }) =>
      posts.map(({ unit, title, kind, share, main, since }) => [
        number,
        name,
        email ? address(name) : '',
        hasMobile({ number, email }) ? `400 0${number}` : '',
        unit,
        kind,
        title,
        share,
        main ? 'ja' : 'nei',
        onLeave ? 'ja' : 'nei',
        since,
      ]),
    ),
  );

/**
 * Fjordvik in its first year, or a year later. The same every time: 67 units in four levels, 900 employees, nobody
 * real. Those with a role or a part in the demo are the same people in both years.
 */
export function municipality(year: 1 | 2 = 1): Municipality {
  const taken = new Set<string>();
  const first = firstYear(taken);
  const politician = newName(taken, chance(1853));
  const later = secondYear(first, taken);
  const stays = new Set(later.employees.map((employee) => employee.number));
  const leads = new Set([...first.leaders.values(), ...later.leaders.values()]);

  /** Somebody who works in the unit in both years, leads nothing, and has no other role. */
  const used = new Set<string>();
  const somebodyIn = (unit: string) => {
    const found = first.employees.find(
      ({ number, posts: [post], email, onLeave }) =>
        post?.unit === unit &&
        email &&
        !onLeave &&
        stays.has(number) &&
        !leads.has(number) &&
        !used.has(number),
    );
    if (!found) throw new Error(`nobody to choose in ${unit}`);
    used.add(found.number);
    return found.number;
  };
  const given = (unit: string, role: Role, covers: string | null) => ({
    employeeNumber: somebodyIn(unit),
    role,
    unit: covers,
  });
  const local = [
    ['HM-SO-1', 'HM-SO'],
    ['HM-TU-1', 'HM-TU'],
    ['HM-HJ-N', 'HM-HJ'],
    ['HM-BO-L', 'HM-BO'],
    ['HM-HE-H', 'HM-HE'],
    ['HM-NA', 'HM-NA'],
    ['OP-FS-1', 'OP-FS'],
    ['OP-NS-1', 'OP-NS'],
    ['OP-SS-1', 'OP-SS'],
    ['OP-BN', 'OP-BN'],
    ['OP-FA-B', 'OP-FA'],
    ['TE-BR', 'TE'],
    ['KN-BI', 'KN'],
    ['OS-OK', 'OS'],
  ] as const;
  const roles = [
    given('OS-HR', 'hr', null),
    given('OS-HR', 'hr', null),
    given('OS-IK', 'operator', null),
    given('OS', 'dpo', null),
    given('HM', 'quality', 'HM'),
    given('HM-HE-H', 'union', null),
    given('TE-BY-D', 'safety', null),
    ...local.flatMap(([unit, covers]) => [given(unit, 'union', covers), given(unit, 'safety', covers)]),
  ];
  const holder = (role: Role, unit: string | null) =>
    roles.find((r) => r.role === role && r.unit === unit)?.employeeNumber ?? '';
  const of = year === 1 ? first : later;
  return {
    name: 'Fjordvik kommune',
    unitsCsv: unitsFile(of),
    peopleCsv: peopleFile(of),
    roles,
    externals: [{ name: politician, email: address(politician), roles: [{ role: 'committee', unit: 'HM' }] }],
    cast: {
      employee: somebodyIn('OP-NS-1'),
      sms: later.employees.find((one) => one.posts[0]?.unit === 'TE-BY-S' && hasMobile(one))?.number ?? '',
      leader: first.leaders.get('HM-SO-1') ?? '',
      union: holder('union', 'HM-SO'),
      hr: holder('hr', null),
      director: first.leaders.get('HM') ?? '',
      operator: holder('operator', null),
      evaluator: somebodyIn('TE-VP'),
      enterer: somebodyIn('OS-ST'),
      reader: holder('dpo', null),
      politician: address(politician),
    },
  };
}
