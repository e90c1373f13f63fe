import { error, redirect } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import { anotherEmployee, answeringLink, cast, isPart } from '#server/demo/cast.ts';
import { settings } from '#server/settings.ts';
import { begin } from '#server/signing-in.ts';
import type { RequestHandler } from './$types';

/** Be somebody of the demo, with one press. In any other house there is no such address. */
export const POST: RequestHandler = async ({ locals, request, cookies, url }) => {
  locals.gate.ask('public');
  const { main } = db();
  const members = (await cast(main)) ?? error(404);
  const part = (await request.formData()).get('part');
  const member = members.find((m) => isPart(part) && m.part === part) ?? error(404);
  if (member.part === 'employee') {
    const { ORIGIN } = settings();
    const link = await answeringLink(main, member.personId, ORIGIN, locals.locale);
    const other = link ? null : await anotherEmployee(main);
    const to = link ?? (other && (await answeringLink(main, other, ORIGIN, locals.locale)));
    redirect(303, to ?? '/?nobody');
  }
  await begin(main, cookies, url, member.personId, locals.now);
  redirect(303, member.part === 'operator' ? '/rounds' : '/due');
};
