import type { State } from '#domain/round.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';

export const stateWords: Record<State, () => string> = {
  planned: m.round_planned,
  approved: m.round_approved,
  frozen: m.round_frozen,
  open: m.round_open,
  stopped: m.round_stopped,
  closed: m.round_closed,
  withdrawn: m.round_withdrawn,
};

const tags = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB', se: 'nb-NO' } as const;

/** A moment in words, Norwegian time: "mandag 1. mars kl. 08:00". */
export const moment = (at: Date): string =>
  at.toLocaleString(tags[getLocale()], {
    timeZone: 'Europe/Oslo',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });

export const day = (at: Date): string =>
  at.toLocaleDateString(tags[getLocale()], {
    timeZone: 'Europe/Oslo',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
