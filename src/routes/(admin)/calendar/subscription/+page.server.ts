import { fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import * as calendarLinks from '#server/calendar-links.ts';
import { db } from '#server/db.ts';
import { settings } from '#server/settings.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const permit = locals.gate.ask('calendar.subscribe');
  return { since: await calendarLinks.since(db().main, permit) };
};

export const actions: Actions = {
  // The address is shown in the answer itself: it is kept nowhere that a redirect could show it from.
  make: async ({ locals }) => {
    const permit = locals.gate.ask('calendar.subscribe');
    const made = await calendarLinks.make(db().main, locals.now, permit);
    const faults: Record<string, string> = { address: m.calendar_has_one() };
    if (!made.ok) return fail(409, { faults });
    const language = locals.locale === 'nb' ? '' : `?language=${locals.locale}`;
    return { address: `${settings().ORIGIN}/calendar/${made.secret}.ics${language}` };
  },
  'take-back': async ({ locals }) => {
    await calendarLinks.takeBack(db().main, locals.gate.ask('calendar.subscribe'));
    redirect(303, '/calendar/subscription');
  },
};
