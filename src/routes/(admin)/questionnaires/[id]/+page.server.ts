import { error } from '@sveltejs/kit';
import { changes } from '#domain/questionnaire.ts';
import { db } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  locals.gate.ask('questionnaire.see');
  const found = await questionnaires.byId(db().main, params.id);
  if (!found) error(404);
  const versions = await questionnaires.listVersions(db().main, found.key);
  const before = versions.find(({ version }) => version === found.version - 1);
  const { content } = found;
  const wanted = url.searchParams.get('language') ?? locals.locale;
  return {
    id: found.id,
    addedAt: found.addedAt,
    questionnaire: content,
    language: content.languages.includes(wanted) ? wanted : 'nb',
    versions: versions.map(({ id, version, addedAt }) => ({ id, version, addedAt })),
    changes: before ? changes(before.content, content) : null,
    justAdded: url.searchParams.has('added'),
    justFinished: url.searchParams.has('finished'),
    mayChange: locals.gate.may('questionnaire.change'),
  };
};
