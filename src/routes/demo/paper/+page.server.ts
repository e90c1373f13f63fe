import { error, redirect } from '@sveltejs/kit';
import { fingerprintPrint } from '#domain/keylist.ts';
import { smallest } from '#domain/paper-batch.ts';
import { db } from '#server/db.ts';
import { answersByCode, cast, isPart, papers, withCode } from '#server/demo/cast.ts';
import { nodeName } from '#server/node-names.ts';
import { find } from '#server/rounds.ts';
import { settings } from '#server/settings.ts';
import type { Actions, PageServerLoad } from './$types';

const isOnPaper = (part: unknown) => isPart(part) && (answersByCode(part) || part === 'enterer');

/** The paper that somebody of the demo was handed lies in a cookie, so that the way back leads to it. */
const cookie = 'paper';
const path = '/demo/paper';

export const load: PageServerLoad = async ({ locals, cookies }) => {
  locals.gate.ask('public');
  const { main } = db();
  if (!(await cast(main))) error(404);
  const [part, id = '', group, ...codes] = (cookies.get(cookie) ?? '').split('.');
  const round = isOnPaper(part) ? await find(main, id) : null;
  if (!round?.fingerprint) redirect(303, '/');
  const nodes = round.tree?.nodes ?? [];
  const node = nodes.find((one) => one.id === group);
  return {
    paper: {
      ...{ part, codes, name: round.name, stopsAt: round.stopsAt },
      group: node ? nodeName(node, nodes, locals.locale) : '',
      address: `${settings().ORIGIN}/svar/${round.id}/${locals.locale}`,
      fingerprint: fingerprintPrint(round.fingerprint),
    },
  };
};

export const actions: Actions = {
  default: async ({ locals, request, cookies, url }) => {
    locals.gate.ask('public');
    const { main } = db();
    if (!(await cast(main))) error(404);
    const part = (await request.formData()).get('part');
    if (!isPart(part) || !isOnPaper(part)) error(404);
    const kind = answersByCode(part) ? withCode[part] : 'resident';
    const { round, group, codes } =
      (await papers(main, kind, answersByCode(part) ? 1 : smallest)) ?? redirect(303, '/?nobody');
    const value = [part, round.id, group, ...codes].join('.');
    const secure = url.protocol === 'https:';
    cookies.set(cookie, value, { path, httpOnly: true, sameSite: 'lax', secure });
    redirect(303, path);
  },
};
