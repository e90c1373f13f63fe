import * as Approval from '#domain/approval.ts';
import * as Day from '#domain/day.ts';
import * as actors from '#server/actors.ts';
import * as approvals from '#server/approvals.ts';
import { open, stop } from '#server/clock.ts';
import { close } from '#server/closing.ts';
import { demoKey } from '#server/closing-key.ts';
import { inTurn, type World } from '#server/demo/answering.ts';
import { freeze } from '#server/freezing.ts';
import * as gates from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';

/* A round of the demo from plan to release, by the use cases that its own people would use. */

export const permit = <A extends gates.Permit>(by: string | null = null) => gates.permitForMachine(by) as A;

export function must<T extends { ok: boolean }>(outcome: T): Extract<T, { ok: true }> {
  if (!outcome.ok) throw new Error(`The demo was refused: ${JSON.stringify(outcome)}`);
  return outcome as Extract<T, { ok: true }>;
}

/** The gate as somebody of the demo meets it. */
export async function gateOf({ main }: World, personId: string, now: Date): Promise<gates.Gate> {
  const refused = (): never => {
    throw new Error('The demo met a closed gate');
  };
  return gates.open(await actors.actor(main, personId, now), () => now, { stranger: refused, refused });
}

export type Survey = {
  name: string;
  /** The newest version of this questionnaire is asked. */
  key: string;
  opensAt: Date;
  stopsAt: Date;
  units: string[];
  /** Those without e-mail get their link on their mobile. */
  sms?: boolean;
  /** What is written down before the plan is approved. */
  before?: (of: rounds.RoundRow, planned: Date) => Promise<unknown>;
};

const planningDays = 30;
const plannedAt = (opensAt: Date) => new Date(opensAt.getTime() - planningDays * 24 * 3600_000);

/** Plans, approves and freezes a survey, and opens it; its id. */
export async function start(world: World, of: Survey): Promise<string> {
  const { main, box, say } = world;
  const { name, key, opensAt, stopsAt, units, sms = false, before } = of;
  const planned = plannedAt(opensAt);
  const asked = (await questionnaires.latest(main, key))!;
  const rule = { inPostOn: Day.at(planned), minimumShare: 0, kinds: [], includeOnLeave: false };
  const plan = { name, questionnaireId: asked.id, unitCodes: units, opensAt, stopsAt, rule, sms };
  const { id } = must(await rounds.plan(main, plan, planned, permit()));
  await before?.((await rounds.find(main, id))!, planned);
  must(await rounds.take(main, id, 'approve', planned, null));
  await treat(main, (await rounds.find(main, id))!, asked.kind as Approval.Survey['kind'], planned);
  say(`${name}: lager nøkler …`);
  must(await freeze(main, box, id, planned, permit()));
  must(await open(main, box, id, opensAt, null));
  return id;
}

/** Days from the plan, and where: what is done before a survey, with whom. */
const involved: Record<Approval.Item, { days: number; forum: string; isCase?: boolean }> = {
  purpose: { days: -21, forum: 'Medbestemmelsesmøtet' },
  'users-council': { days: -18, forum: 'Brukerutvalget for helse og omsorg' },
  basis: { days: -14, forum: 'Hovedutvalget', isCase: true },
  information: { days: planningDays - 7, forum: 'Personalmøtene og oppslag' },
  meetings: { days: planningDays + 49, forum: 'Enhetene selv' },
};

/** All that a survey demands is recorded; the extraordinary one is never frozen without its case. */
async function treat(
  main: World['main'],
  { id, dryRun }: rounds.RoundRow,
  kind: Approval.Survey['kind'],
  planned: Date,
) {
  for (const item of Approval.demanded({ kind, dryRun })) {
    const { days, forum, isCase } = involved[item];
    const day = Day.plus(Day.at(planned), days);
    const caseNumber = isCase ? `24/${day.slice(2, 4)}` : '';
    must(await approvals.record(main, id, item, { day, forum, caseNumber, text: '' }, planned, permit()));
  }
}

/** Intake ends and the ballots are counted; with comments, `read` is done in between. */
export async function count(
  { main, box, say }: World,
  id: string,
  stopsAt: Date,
  at: Date,
  read?: (key: string) => Promise<void>,
) {
  must(await stop(main, box, id, stopsAt, null));
  const key = (await demoKey(main, id))!;
  await read?.(key);
  must(await inTurn(() => close(main, box, id, key, at, permit())));
  say(`${(await rounds.find(main, id))!.name} er talt opp.`);
}
