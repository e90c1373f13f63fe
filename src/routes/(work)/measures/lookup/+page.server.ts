import { db } from '#server/db.ts';
import * as lookup from '#server/measure-lookup.ts';
import * as measures from '#server/measures.ts';
import type { PageServerLoad } from './$types';

const most = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
  locals.gate.ask('measure.see');
  const { main } = db();
  const text = (url.searchParams.get('q') ?? '').trim().slice(0, 200);
  const { leads = [], roles = [] } = locals.gate.actor ?? {};
  return {
    text,
    found: text ? await lookup.alike(main, { text }, locals.now, most) : [],
    count: text ? await measures.count(main, { words: text }) : 0,
    mayWrite: leads.length > 0 || roles.some(({ role }) => role === 'hr' || role === 'quality'),
  };
};
