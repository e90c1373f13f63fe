import { error, redirect } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import { answeringLink, answersByLink, beginsAt, cast, isPart } from '#server/demo/cast.ts';
import { smsBox } from '#server/postman.ts';
import { settings } from '#server/settings.ts';
import { begin } from '#server/signing-in.ts';
import { words } from '#server/sms.ts';
import type { RequestHandler } from './$types';

/** Be somebody of the demo, with one press. In any other house there is no such address. */
export const POST: RequestHandler = async ({ locals, request, cookies, url }) => {
  locals.gate.ask('public');
  const { main } = db();
  const members = (await cast(main)) ?? error(404);
  const said = (await request.formData()).get('part');
  const { part, personId } = members.find((m) => isPart(said) && m.part === said) ?? error(404);
  if (personId === null) error(404);
  if (answersByLink(part)) {
    const found = await answeringLink(main, part, personId, settings().ORIGIN, locals.locale);
    if (!found) redirect(303, '/?nobody');
    if (part !== 'sms') redirect(303, found.link);
    const text = words(0, found.link, found.stopsAt, locals.locale);
    await smsBox.send({ to: found.mobile!, text, reference: '' }, locals.now);
    redirect(303, '/demo/mail');
  }
  await begin(main, cookies, url, personId, locals.now);
  redirect(303, await beginsAt(main, part, personId));
};
