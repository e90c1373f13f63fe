import { eq } from 'drizzle-orm';
import { unfrozen } from '#domain/round.ts';
import * as SmallUnit from '#domain/small-unit.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { type Invited, invited } from '#server/invited.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as releases from '#server/releases.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { round } from '#server/schema.ts';

/** How the units of a round look before it is frozen, and what has been chosen for those likely to get no figures. */
export type View = {
  /** Per cent expected to answer, and whence: chosen by HR, the rate of the newest release, or a rule of thumb. */
  share: number;
  from: 'chosen' | 'last' | 'usual';
  outlooks: SmallUnit.Outlook[];
  /** With no units put together by HR. */
  alone: SmallUnit.Outlook[];
  misfits: SmallUnit.Misfit[];
};

export async function view(main: Main, of: RoundRow, who?: Invited): Promise<View> {
  const now = who ?? (await invited(main, of));
  const alone = of.merges.length > 0 ? await invited(main, { ...of, merges: [] }) : now;
  const expected = await shareOf(main, of);
  const [outlooks, apart] = [now, alone].map((ground) =>
    SmallUnit.outlooks(ground, of.thresholds, expected.share),
  ) as [SmallUnit.Outlook[], SmallUnit.Outlook[]];
  return { ...expected, outlooks, alone: apart, misfits: SmallUnit.misfits(of, outlooks, apart) };
}

async function shareOf(main: Main, of: RoundRow): Promise<Pick<View, 'share' | 'from'>> {
  if (of.choices.share !== null) return { share: of.choices.share, from: 'chosen' };
  const asked = await questionnaires.byId(main, of.questionnaireId);
  const last = asked && (await releases.lastRate(main, asked.key));
  return last === null
    ? { share: SmallUnit.usualShare, from: 'usual' }
    : { share: Math.floor(last * 100), from: 'last' };
}

/** The choices that would make other groups than HR chose, if the round were frozen now. */
export const inTheWay = async (main: Main, of: RoundRow, who: Invited): Promise<SmallUnit.Misfit[]> =>
  of.merges.length === 0 && of.choices.borrow.length === 0 && of.choices.without.length === 0
    ? []
    : (await view(main, of, who)).misfits.filter(SmallUnit.stopsFreezing);

export type Wanted = { unit: string; choice: SmallUnit.Choice; sisters: string[]; anyway: boolean };

/** Chooses for one unit. Until the round is frozen: then its groups stand. */
export const choose = (main: Main, id: string, wanted: Wanted, now: Date, permit: Permit<'round.plan'>) =>
  change(main, id, now, permit, async (tx, of) => SmallUnit.choose(of, (await view(tx, of)).alone, wanted));

/** Sets how many per cent are expected to answer; null: as last time. */
export const expect = (
  main: Main,
  id: string,
  share: number | null,
  now: Date,
  permit: Permit<'round.plan'>,
) =>
  change(main, id, now, permit, (_, of) =>
    share === null || (Number.isInteger(share) && share >= 1 && share <= 100)
      ? { ok: true, chosen: { merges: of.merges, choices: { ...of.choices, share } } }
      : { ok: false, refusal: 'share', units: [] },
  );

export type Refusal = SmallUnit.ChoiceRefusal | 'share' | 'wrong-state';
type Changed = { ok: true; chosen: SmallUnit.Chosen } | { ok: false; refusal: Refusal; units: string[] };

async function change(
  main: Main,
  id: string,
  now: Date,
  permit: Permit<'round.plan'>,
  make: (tx: Main, of: RoundRow) => Changed | Promise<Changed>,
): Promise<Changed> {
  return await main.transaction(async (tx) => {
    const [found] = (await tx.select().from(round).where(eq(round.id, id)).for('update')) as RoundRow[];
    if (!found || !unfrozen.includes(found.state)) return { ok: false, refusal: 'wrong-state', units: [] };
    const made = await make(tx, found);
    if (!made.ok) return made;
    await tx.update(round).set(made.chosen).where(eq(round.id, id));
    await note(tx, id, 'small units', now, permit.by);
    return made;
  });
}
