import { error } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { isHouse } from '#domain/language.ts';
import * as calendar from '#server/calendar.ts';
import * as calendarLinks from '#server/calendar-links.ts';
import { db } from '#server/db.ts';
import * as house from '#server/house.ts';
import { settings } from '#server/settings.ts';
import type { RequestHandler } from './$types';
import { ical } from './ical.ts';

/** The calendar as a subscription: whoever has the address reads what its owner may see, and no figures. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  locals.gate.ask('public');
  const { main } = db();
  const owner = (await calendarLinks.owner(main, params.secret, locals.now)) ?? error(404);
  const today = Day.at(locals.now);
  const entries = await calendar.entries(main, locals.now, await calendar.concerns(main, owner), {
    from: Day.plus(today, -90),
    to: Day.plus(today, 3653),
  });
  const wanted = url.searchParams.get('language');
  const { name } = await house.read(main);
  const file = ical(entries, {
    name: `Medvirk ${name}`,
    host: new URL(settings().ORIGIN).hostname,
    now: locals.now,
    locale: isHouse(wanted) ? wanted : 'nb',
  });
  return new Response(file, { headers: { 'content-type': 'text/calendar; charset=utf-8' } });
};
