import type { Cookies } from '@sveltejs/kit';
import { attempts } from '#server/attempts.ts';
import type { Main } from '#server/db.ts';
import * as sessions from '#server/sessions.ts';

/** The attempts at every account, in this process. */
export const slow = attempts();

/** Ends the session this browser had and begins a new one. */
export async function begin(main: Main, cookies: Cookies, url: URL, personId: string, now: Date) {
  const { name, options } = sessions.cookie(url);
  const old = cookies.get(name);
  if (old) await sessions.end(main, old);
  cookies.set(name, await sessions.create(main, personId, now), options);
}
