import * as Ballot from '#domain/ballot.ts';
import * as Comment from '#domain/comment.ts';
import type { Keylist } from '#domain/keylist.ts';
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

/** The background questions' fields, `about-0` and on. chosen: the options that are marked already, 0 for none. */
export const backgroundFields = (
  { background = [] }: Questionnaire.Questionnaire,
  language: string,
  locale: Locale,
  chosen: number[] = [],
): Html[] =>
  background.map(({ text, options }, i) => {
    const row = (words: Questionnaire.Text, value: number) =>
      radio(`about-${i}`, value, Questionnaire.text(words, language), value === chosen[i]);
    return html`<fieldset data-background>
      <legend>${Questionnaire.text(text, language)}</legend>
      ${options.map((option, j) => row(option.text, j + 1))} ${clearing(locale)}
    </fieldset>`;
  });

const radio = (name: string, value: number, words: string, isChosen: boolean) =>
  html`<label
    ><input type="radio" name="${name}" value="${value}" ${isChosen && html` checked`} /><span
      >${words}</span
    ></label
  >`;

const clearing = (locale: Locale) =>
  html`<button type="button" class="plain" data-clear hidden>${m.answer_clear({}, { locale })}</button>`;

/** The open questions' fields, `comment-0` and on. typed: what stands in them already. */
export const commentFields = (
  { comments = [] }: Questionnaire.Questionnaire,
  language: string,
  locale: Locale,
  typed: string[] = [],
): Html[] =>
  comments.map(
    ({ text, hint }, i) =>
      html`<div class="comment" data-comment>
        <label for="comment-${i}">${Questionnaire.text(text, language)}</label>
        ${hint && html`<p id="hint-${i}">${Questionnaire.text(hint, language)}</p>`}
        <textarea
          id="comment-${i}"
          name="comment-${i}"
          rows="6"
          maxlength="${Comment.ROOM}"
          autocomplete="off"
          aria-describedby="${hint && `hint-${i} `}left-${i}"
        >
${typed[i] ?? ''}</textarea>
        <p class="left" id="left-${i}" data-left="${m.comment_answer_left({ words: '[words]' }, { locale })}">
          ${m.comment_answer_left({ words: Comment.wordsLeft(typed[i] ?? '') }, { locale })}
        </p>
      </div>`,
  );

/** What to know before writing in one's own words: that style can be recognised, who reads, and where it is shown. */
export const commentWhy = (
  { readers: [one = '', two = ''], respondents, comments }: NonNullable<Keylist['comments']>,
  locale: Locale,
): Html =>
  html`<p class="lead">${m.comment_answer_free({}, { locale })}</p>
    <p class="box"><b>${m.comment_answer_warn({}, { locale })}</b></p>
    <p>
      ${m.comment_answer_readers({ one, two }, { locale })}${' '}
      ${m.comment_answer_seen({ respondents, comments }, { locale })}
    </p>`;

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
