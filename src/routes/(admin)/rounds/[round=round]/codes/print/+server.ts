import { error, redirect } from '@sveltejs/kit';
import * as Code from '#domain/code.ts';
import * as Day from '#domain/day.ts';
import { isHouse } from '#domain/language.ts';
import * as codes from '#server/codes.ts';
import { db } from '#server/db.ts';
import * as letters from '#server/letters.ts';
import { asked } from '#server/paper-batch.ts';
import * as paperForms from '#server/paper-forms.ts';
import * as rounds from '#server/rounds.ts';
import { csvForExcel, saved } from '#server/spreadsheet.ts';
import type { RequestHandler } from './$types';
import { paperOf } from '../paper.ts';

/** Makes codes, and hands them out in the reply: the only time they are anywhere. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
  locals.gate.ask('code.list');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  const form = await request.formData();
  const said = (name: string) => String(form.get(name) ?? '');
  const refuse = (refusal: codes.PrintRefusal | 'to' | 'by' | 'comments', more = ''): never =>
    redirect(303, `/rounds/${found.id}/codes?refused=${refusal}${more}`);
  if (!found.tree || !found.fingerprint) return refuse('wrong-state');
  const language = said('language');
  const paper = await paperOf(found, isHouse(language) ? language : 'nb');
  const kind = said('form');
  const [to, by] = [said('to').trim().slice(0, 120), Day.parse(said('by'))];
  if (kind === 'forms') {
    const typed = `&${new URLSearchParams({ to, by: said('by').slice(0, 20) })}`;
    if (to === '') return refuse('to', typed);
    if (by === null || by >= Day.at(found.stopsAt)) return refuse('by', typed);
  }
  const questionnaire = kind === 'forms' ? await asked(main, found.id) : null;
  if (questionnaire?.comments) return refuse('comments');
  const rows = (drawn: codes.Drawn[]) =>
    drawn.map(({ group, code }) => [paper.groupName(group), Code.print(code), letters.linkOf(paper, code)]);
  const build = async (drawn: codes.Drawn[]): Promise<Uint8Array> => {
    if (kind === 'file')
      return Buffer.from(csvForExcel({ head: ['group', 'code', 'link'], rows: rows(drawn) }));
    if (questionnaire)
      return await paperForms.forms(drawn, paper, {
        questionnaire,
        help: found.help,
        to,
        by: letters.dayOf(by!, paper.language),
      });
    return kind === 'slips' ? await letters.slips(drawn, paper) : await letters.letters(drawn, paper);
  };
  const reserve = form.has('reserve') ? Number(said('reserve')) : null;
  const printed = await codes.print(
    main,
    locals.gate,
    found,
    { group: said('group'), reserve },
    build,
    locals.now,
  );
  if (!printed.ok) return refuse(printed.refusal);
  const headers =
    kind === 'file'
      ? saved(`koder-${found.id}.csv`, 'text/csv; charset=utf-8')
      : saved(`${kind === 'forms' ? 'skjema' : 'koder'}-${found.id}.pdf`, 'application/pdf');
  return new Response(Buffer.from(printed.file), { headers });
};
