/**
 * What makes a statement hard to answer (design section 7, text rules). negation: a word that turns the meaning;
 * double: two things in one, joined by this word; long: so many words; jargon: a word of the office, and a plain one.
 */
export type Hint =
  | { hint: 'negation' | 'double'; word: string }
  | { hint: 'long'; words: number }
  | { hint: 'jargon'; word: string; instead: string };

/** Longer sentences are read twice. Words. */
export const longest = 20;

const negations: Record<string, string[]> = {
  nb: 'ikke aldri ingen ingenting intet uten verken unngår'.split(' '),
  nn: 'ikkje aldri ingen inga inkje ingenting utan verken korkje unngår'.split(' '),
  en: 'not never no none nothing without neither nor cannot'.split(' '),
};
const joints: Record<string, string[]> = { nb: ['og', 'eller'], nn: ['og', 'eller'], en: ['and', 'or'] };

/** Words that stand for a verb or a whole thing after "and": then two things are asked about. */
const subjects: Record<string, string[]> = {
  nb: 'jeg vi du lederen ledelsen arbeidsplassen kommunen den det de'.split(' '),
  nn: 'eg vi du leiaren leiinga arbeidsplassen kommunen den det dei'.split(' '),
  en: 'i we you the my our'.split(' '),
};
/** Fewer words on either side of "and" are one thing with two names: "help and support". */
const leastOnASide = 3;

const jargon: Record<string, Record<string, string>> = {
  nb: {
    vedrørende: 'om',
    implementere: 'ta i bruk',
    implementerer: 'tar i bruk',
    implementert: 'tatt i bruk',
    benytter: 'bruker',
    benyttes: 'brukes',
    ivaretar: 'tar vare på',
    ivaretas: 'blir tatt vare på',
    ivaretatt: 'tatt vare på',
    iverksette: 'sette i gang',
    iverksettes: 'settes i gang',
    tilstrekkelig: 'nok',
    hensiktsmessig: 'som passer',
    foreligger: 'er',
    herunder: 'også',
    fordrer: 'krever',
    kompetanseheving: 'å lære mer',
    relasjonell: 'om forholdet mellom folk',
  },
  nn: {
    vedrørande: 'om',
    implementere: 'ta i bruk',
    implementerer: 'tek i bruk',
    implementert: 'teken i bruk',
    nyttar: 'bruker',
    ivaretek: 'tek vare på',
    iverksetje: 'setje i gang',
    tilstrekkeleg: 'nok',
    føremålstenleg: 'som passar',
    kompetanseheving: 'å lære meir',
    relasjonell: 'om forholdet mellom folk',
  },
  en: {
    utilise: 'use',
    utilize: 'use',
    facilitate: 'help',
    facilitates: 'helps',
    sufficient: 'enough',
    sufficiently: 'enough',
    commence: 'begin',
    regarding: 'about',
  },
};

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}’'-]+/gu) ?? [];

/** Hints about one text in bokmål, nynorsk or English, in the order of the type; none in other languages. */
export function hints(text: string, language: string): Hint[] {
  const words = wordsOf(text);
  const found = (list: string[] = []) => words.find((word) => list.includes(word));
  const negation =
    found(negations[language]) ?? (language === 'en' ? words.find((w) => /n[’']t$/.test(w)) : undefined);
  const double = doubled(text, language);
  const sentence = Math.max(0, ...text.split(/[.?:;]\s/).map((one) => wordsOf(one).length));
  const plain = jargon[language] ?? {};
  return [
    ...(negation ? [{ hint: 'negation' as const, word: negation }] : []),
    ...(double ? [{ hint: 'double' as const, word: double }] : []),
    ...(sentence > longest && language in negations ? [{ hint: 'long' as const, words: sentence }] : []),
    ...words.flatMap((word) =>
      Object.hasOwn(plain, word) ? [{ hint: 'jargon' as const, word, instead: plain[word]! }] : [],
    ),
  ];
}

/** The word that joins two questions in one, or null: a clause, or several words, on each side of it. */
function doubled(text: string, language: string): string | null {
  for (const part of text.split(/[.?:;]\s/)) {
    const words = wordsOf(part);
    const at = words.findIndex((word, i) => {
      if (!joints[language]?.includes(word)) return false;
      const [before, after] = [words.slice(0, i), words.slice(i + 1)];
      const clause = subjects[language]!.includes(after[0] ?? '');
      return clause || (before.length >= leastOnASide && after.length >= leastOnASide);
    });
    if (at >= 0) return words[at]!;
  }
  return null;
}
