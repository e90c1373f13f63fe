import type { PageServerLoad } from './$types';
import { read } from './minutes.ts';

export const load: PageServerLoad = ({ params, locals: { gate, now, locale } }) =>
  read(gate, params, now, locale);
