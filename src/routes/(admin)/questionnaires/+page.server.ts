import { shown } from '#domain/draft.ts';
import { statements } from '#domain/questionnaire.ts';
import * as approvals from '#server/approvals.ts';
import { db } from '#server/db.ts';
import * as underWay from '#server/drafts.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('questionnaire.see');
  const newest = await questionnaires.listLatest(db().main);
  const drafts = await approvals.drafts(db().main);
  const mayChange = locals.gate.may('questionnaire.change');
  const open = mayChange ? await underWay.listOpen(db().main) : [];
  return {
    drafts: drafts
      .filter(({ concerned }) => locals.gate.may('approval.comment', { concerned }))
      .map(({ id, name, opensAt }) => ({ id, name, opensAt })),
    mayChange,
    underWay: open.map(({ id, draft, changedAt, changedName }) => ({
      ...{ id, changedAt, changedName },
      title: shown(draft.content.title, locals.locale),
    })),
    questionnaires: newest.map(({ id, version, content }) => ({
      id,
      version,
      kind: content.kind,
      title: content.title,
      statements: statements(content).length,
      minutes: content.minutes,
      languages: content.languages,
    })),
  };
};
