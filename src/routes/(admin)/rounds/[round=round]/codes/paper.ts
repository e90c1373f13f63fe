import { text } from '#domain/questionnaire.ts';
import type { Locale } from '#messages/runtime';
import { asksCrowd } from '#server/crowds.ts';
import { db } from '#server/db.ts';
import * as house from '#server/house.ts';
import type { Paper } from '#server/letters.ts';
import { nameOf } from '#server/node-names.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { RoundRow } from '#server/rounds.ts';
import { settings } from '#server/settings.ts';

/** What stands on the paper of a frozen round. */
export async function paperOf(of: RoundRow, language: Locale): Promise<Paper> {
  const { main } = db();
  const asked = await questionnaires.byId(main, of.questionnaireId);
  const nodes = of.tree!.nodes;
  const { name: municipality } = await house.read(main);
  return {
    round: { id: of.id, opensAt: of.opensAt, stopsAt: of.stopsAt, fingerprint: of.fingerprint! },
    title: text(asked!.content.title, language),
    municipality,
    intro: asked!.content.intro && text(asked!.content.intro, language),
    isCrowd: await asksCrowd(main, of),
    isLeader: asked!.content.kind === 'leader',
    factor: of.thresholds.factor,
    origin: settings().ORIGIN,
    language,
    groupName: (id) => nameOf(id, nodes, language),
  };
}
