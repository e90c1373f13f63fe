import { m } from '#messages';
import { db } from '#server/db.ts';
import { hasEditions, looks, paper, render } from '#server/draft-preview.ts';
import * as house from '#server/house.ts';
import type { RequestHandler } from './$types';
import { draftFor } from '../../draft.ts';

export const GET: RequestHandler = async ({ locals, params, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found } = await draftFor(params.id, locals.locale, 'GET');
  const { content } = found.draft;
  const [look = 'screen'] = looks.filter((one) => one === url.searchParams.get('as'));
  const asked = url.searchParams.get('language') ?? locals.locale;
  const language = content.languages.includes(asked) ? asked : 'nb';
  if (look === 'paper') {
    const { name } = await house.read(db().main);
    const headers = {
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="utkast.pdf"',
    };
    return new Response(Buffer.from(await paper(content, language, name)), { headers });
  }
  const edition = hasEditions(content) && url.searchParams.get('edition') === 'simple' ? 'simple' : 'full';
  const at = `/questionnaires/drafts/${params.id}`;
  const { page, policy } = await render(content, {
    ...{ look, language, edition, at },
    back: m.draft_preview_back(),
  });
  return new Response(page, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  });
};
