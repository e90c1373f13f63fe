import { redirect } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import { cast, type Group, groups } from '#server/demo/cast.ts';
import type { PageServerLoad } from './$types';

/** The demo's start page; elsewhere the way in. */
export const load: PageServerLoad = async ({ locals, url }) => {
  locals.gate.ask('public');
  const members = await cast(db().main);
  if (members)
    return {
      groups: (Object.keys(groups) as Group[]).map((group) => ({
        group,
        cast: members
          .filter(({ part }) => groups[group].some((one) => one === part))
          .map(({ part, name, leads }) => ({ part, name, leads })),
      })),
      nobody: url.searchParams.has('nobody'),
    };
  if (!locals.gate.actor) redirect(303, '/sign-in');
  redirect(303, '/due');
};
