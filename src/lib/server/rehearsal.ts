import { randomInt } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { written } from '#domain/choice.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import { options, type Questionnaire, scaleOf, statements } from '#domain/questionnaire.ts';
import type { Box, Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { newLink } from '#server/invitations.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as respondent from '#server/respondent.ts';
import { find, note } from '#server/rounds.ts';
import { invitation, issued } from '#server/schema.ts';
import { settings } from '#server/settings.ts';

/** As many as make a result worth looking at, and no more than can be waited for. */
const most = 60;

/** Invents answers for some who have not answered an open dry run, so that everybody can see a whole round through. */
export async function answer(
  main: Main,
  intake: Box,
  roundId: string,
  now: Date,
  permit: Permit<'round.rehearse'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' }> {
  const found = await find(main, roundId);
  if (!found?.dryRun || found.state !== 'open') return { ok: false, refusal: 'wrong-state' };
  const asked = await questionnaires.byId(main, found.questionnaireId);
  const round = await respondent.prepare(main, roundId, fingerprintSigns(found.fingerprint!));
  const left = await main
    .select({ id: invitation.id })
    .from(invitation)
    .leftJoin(issued, eq(issued.invitationId, invitation.id))
    .where(and(eq(invitation.roundId, roundId), isNull(issued.invitationId)))
    .orderBy(invitation.groupId)
    .limit(most);
  for (const { id } of left) {
    const { secret } = respondent.partsOf(await newLink(main, id, settings().ORIGIN, 'nb'));
    const words = (asked!.content.comments ?? []).map(() => sayings[randomInt(sayings.length * 2)] ?? '');
    const comments = round.keylist.comments ? words : [];
    const about = options(asked!.content).map(() => 0);
    const answers = invented(asked!.content);
    await respondent.answer(main, intake, round, secret, answers, now, undefined, about, comments);
  }
  await note(main, roundId, 'rehearse', now, permit.by);
  return { ok: true };
}

/** What half of the invented people write, so that the readers have something to try on. */
const sayings = [
  'Oppdiktet: Vi trenger bedre tid til overlapping.',
  'Oppdiktet: Godt samarbeid på kvelden.',
  'Oppdiktet: Møterommet er ofte opptatt.',
  'Oppdiktet: Opplæringen i høst var nyttig.',
  'Oppdiktet: Mer ro rundt måltidene.',
];

const invented = (questionnaire: Questionnaire): number[] =>
  statements(questionnaire).flatMap((statement) => {
    const scale = scaleOf(questionnaire, statement);
    const { value } = scale.points[randomInt(scale.points.length)]!;
    if (scale.choose !== 'several') return [value];
    const more = scale.points.filter(() => randomInt(3) === 0).map((point) => point.value);
    return written(scale, [value, ...more]);
  });
