import { day } from '#ui/round-words.ts';

/** An ISO day in words: "1. mars 2027". */
export const dayWords = (iso: string): string => day(new Date(`${iso}T12:00:00Z`));
