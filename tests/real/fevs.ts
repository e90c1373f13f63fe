/*
 * A large real survey through the whole real path: units and staff imported, a round frozen, every answer fetched,
 * sealed, posted, opened and released; then every figure of the whole compared with a plain computation over the
 * file. Run by hand, since the files are not ours to keep:
 *   node tests/real/fevs.ts ITEMS.csv FIRST.csv SECOND.csv
 */
import { readFileSync } from 'node:fs';
import * as Change from '#domain/change.ts';
import * as Csv from '#domain/csv.ts';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import * as Release from '#domain/release.ts';
import { open, stop } from '#server/clock.ts';
import { close } from '#server/closing.ts';
import * as house from '#server/house.ts';
import * as imports from '#server/imports.ts';
import { newLink } from '#server/invitations.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { answer, partsOf, prepare } from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import { release } from '#server/schema.ts';
import { eq } from 'drizzle-orm';
import { testDatabases } from '../support/databases.ts';
import { questionnaireFrom } from '../support/fevs.ts';
import { frozen, invitationsOf, permit } from '../support/town.ts';

const [items, ...files] = process.argv.slice(2);
if (!items || files.length === 0) throw new Error('Name the file of items, then one or two of answers.');

/** Rows of answers in the questionnaire's order; an empty cell is no answer. */
function answersOf(path: string, asked: Questionnaire): number[][] {
  const read = Csv.read(readFileSync(path));
  if (!read.ok) throw new Error(`${path}: ${read.refusal}`);
  const at = statements(asked).map((s) => read.columns.indexOf(s.id));
  return read.rows.map(({ cells }) => at.map((i) => (cells[i] ? Number(cells[i]) : 255)));
}

const sizes = [6, 9, 12, 14, 17, 21, 26, 33];

/** Four areas, homes under them, departments of 6 to 33, for so many people, nobody leading anything. */
function town(people: number) {
  const units = ['organisasjonsKode;navn;overordnet;nivå', 'K;Kommunen;;kommune'];
  const staff = ['ansattnummer;navn;epost;arbeidssted;ansettelsesprosent;hovedstilling;gyldigFra'];
  for (let a = 0; a < 4; a++) units.push(`A${a};Area ${a};K;kommunalområde`);
  let hired = 0;
  for (let d = 0; hired < people; d++) {
    const home = Math.floor(d / 6);
    if (d % 6 === 0) units.push(`H${home};Home ${home};A${home % 4};virksomhet`);
    units.push(`D${d};Department ${d};H${home};avdeling`);
    for (let i = 0; i < sizes[d % sizes.length]! && hired < people; i++, hired++)
      staff.push(`${10000 + hired};Person ${hired};p${hired}@k.example;D${d};100;ja;2020-01-01`);
  }
  return { units: units.join('\n'), staff: staff.join('\n') };
}

const equal = (a: unknown, b: unknown, what: string) => {
  if (JSON.stringify(a) !== JSON.stringify(b))
    throw new Error(`${what}: ${JSON.stringify(a)} is not ${JSON.stringify(b)}`);
};

/** The plain computation: nothing of the product's own counting is used. */
function compare(out: Release.Release, asked: Questionnaire, rows: number[][]) {
  const whole = out.results['0001']!;
  equal(whole.n, rows.length, 'n');
  const all = statements(asked);
  let figures = 0;
  all.forEach((s, i) => {
    const given = rows.map((r) => r[i]!).filter((v) => v <= 5);
    const distribution = [1, 2, 3, 4, 5].map((v) => given.filter((g) => g === v).length);
    const mean = given.reduce((sum, v) => sum + v, 0) / given.length;
    equal(whole.statements[s.id], { distribution, mean, n: given.length }, s.id);
    figures++;
  });
  for (const factor of asked.factors) {
    const at = factor.statements.map((id) => all.findIndex((s) => s.id === id));
    const persons = rows
      .map((row) => at.map((i) => row[i]!).filter((v) => v <= 5))
      .filter((p) => p.length > 0);
    const given = persons.flat();
    const figure = whole.factors[factor.id]!;
    equal('mean' in figure && figure.n, persons.length, `${factor.id} n`);
    const mean = given.reduce((s, v) => s + v, 0) / given.length;
    equal('mean' in figure && figure.mean, mean, `${factor.id} mean`);
    figures++;
  }
  return figures;
}

const t = await testDatabases();
process.env.DATABASE_URL = t.mainUrl;
process.env.BOX_DATABASE_URL = t.boxUrl;
const began = new Date('2027-01-10T08:00:00Z');
const at = (days: number) => new Date(began.getTime() + days * 24 * 3600_000);
try {
  const asked = questionnaireFrom(items);
  const most = Math.max(...files.map((f) => answersOf(f, asked).length));
  await house.found(t.main, 'Real', false);
  const { units, staff } = town(most);
  for (const [kind, text] of Object.entries({ units, staff })) {
    const preview = kind === 'units' ? imports.previewUnits : imports.previewPeople;
    const seen = await preview(t.main, permit(), new TextEncoder().encode(text), kind, began);
    const done = seen.ok && (await imports.confirm(t.main, permit(), seen.id, began));
    if (!done || !done.ok) throw new Error(`${kind}: ${JSON.stringify(seen.ok ? done : seen)}`);
  }
  const added = await questionnaires.add(t.main, asked, began, permit());
  const outs: ReturnType<typeof Release.read>[] = [];
  for (const [i, file] of files.entries()) {
    const rows = answersOf(file, asked);
    const from = at(1 + i * 365);
    const began1 = performance.now();
    const lap = (what: string) =>
      console.log(`${what}: ${((performance.now() - began1) / 1000).toFixed(1)} s`);
    const planned = await rounds.plan(
      t.main,
      {
        name: `Real ${i + 1}`,
        questionnaireId: added.id,
        unitCodes: ['K'],
        opensAt: from,
        stopsAt: new Date(from.getTime() + 21 * 24 * 3600_000),
        rule: { inPostOn: from.toISOString().slice(0, 10), minimumShare: 0, kinds: [], includeOnLeave: true },
      },
      from,
      permit(),
    );
    if (!planned.ok) throw new Error(planned.refusal);
    const { id } = planned;
    await rounds.take(t.main, id, 'approve', from, null);
    const { keyFile, fingerprint } = await frozen(t, id, from);
    await open(t.main, t.box, id, from, null);
    const invited = await invitationsOf(t.main, id);
    const groups = (await rounds.find(t.main, id))!.tree!.nodes.filter((n) => n.group).length;
    lap(`${file.split('/').at(-1)}: ${invited.length} invited in ${groups} groups, frozen`);
    const prepared = await prepare(t.main, id, fingerprint);
    const waiting = rows.map((row, r) => [invited[r]!, row] as const);
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { secret } = partsOf(await newLink(t.main, next[0].id, 'http://localhost', 'nb'));
        const done = await answer(t.main, t.intake, prepared, secret, next[1], from);
        if (!done.ok) throw new Error(done.refusal);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    lap(`${rows.length} answered`);
    await stop(t.main, t.box, id, from, null);
    const closed = await close(t.main, t.box, id, keyFile, from, permit());
    if (!closed.ok) throw new Error(closed.refusal);
    lap('opened and released');
    const [stored] = await t.main.select().from(release).where(eq(release.roundId, id));
    const out = Release.read(stored!.bytes);
    if (!out.ok) throw new Error('The auditor refuses the stored release');
    outs.push(out);
    const nodes = Object.values(out.release.results);
    console.log(
      `  ${compare(out.release, asked, rows)} figures of the whole equal the plain computation exactly;`,
      `${nodes.length} of ${out.release.tree.length} nodes shown,`,
      `${nodes.reduce((s, r) => s + Object.keys(r.factors).length, 0)} factor and`,
      `${nodes.reduce((s, r) => s + Object.keys(r.statements).length, 0)} statement figures, ${stored!.bytes.length} bytes`,
    );
  }
  const [first, second] = outs;
  if (first?.ok && second?.ok) {
    let shown = 0;
    let not = 0;
    for (const node of second.release.tree)
      for (const f of second.release.factors)
        if (Change.ofFactor(first.release, second.release, node.id, f.id).ok) shown++;
        else not++;
    const whole = second.release.factors.map((f) => {
      const change = Change.ofFactor(first.release, second.release, '0001', f.id);
      return `${f.id} ${change.ok ? change.change.toFixed(3) : change.refusal}`;
    });
    console.log(`Changes: ${shown} shown, ${not} not. The whole: ${whole.join(', ')}`);
  }
} finally {
  await t.stop();
}
