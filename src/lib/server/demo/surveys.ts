import { and, eq, isNull } from 'drizzle-orm';
import * as Draft from '#domain/draft.ts';
import { wanted } from '#domain/draft-review.ts';
import { languagePart } from '#domain/draft-language.ts';
import * as Day from '#domain/day.ts';
import * as assessments from '#server/assessments.ts';
import { stop } from '#server/clock.ts';
import * as codes from '#server/codes.ts';
import * as readers from '#server/comment-readers.ts';
import * as reading from '#server/comment-reading.ts';
import * as crowds from '#server/crowds.ts';
import { inTurn, respond, respondByCode, type World } from '#server/demo/answering.ts';
import * as history from '#server/demo/history.ts';
import { ofRelatives, ofResidents } from '#server/demo/home-doings.ts';
import { municipality } from '#server/demo/municipality.ts';
import { chance, pick, seedOf } from '#server/demo/names.ts';
import { count, gateOf, must, permit, start, type Survey } from '#server/demo/running.ts';
import { aboutSomebody, workday, written } from '#server/demo/workday.ts';
import * as drafts from '#server/drafts.ts';
import * as evaluations from '#server/evaluations.ts';
import * as help from '#server/help.ts';
import * as outcomes from '#server/outcomes.ts';
import * as enterers from '#server/paper-enterers.ts';
import * as people from '#server/people.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { role, unit } from '#server/schema.ts';

/* The surveys beside those of all staff: residents, relatives, leaders, and a short one with a question in own words. */

const before = ({ now }: World, days: number) => new Date(now.getTime() - days * 24 * 3600_000);
const month = (at: Date) => at.toLocaleDateString('nb', { month: 'long', year: 'numeric' });
const { cast } = municipality();

/** A survey that opened so many days ago and is open for three weeks. */
function window(world: World, name: string, key: string, days: number, units: string[]): Survey {
  const opensAt = before(world, days);
  return { name: `${name}, ${month(opensAt)}`, key, opensAt, stopsAt: before(world, days - 21), units };
}

const idOf = async ({ main }: World, employeeNumber: string) =>
  (await people.byNumber(main, [employeeNumber])).get(employeeNumber)!;
/** Somebody with a role for the whole municipality, or for a unit. */
async function holderOf({ main }: World, held: string, code?: string): Promise<string> {
  const [found] = await main
    .select({ id: role.personId })
    .from(role)
    .leftJoin(unit, eq(unit.id, role.unitId))
    .where(and(eq(role.role, held), code ? eq(unit.code, code) : isNull(role.unitId)));
  return found!.id;
}

/** A number for the same words, from 0 up to 1, each time the same. */
const draw = (words: string) => chance(seedOf(words, 5));

/** Codes on paper for everybody in a survey that is open, as HR prints them. */
async function printed(world: World, id: string, now: Date): Promise<codes.Drawn[]> {
  const gate = await gateOf(world, await idOf(world, cast.hr), now);
  const of = (await rounds.find(world.main, id))!;
  const all = { group: 'all', reserve: null };
  return must(await codes.print(world.main, gate, of, all, async (drawn) => drawn, now)).file;
}

/** Numbers of residents or relatives, by unit, and that staff do not help residents. */
const ofHome = (world: World, counts: Record<string, number>, isHelped: boolean) => ({
  before: async (of: rounds.RoundRow, planned: Date) => {
    must(await crowds.count(world.main, of, new Map(Object.entries(counts)), planned, permit()));
    if (!isHelped) return;
    const decidedOn = Day.plus(Day.at(planned), -14);
    const said = {
      kinds: ['relative' as const, 'volunteer' as const, 'other' as const],
      ...{ decidedOn, caseNumber: `31/${decidedOn.slice(2, 4)}` },
    };
    must(await help.decide(world.main, of, said, planned, permit()));
  },
});

/** How somebody answers, and who helps: options of the residents' questionnaire by number, 0 where nothing is said. */
function helped(number: string): number[] {
  const next = draw(`${number} mode`);
  const [alone, withHelp, onBehalf] = [1, 2, 3] as const;
  const mode = pick([alone, alone, alone, alone, withHelp, withHelp, withHelp, onBehalf, onBehalf], next);
  return [mode, mode === alone ? 0 : pick([1, 1, 1, 2, 4], next)];
}

const wards = { 'HM-TU-1': 24, 'HM-TU-2': 20, 'HM-TU-D': 19 };

/** A year ago, counted, with what became of those who did not answer; and now, open, with paper forms to enter. */
async function residents(world: World) {
  const { main, now } = world;
  const then = {
    ...window(world, 'Beboerne på Tunet', 'resident', 380, ['HM-TU']),
    ...ofHome(world, wards, true),
  };
  const id = await start(world, then);
  const drawn = await printed(world, id, then.opensAt);
  const of = { lift: 0, share: 0.86, now: before(world, 370), about: helped };
  const answered = await respondByCode(world, id, drawn, of);
  const releasedAt = before(world, 350);
  await count(world, id, then.stopsAt, releasedAt);
  const found = (await rounds.find(main, id))!;
  const rest = outcomes.groups(found).map(({ id: group, invited }) => {
    const left = invited - (answered.get(group) ?? 0);
    const unable = Math.ceil(left * 0.6);
    return [group, { brokenOff: 0, unwilling: left - unable, unable }] as const;
  });
  must(await outcomes.write(main, found, Object.fromEntries(rest), releasedAt, permit()));
  const released = { id, name: then.name, releasedAt, doings: ofResidents };
  await history.followed(main, released, 'HM-TU', () => 'agreed', now);

  const opened = {
    ...window(world, 'Beboerne på Tunet', 'resident', 5, ['HM-TU']),
    ...ofHome(world, wards, true),
  };
  const open = await start(world, opened);
  const some = await printed(world, open, opened.opensAt);
  await respondByCode(world, open, some, { lift: 0.05, share: 0.3, now, about: helped });
  const hr = permit<Parameters<typeof enterers.give>[4]>(await idOf(world, cast.hr));
  must(await enterers.give(main, (await rounds.find(main, open))!, cast.enterer, opened.opensAt, hr));
}

async function relatives(world: World) {
  const then = {
    ...window(world, 'Pårørende i hjemmetjenesten', 'relative', 170, ['HM-HJ']),
    ...ofHome(world, { 'HM-HJ-N': 34, 'HM-HJ-S': 37, 'HM-HJ-P': 22 }, false),
  };
  const id = await start(world, then);
  const drawn = await printed(world, id, then.opensAt);
  const now = before(world, 160);
  await respondByCode(world, id, drawn, { lift: 0, share: 0.6, now, about: () => [] });
  const releasedAt = before(world, 140);
  await count(world, id, then.stopsAt, releasedAt);
  const released = { id, name: then.name, releasedAt, doings: ofRelatives };
  await history.followed(world.main, released, 'HM-HJ', () => 'agreed', world.now);

  const opened = {
    ...window(world, 'Pårørende i bofellesskapene', 'relative', 8, ['HM-BO']),
    ...ofHome(world, { 'HM-BO-L': 26, 'HM-BO-S': 21 }, false),
  };
  const open = await start(world, opened);
  const some = await printed(world, open, opened.opensAt);
  await respondByCode(world, open, some, { lift: 0, share: 0.3, now: world.now, about: () => [] });
}

/** Reports for several leaders, a guide for those with few evaluators, and one who was new; and one that is open. */
async function leaders(world: World) {
  const { main } = world;
  const then: Survey = {
    ...window(world, 'Lederevaluering i helse og mestring', 'leader', 300, ['HM-SO', 'HM-NA', 'HM-HE']),
    before: async ({ id, rule }, planned) => {
      const since = Day.plus(rule.inPostOn, -80);
      must(await evaluations.setSince(main, id, 'HM-HE-L', since, planned, permit()));
    },
  };
  const id = await start(world, then);
  await respond(world, id, 0.1, 0.82, before(world, 290), then.name);
  await count(world, id, then.stopsAt, before(world, 270));
  await assessed(world, id, before(world, 260));

  const opened = window(world, 'Lederevaluering på vei, vann og avløp', 'leader', 4, ['TE-VP', 'TE-VA']);
  const open = await start(world, opened);
  await respond(world, open, 0.1, 0.3, world.now, opened.name);
}

/** What the leader of NAV thinks of the own leading, and shows the leader above. */
async function assessed({ main }: World, roundId: string, at: Date) {
  const found = (await rounds.find(main, roundId))!;
  const asked = (await questionnaires.byId(main, found.questionnaireId))!.content;
  const [of] = await main.select().from(unit).where(eq(unit.code, 'HM-NA'));
  const note = {
    answers: Object.fromEntries(
      asked.themes.flatMap((theme, i) =>
        theme.statements.map((one, n) => [one.id, [4, 3, 5, 4][(i + n) % 4]!]),
      ),
    ),
    words: 'Jeg er god til å stille opp. Jeg vil bli bedre til å si hva som kan vente, særlig i desember.',
  };
  const place = { round: { id: roundId } as never, unit: of! };
  await assessments.write(main, place, note, at, permit(of!.leaderId));
  await assessments.share(main, place, at, permit(of!.leaderId));
}

/** Comments: counted, waiting for its readers, and open. */
async function inOwnWords(world: World) {
  const { main, box, now } = world;
  const asked = must(await questionnaires.add(main, workday, before(world, 300), permit()));
  const dpo = await idOf(world, cast.reader);
  const by = async (other: string, code?: string) => ({
    before: async ({ id }: rounds.RoundRow, planned: Date) =>
      must(await readers.choose(main, id, [dpo, await holderOf(world, other, code)], planned, permit())),
  });
  const words = (_: string, number: string) => {
    const next = draw(`${number} words`);
    return [next() < 0.55 ? pick(written, next) : ''];
  };
  const name = workday.title.nb;

  const then = {
    ...window(world, `${name} i hjemmetjenesten`, 'workday', 230, ['HM-HJ-N', 'HM-HJ-S']),
    ...(await by('quality', 'HM')),
  };
  const id = await start(world, then);
  let first = true;
  const withOne = (group: string, number: string) => {
    if (!first) return words(group, number);
    first = false;
    return [aboutSomebody];
  };
  await respond(world, id, 0, 0.8, before(world, 220), then.name, withOne);
  const releasedAt = before(world, 204);
  await count(world, id, then.stopsAt, releasedAt, async (key) => {
    for (const reader of await readers.list(main, id)) {
      const as = permit<Parameters<typeof reading.read>[5]>(reader.personId);
      const { sheet } = must(await inTurn(() => reading.read(main, box, id, key, releasedAt, as)));
      const marks = sheet.flatMap(({ comments }) =>
        comments.filter(({ text }) => text === aboutSomebody).map(({ mark }) => mark),
      );
      must(await reading.mark(main, id, { marks, done: true }, releasedAt, as));
    }
  });
  await history.followed(main, { id, name: then.name, releasedAt }, 'HM-HJ', () => 'agreed', now);

  const waits = {
    ...window(world, `${name} i Brann og redning`, 'workday', 24, ['TE-BR']),
    ...(await by('safety')),
  };
  const stopped = await start(world, waits);
  await respond(world, stopped, 0, 0.8, before(world, 10), waits.name, words);
  must(await stop(main, box, stopped, waits.stopsAt, null));

  const opened = {
    ...window(world, `${name} i Renhold sør`, 'workday', 3, ['TE-BY-S']),
    ...(await by('safety')),
    sms: true,
  };
  const open = await start(world, opened);
  await printed(world, open, opened.opensAt);
  await respond(world, open, 0, 0.4, now, opened.name, words);
  await begun(world, asked.id);
}

/** A next version of the short questionnaire, under way: a new statement, another wording, half of it read in nynorsk. */
async function begun(world: World, questionnaireId: string) {
  const { main } = world;
  const by = permit<Parameters<typeof drafts.begin>[3]>(await idOf(world, cast.hr));
  const [monday, tuesday] = [before(world, 3), before(world, 2)];
  const { id } = must(await drafts.begin(main, questionnaireId, monday, by));
  const add = (draft: Draft.Draft) =>
    Draft.addStatement(draft, 'mastery-climate', drafts.newId(), 'Hos oss er det lett å spørre om hjelp.');
  must(await drafts.edit(main, id, add, monday, by));
  const rewrite = (draft: Draft.Draft): Draft.Listed => {
    const changed = structuredClone(draft);
    const at = Draft.slots(changed.content).find(({ place }) => place === 'statement.load-and-support-1')!;
    Draft.setWords(at, 'nb', 'Jeg rekker det jeg skal i arbeidstiden.');
    return { ok: true, draft: changed };
  };
  must(await drafts.edit(main, id, rewrite, monday, by));
  const { draft, version } = (await drafts.find(main, id))!;
  const part = languagePart('nn');
  const fields = part.fields(draft)!;
  const all = wanted(draft.content);
  const read = all.slice(0, all.length / 2).map(({ place }) => [`read.${place}.nn`, 'yes']);
  const mine = { ...fields, ...Object.fromEntries(read) };
  must(await drafts.save(main, id, part, { version, base: fields, again: false }, mine, tuesday, by));
}

export async function surveys(world: World) {
  await Promise.all([residents(world), relatives(world), leaders(world), inOwnWords(world)]);
}
