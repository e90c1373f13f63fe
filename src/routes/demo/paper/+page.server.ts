import { error, redirect } from '@sveltejs/kit';
import { fingerprintPrint } from '#domain/keylist.ts';
import { smallest } from '#domain/paper-batch.ts';
import { db } from '#server/db.ts';
import { answersByCode, cast, isPart, papers, withCode } from '#server/demo/cast.ts';
import { nodeName } from '#server/node-names.ts';
import { settings } from '#server/settings.ts';
import type { Actions, PageServerLoad } from './$types';

/** What somebody of the demo was handed on paper is shown once, to whoever asked for it. */
export const load: PageServerLoad = async ({ locals, request }) => {
  locals.gate.ask('public');
  if (!(await cast(db().main))) error(404);
  if (request.method !== 'POST') redirect(303, '/');
};

export const actions: Actions = {
  default: async ({ locals, request }) => {
    locals.gate.ask('public');
    const { main } = db();
    if (!(await cast(main))) error(404);
    const part = (await request.formData()).get('part');
    if (!isPart(part) || !(answersByCode(part) || part === 'enterer')) error(404);
    const kind = answersByCode(part) ? withCode[part] : 'resident';
    const paper = (await papers(main, kind, answersByCode(part) ? 1 : smallest)) ?? redirect(303, '/?nobody');
    const { round, group, codes } = paper;
    const nodes = round.tree?.nodes ?? [];
    const node = nodes.find(({ id }) => id === group);
    return {
      ...{ part, codes, name: round.name, stopsAt: round.stopsAt },
      group: node ? nodeName(node, nodes, locals.locale) : '',
      address: `${settings().ORIGIN}/svar/${round.id}/${locals.locale}`,
      fingerprint: fingerprintPrint(round.fingerprint),
    };
  },
};
