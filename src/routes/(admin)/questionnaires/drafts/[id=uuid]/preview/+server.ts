import { looks, render } from '#server/draft-preview.ts';
import { m } from '#messages';
import type { RequestHandler } from './$types';
import { draftFor } from '../../draft.ts';

export const GET: RequestHandler = async ({ locals, params, url }) => {
  locals.gate.ask('questionnaire.change');
  const { found } = await draftFor(params.id, locals.locale, 'GET');
  const { content } = found.draft;
  const [look = 'screen'] = looks.filter((one) => one === url.searchParams.get('as'));
  const asked = url.searchParams.get('language') ?? locals.locale;
  const language = content.languages.includes(asked) ? asked : 'nb';
  const { page, policy } = await render(
    content,
    look,
    language,
    `/questionnaires/drafts/${params.id}`,
    m.draft_preview_back(),
  );
  return new Response(page, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  });
};
