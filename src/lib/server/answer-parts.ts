import * as Ballot from '#domain/ballot.ts';
import * as Choice from '#domain/choice.ts';
import * as Comment from '#domain/comment.ts';
import type { Keylist } from '#domain/keylist.ts';
import { wordsIn } from '#domain/language.ts';
import { asksStaff } from '#domain/programme.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import { type Html, html } from '#server/html.ts';

/* What the answering page and the page without JavaScript both show. */

const ownNames: Partial<Record<string, string>> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  en: 'English',
  se: 'Davvisámegiella',
};

/** A language's name: in the language itself, as it stands alone, or in another language's sentence. */
export function languageName(language: string, within?: Locale): string {
  const name = new Intl.DisplayNames([within ?? language, 'nb'], { type: 'language' }).of(language)!;
  return within ? name : (ownNames[language] ?? name.charAt(0).toLocaleUpperCase(language) + name.slice(1));
}

/** A hash as the keylist has it, as browsers want it in `integrity`. */
export const integrity = (hash: string) => `sha256-${Buffer.from(hash, 'base64url').toString('base64')}`;

export const localeOf: (language: string) => Locale = wordsIn;

/** The language of a text of the questionnaire, where the page around it is in another. */
export const otherLang = (text: Questionnaire.Text, language: string): string | undefined => {
  const own = Questionnaire.languageOf(text, language);
  return own === localeOf(language) ? undefined : own;
};

/** The same as an attribute. */
export const langOf = (text: Questionnaire.Text, language: string): Html | false => {
  const lang = otherLang(text, language);
  return lang !== undefined && html` lang="${lang}"`;
};

/** A mark beside something whose texts are not all written in the language that was chosen. */
export const mark = (texts: Questionnaire.Text[], language: string, locale: Locale): Html | false =>
  texts.some((text) => Questionnaire.languageOf(text, language) !== language) &&
  html`<p class="only">${m.answer_only({}, { locale })}</p>`;

/** What is said beforehand where not all of a page is in the language that was chosen. */
export function shortOf(questionnaire: Questionnaire.Questionnaire, language: string): Html | false {
  const locale = localeOf(language);
  const said =
    locale !== language
      ? m.answer_other_words({ language: languageName(language, locale) }, { locale })
      : !Questionnaire.translated(questionnaire, language) && m.answer_untranslated({}, { locale });
  return said && html`<p class="note">${said}</p>`;
}

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
          >${languageName(other)}</a
        >`,
    )}
  </nav>`;

/**
 * The same for a form that is filled in: what is chosen is posted back, to come again in the other language. The first
 * button of a form is the one that Enter presses, so that one, unseen, sends.
 */
export const languageButtons = (languages: string[], language: string): Html =>
  html`<button hidden></button>
    <nav aria-label="${m.answer_languages({}, { locale: localeOf(language) })}">
      ${languages.map((other) =>
        other === language
          ? html`<b lang="${other}" aria-current="true">${languageName(other)}</b>`
          : html`<button class="plain" name="to" value="${other}" lang="${other}">
              ${languageName(other)}
            </button>`,
      )}
    </nav>`;

/** A message whose [names] become places that the script fills in. */
export const slots = (message: string): Html[] =>
  message
    .split(/(\[\w+\])/)
    .map((part) => (/^\[\w+\]$/.test(part) ? html`<b data-slot="${part.slice(1, -1)}"></b>` : html`${part}`));

/** A message whose [names] are put in as they stand: words in a language of their own. */
export const placed = (message: string, words: Record<string, Html | Html[]>): Html =>
  html`${message.split(/(\[\w+\])/).map((part) => words[part.slice(1, -1)] ?? part)}`;

/** A title that a phone can break where its long word is put together; browsers know no Norwegian hyphens. */
export const hyphened = (title: string): string =>
  title.replace(/(?<=\p{L}{4})(?=undersøk|evaluering)/gu, '\u00ad');

/** Residents or relatives are asked: they have neither HR nor a union representative to turn to. */
export const isCare = ({ kind }: Pick<Questionnaire.Questionnaire, 'kind'>): boolean => !asksStaff(kind);

/** The head of a page of those who answer, with the round's own style. at: the round's address. */
export const head = (title: string, at: string, styleHash: string): Html =>
  html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width,initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${at}/answer.css" integrity="${integrity(styleHash)}" />`;

/** For pages that need no origin on a form; before the head, which fetches. */
export const noReferrer = html`<meta name="referrer" content="no-referrer" />`;

/** lang: the attribute of langOf, where the words are not in the language of the page. */
export const heading = (words: string, lang: Html | false = false) =>
  html`<h1 tabindex="-1" ${lang}>${words}</h1>`;

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
      radio(`about-${i}`, value, words, language, value === chosen[i]);
    const rows = options.map((option, j) => offers(kind, option.id) && row(option.text, j + 1));
    return html`<fieldset data-background="${kind}" ${!rows.some(Boolean) && html` hidden`}>
      <legend${langOf(text, language)}>${Questionnaire.text(text, language)}</legend>
      ${mark([text, ...options.map((option) => option.text)], language, locale)} ${rows} ${clearing(locale)}
    </fieldset>`;
  });

/** sign: drawn before the words. describedBy: the id of what is said of the choice. */
type Drawing = {
  isRequired?: boolean;
  sign?: Html | false;
  type?: 'radio' | 'checkbox';
  describedBy?: string | false;
};

export const radio = (
  name: string,
  value: number,
  words: Questionnaire.Text,
  language: string,
  isChosen: boolean,
  { isRequired = false, sign = false, type = 'radio', describedBy = false }: Drawing = {},
) =>
  html`<label
    ><input
      type="${type}"
      name="${name}"
      value="${value}"
      ${isChosen && html` checked`}${isRequired && html` required`}${describedBy && html` aria-describedby="${describedBy}"`}
    />${sign}<span${langOf(words, language)}>${Questionnaire.text(words, language)}</span></label
  >`;

export const clearing = (locale: Locale) =>
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
        <label for="comment-${i}" ${langOf(text, language)}>${Questionnaire.text(text, language)}</label>
        ${hint && html`<p id="hint-${i}" ${langOf(hint, language)}>${Questionnaire.text(hint, language)}</p>`}
        ${mark(hint ? [text, hint] : [text], language, locale)}
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

/** What may be skipped of what a questionnaire asks. */
export function skipping(questionnaire: Questionnaire.Questionnaire, locale: Locale): string {
  const asked = Questionnaire.statements(questionnaire);
  const required = asked.filter((one) => one.required).length;
  if (required === 0) return m.answer_skip({}, { locale });
  return required < asked.length ? m.answer_skip_some({}, { locale }) : m.answer_skip_none({}, { locale });
}

/** Said at a statement that must be answered and is not; unseen until then. */
const lacking = (number: number, isSeen: boolean, locale: Locale) =>
  html`<p class="note" id="lacking-${number}" data-lacking ${!isSeen && html` hidden`}>
    ${m.answer_lacking({}, { locale })}
  </p>`;

/**
 * One statement with its scale. marked: its marks in a ballot where something is chosen already. isLacking: it had to be
 * answered, and was not.
 */
export function statement(
  questionnaire: Questionnaire.Questionnaire,
  asked: Questionnaire.Statement,
  number: number,
  language: string,
  locale: Locale,
  marked: number[] = [],
  isLacking = false,
): Html {
  const scale = Questionnaire.scaleOf(questionnaire, asked);
  const isSeveral = scale.choose === 'several';
  const chosen = isSeveral ? Choice.values(scale, marked) : marked;
  const row = (value: number, words: Questionnaire.Text, isFirst = false) =>
    radio(
      String(number),
      value,
      words,
      language,
      chosen.includes(value),
      isSeveral
        ? { type: 'checkbox', describedBy: isFirst && `several-${number}` }
        : { isRequired: asked.required },
    );
  const beside = [
    asked.dontKnow && scale.dontKnow && row(Ballot.DONT_KNOW, scale.dontKnow),
    asked.notRelevant && scale.notRelevant && row(Ballot.NOT_RELEVANT, scale.notRelevant),
  ].filter((one) => typeof one === 'object');
  const texts = [asked.text, ...Questionnaire.answers(questionnaire, asked)];
  // A browser cannot ask for at least one box; the page's script does, in these words.
  const least = isSeveral && asked.required && m.questionnaire_required({}, { locale });
  return html`<fieldset
    ${isLacking && html` id="asked-${number}" aria-describedby="lacking-${number}"`}
    ${least && html` data-least="${least}"`}>
    <legend${langOf(asked.text, language)}>${Questionnaire.text(asked.text, language)}</legend>
    ${isSeveral && html`<p class="above" id="several-${number}">${m.choice_several({}, { locale })}</p>`}
    ${asked.required && html`<p class="above">${m.questionnaire_required({}, { locale })}</p>`}
    ${asked.required && lacking(number, isLacking, locale)}
    ${mark(texts, language, locale)}
    ${scale.points.map((point, i) => row(point.value, point.text, i === 0))}
    ${beside.length > 0 && html`<div class="beside">${beside}</div>`} ${clearing(locale)}
  </fieldset>`;
}
