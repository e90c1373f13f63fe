import * as Ballot from '#domain/ballot.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import { type Html, html } from '#server/html.ts';

/* What the answering page and the page without JavaScript both show. */

export const languageNames: Record<string, string> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  en: 'English',
  se: 'Davvisámegiella',
};

/** A hash as the keylist has it, as browsers want it in `integrity`. */
export const integrity = (hash: string) => `sha256-${Buffer.from(hash, 'base64url').toString('base64')}`;

export const localeOf = (language: string): Locale =>
  language === 'nn' || language === 'en' ? language : 'nb';

/** The top of a page: the product, the same page in other languages, and whether the round is a trial or a demo. */
export const header = (
  { dryRun, demo }: { dryRun: boolean; demo: boolean },
  links: Html | false,
  locale: Locale,
): Html =>
  html`<header>
    <b>${m.common_product({}, { locale })}</b>
    ${[
      links,
      dryRun && html`<p class="note">${m.answer_dry({}, { locale })}</p>`,
      demo && html`<p class="note">${m.answer_demo({}, { locale })}</p>`,
    ]}
  </header>`;

/** The page in each language. at: the round's address; below: where in a language the page stands. */
export const languageLinks = (languages: string[], language: string, at: string, below = ''): Html =>
  html`<nav aria-label="${m.answer_languages({}, { locale: localeOf(language) })}">
    ${languages.map(
      (other) =>
        html`<a
          href="${at}/${other}${below}"
          lang="${other}"
          hreflang="${other}"
          ${other === language && html` aria-current="true"`}
          >${languageNames[other] ?? other}</a
        >`,
    )}
  </nav>`;

/** A message whose [names] become places that the script fills in. */
export const slots = (message: string): Html[] =>
  message
    .split(/(\[\w+\])/)
    .map((part) => (/^\[\w+\]$/.test(part) ? html`<b data-slot="${part.slice(1, -1)}"></b>` : html`${part}`));

export const heading = (words: string) => html`<h1 tabindex="-1">${words}</h1>`;

/** Why something is asked of the one who answers, and who sees it. factor: the limit of a factor. */
export const backgroundWhy = (
  { background = [] }: Questionnaire.Questionnaire,
  factor: number,
  locale: Locale,
): string =>
  background.some(({ kind }) => kind === 'role')
    ? m.answer_background_role({ factor }, { locale })
    : m.answer_background_mode({ factor }, { locale });

/** Whether a background question's option may be chosen in a round: of helpers, those who may help. */
export type Offers = (kind: Questionnaire.Background['kind'], option: string) => boolean;

/** The background questions' fields, `about-0` and on. chosen: the options that are marked already, 0 for none. */
export const backgroundFields = (
  { background = [] }: Questionnaire.Questionnaire,
  language: string,
  locale: Locale,
  chosen: number[] = [],
  offers: Offers = () => true,
): Html[] =>
  background.map(({ kind, text, options }, i) => {
    const row = (words: Questionnaire.Text, value: number) =>
      radio(`about-${i}`, value, Questionnaire.text(words, language), value === chosen[i]);
    const rows = options.map((option, j) => offers(kind, option.id) && row(option.text, j + 1));
    return html`<fieldset data-background="${kind}" ${!rows.some(Boolean) && html` hidden`}>
      <legend>${Questionnaire.text(text, language)}</legend>
      ${rows} ${clearing(locale)}
    </fieldset>`;
  });

export const radio = (
  name: string,
  value: number,
  words: string,
  isChosen: boolean,
  mark: Html | false = false,
) =>
  html`<label
    ><input type="radio" name="${name}" value="${value}" ${isChosen && html` checked`} />${mark}<span
      >${words}</span
    ></label
  >`;

export const clearing = (locale: Locale) =>
  html`<button type="button" class="plain" data-clear hidden>${m.answer_clear({}, { locale })}</button>`;

/** One statement with its scale. chosen: the value that is marked already; none where nothing is. */
export function statement(
  questionnaire: Questionnaire.Questionnaire,
  asked: Questionnaire.Statement,
  number: number,
  language: string,
  locale: Locale,
  chosen?: number,
): Html {
  const scale = Questionnaire.scaleOf(questionnaire, asked);
  const row = (value: number, words: Questionnaire.Text) =>
    radio(String(number), value, Questionnaire.text(words, language), value === chosen);
  const beside = [
    asked.dontKnow && scale.dontKnow && row(Ballot.DONT_KNOW, scale.dontKnow),
    asked.notRelevant && scale.notRelevant && row(Ballot.NOT_RELEVANT, scale.notRelevant),
  ].filter((one) => typeof one === 'object');
  return html`<fieldset>
    <legend>${Questionnaire.text(asked.text, language)}</legend>
    ${scale.points.map((point) => row(point.value, point.text))}
    ${beside.length > 0 && html`<div class="beside">${beside}</div>`} ${clearing(locale)}
  </fieldset>`;
}
