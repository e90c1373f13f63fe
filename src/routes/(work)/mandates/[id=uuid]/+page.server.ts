import type { PageServerLoad } from './$types';
import { plain, read } from './status.ts';

export const load: PageServerLoad = async ({ locals: { gate, now }, params, url }) => {
  const byNumber = url.searchParams.get('order') === 'number';
  const status = await read(gate, params.id, byNumber, now);
  return { ...status, byNumber, mayChange: gate.may('mandate.change'), plain: plain(status) };
};
