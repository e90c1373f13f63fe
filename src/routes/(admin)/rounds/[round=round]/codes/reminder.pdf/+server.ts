import { error, redirect } from '@sveltejs/kit';
import { isHouse } from '#domain/language.ts';
import * as codes from '#server/codes.ts';
import { asksCrowd } from '#server/crowds.ts';
import { db } from '#server/db.ts';
import * as letters from '#server/letters.ts';
import * as rounds from '#server/rounds.ts';
import { saved } from '#server/spreadsheet.ts';
import type { RequestHandler } from './$types';
import { paperOf } from '../paper.ts';

/** Reminders on paper, for all alike who answer by code. They hold no code, and change nothing. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  locals.gate.ask('code.list');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  const group = url.searchParams.get('group') ?? 'all';
  const of = await codes.reminded(main, locals.gate, found, group, locals.now);
  if (!of.ok) redirect(303, `/rounds/${found.id}/codes?refused=${of.refusal}`);
  const language = url.searchParams.get('language') ?? '';
  const paper = await paperOf(found, isHouse(language) ? language : 'nb');
  const file = await letters.reminders(of.groups, paper, await asksCrowd(main, found));
  return new Response(Buffer.from(file), { headers: saved(`paminnelse-${found.id}.pdf`, 'application/pdf') });
};
