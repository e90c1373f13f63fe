import { redirect } from '@sveltejs/kit';
import { isHouse } from '#domain/language.ts';
import { cookieName } from '#messages/runtime';
import { localPath } from '#server/local-path.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, cookies, locals }) => {
  locals.gate.ask('public');
  const form = await request.formData();
  const locale = form.get('locale');
  if (isHouse(locale))
    cookies.set(cookieName, locale, { path: '/', maxAge: 365 * 24 * 3600, httpOnly: true, sameSite: 'lax' });
  redirect(303, localPath(form.get('back')));
};
