import type { Questionnaire, Text } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';

const health = own.find(({ key }) => key === 'extraordinary')!;
const inSchools: Record<string, string> = {
  nb: 'i oppvekst',
  nn: 'i oppvekst',
  en: 'in schools and kindergartens',
};
const places = /i helse og omsorg|in health and care/;

/** The text as it is said where children are; the statement on top management says in English “of health and care”. */
const moved = (text: Text): Text =>
  Object.fromEntries(
    Object.entries(text).map(([language, words]) => [
      language,
      words!
        .replace(places, inSchools[language]!)
        .replace('of health and care', 'of schools and kindergartens'),
    ]),
  ) as Text;

/** Fjordvik's own questionnaire for its schools and kindergartens: that of the health area, which is named in a few of its texts. */
export const schooling: Questionnaire = {
  ...health,
  key: 'schooling',
  title: moved(health.title),
  intro: moved(health.intro!),
  themes: health.themes.map((theme) => ({
    ...theme,
    statements: theme.statements.map((one) => ({ ...one, text: moved(one.text) })),
  })),
  background: health.background!.map((asked) => ({
    ...asked,
    options: asked.options.map((option) =>
      option.id === 'skilled'
        ? {
            ...option,
            text: {
              nb: 'Fagarbeider, assistent eller miljøarbeider',
              nn: 'Fagarbeidar, assistent eller miljøarbeidar',
              en: 'Skilled worker, assistant or social worker',
            },
          }
        : option,
    ),
  })),
};
