import { error, redirect } from '@sveltejs/kit';

/** How the gate ends a request: as the hooks say it. */
export const ends = { stranger: () => redirect(303, '/sign-in'), refused: () => error(404) };
