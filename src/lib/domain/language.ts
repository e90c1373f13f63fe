/** The languages that Medvirk's own pages are written in. */
export const house = ['nb', 'nn', 'en'] as const;
/** The languages that the answering pages are written in: those of the house, and Northern Sami. */
export const answering = [...house, 'se'] as const;

export type House = (typeof house)[number];
export type Answering = (typeof answering)[number];

const isOne = <T>(known: readonly T[], language: unknown): language is T => known.includes(language as T);

/** Whether Medvirk's own pages are written in it. */
export const isHouse = (language: unknown): language is House => isOne(house, language);

/** The language of Medvirk's own words on an answering page: the page's, or bokmål where they are not written in it. */
export const wordsIn = (language: string): Answering => (isOne(answering, language) ? language : 'nb');

/** The languages of a round's answering pages: those that our words are written in, then the questionnaire's others. */
export const offered = ({ languages }: { languages: string[] }): string[] => [
  ...new Set([...answering, ...languages]),
];
