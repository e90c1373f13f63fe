import type { Questionnaire, Text } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';

const inPolish: Record<string, string> = {
  'inner-motivation': 'Radość z pracy',
  'inner-motivation-1': 'Często cieszę się, że idę do pracy.',
  'inner-motivation-2': 'Mój dzień pracy daje mi energię.',
  'inner-motivation-3': 'Moja praca budzi moją ciekawość.',
  'role-clarity': 'Jasne role',
  'role-clarity-1': 'Jest dla mnie jasne, które zadania należą do mnie.',
  'role-clarity-2': 'Potrafię wyjaśnić, jaki jest cel mojej pracy.',
  'role-clarity-3': 'Wiem, kiedy zadanie jest wykonane wystarczająco dobrze.',
  'mastery-climate': 'Wspieramy się nawzajem',
  'mastery-climate-1': 'U nas dopingujemy się nawzajem.',
  'mastery-climate-2': 'U nas dzielimy się tym, co umiemy.',
  'mastery-climate-3': 'U nas pomagamy osobie, która nie może sobie poradzić.',
  'load-and-support': 'Wymagania i wsparcie',
  'load-and-support-1': 'Zdążam wykonać swoje zadania w godzinach pracy.',
  'load-and-support-2': 'Po pracy mam jeszcze siły.',
  'load-and-support-3': 'Stawiane mi wymagania są ze sobą zgodne.',
  'load-and-support-4': 'Dostaję wsparcie po trudnych spotkaniach z ludźmi.',
  'load-and-support-5': 'Mam na kim się oprzeć, gdy w pracy jest ciężko.',
};
const scaleInPolish = [
  'Zdecydowanie się nie zgadzam',
  'Nie zgadzam się',
  'Ani się zgadzam, ani się nie zgadzam',
  'Zgadzam się',
  'Zdecydowanie się zgadzam',
];

const employee = own.find(({ key }) => key === 'employee')!;
const pl = (text: Text, words: string): Text => ({ ...text, pl: words });
const titled = <Of extends { id: string; title: Text }>(of: Of) => ({
  ...of,
  title: pl(of.title, inPolish[of.id]!),
});
const isAsked = ({ id }: { id: string }) => Object.hasOwn(inPolish, id);

/** Fjordvik's own questionnaire: four themes of the employee survey, in Polish too, and one question in own words. */
export const workday: Questionnaire = {
  format: 'medvirk-questionnaire/1',
  key: 'workday',
  version: 1,
  kind: 'employee',
  title: {
    ...{ nb: 'Kort om arbeidsdagen', nn: 'Kort om arbeidsdagen' },
    ...{ en: 'In brief about the working day', pl: 'Krótko o dniu pracy' },
  },
  intro: pl(
    employee.intro!,
    'Zobaczysz kilka zdań o swojej pracy. Wybierz odpowiedź, która najlepiej do Ciebie pasuje.',
  ),
  languages: [...employee.languages, 'pl'],
  minutes: 4,
  scales: employee.scales.map(({ points, dontKnow, notRelevant, ...scale }) => ({
    ...scale,
    points: points.map((point, i) => ({ ...point, text: pl(point.text, scaleInPolish[i]!) })),
    dontKnow: pl(dontKnow!, 'Nie wiem'),
    notRelevant: pl(notRelevant!, 'Nie dotyczy mnie'),
  })),
  themes: employee.themes.filter(isAsked).map((theme) => ({
    ...titled(theme),
    statements: theme.statements.map((one) => ({ ...one, text: pl(one.text, inPolish[one.id]!) })),
  })),
  factors: employee.factors.filter(isAsked).map(titled),
  comments: [
    {
      id: 'better-day',
      text: {
        nb: 'Hva ville gjort arbeidsdagen din bedre?',
        nn: 'Kva ville gjort arbeidsdagen din betre?',
        en: 'What would make your working day better?',
        pl: 'Co poprawiłoby Twój dzień pracy?',
      },
    },
  ],
};

/** What the invented staff answer to it. */
export const written = [
  'Mer tid til overlapping mellom vaktene.',
  'Færre systemer å logge inn i.',
  'At vi får vite om endringer før de skjer.',
  'Et fast møte i uka der vi planlegger sammen.',
  'Bedre biler om vinteren.',
  'Et rolig sted å skrive rapport.',
  'Flere faste i helgene.',
  'At nye får opplæring før første vakt.',
  'Kortere vei til utstyret vi trenger.',
  'Ros når det har vært en tung vakt.',
  'Lister som stemmer med tiden vi bruker.',
  'Et pauserom med en dør som kan lukkes.',
  'At noen svarer når vi ringer om natta.',
  'Fagdag sammen med de andre gruppene.',
  'Litt lengre tid mellom oppdragene.',
  'At vi spiser lunsj sammen oftere.',
];
/** And what a reader holds back: it is about somebody, and not about the work. */
export const aboutSomebody = 'Det er alltid Kari som slipper helgene.';
