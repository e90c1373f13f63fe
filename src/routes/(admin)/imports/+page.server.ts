import { fail, redirect } from '@sveltejs/kit';
import { limits } from '#domain/csv.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as imports from '#server/imports.ts';
import { refusalSentence } from '#ui/import-words.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The newest; the rest are one press away. */
const newest = 20;

export const load: PageServerLoad = async ({ locals, url }) => {
  const all = await imports.list(db().main, locals.gate.ask('import.do'));
  const shown = url.searchParams.has('all') ? all : all.slice(0, newest);
  return { imports: shown, more: shown.length < all.length };
};

const read = async ({ locals, request }: RequestEvent, kind: 'units' | 'people') => {
  const permit = locals.gate.ask('import.do');
  const refuse = (sentence: string) => fail(400, { faults: { [kind]: sentence } });
  const file = (await request.formData()).get('file');
  if (!(file instanceof File) || file.name === '') return refuse(m.import_no_file());
  if (file.size > limits.bytes) return refuse(refusalSentence({ refusal: 'too-large', line: null }));
  const preview = kind === 'units' ? imports.previewUnits : imports.previewPeople;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const found = await preview(db().main, permit, bytes, file.name, locals.now);
  if (!found.ok) return refuse(refusalSentence(found));
  redirect(303, `/imports/${found.id}`);
};

export const actions: Actions = {
  units: (event) => read(event, 'units'),
  people: (event) => read(event, 'people'),
};
