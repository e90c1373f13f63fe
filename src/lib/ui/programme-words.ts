import { m } from '#messages';

/** "Every second year" */
export const rhythmWords = (everyYears: number): string =>
  everyYears === 1
    ? m.programme_every_year()
    : everyYears === 2
      ? m.programme_every_second()
      : m.programme_every({ years: everyYears });
