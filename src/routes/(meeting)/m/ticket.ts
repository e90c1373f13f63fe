import type { Cookies } from '@sveltejs/kit';
import type { Main } from '#server/db.ts';
import * as votes from '#server/votes.ts';

/** Two months: from a first sitting to the last. */
const longest = 60 * 24 * 3600;

export const cookieOf = (cookies: Cookies) => cookies.get('meeting');

/** Lets this phone in: the ticket lies in a cookie for this meeting alone. */
export async function letIn(main: Main, room: votes.Room, cookies: Cookies, url: URL) {
  if (await votes.admit(main, room.code, cookieOf(cookies))) return;
  const ticket = await votes.join(main, room);
  if (ticket === null) return;
  cookies.set('meeting', ticket, {
    path: `/m/${room.code}`,
    httpOnly: true,
    sameSite: 'lax',
    secure: url.protocol === 'https:',
    maxAge: longest,
  });
}
