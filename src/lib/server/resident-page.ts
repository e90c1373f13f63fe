import * as Ballot from '#domain/ballot.ts';
import { isOffered, type Help } from '#domain/help.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import {
  backgroundFields,
  backgroundWhy,
  clearing,
  header,
  heading,
  integrity,
  langOf,
  languageLinks,
  localeOf,
  mark,
  type Offers,
  radio,
} from '#server/answer-parts.ts';
import { type Html, html } from '#server/html.ts';

/*
 * The resident's edition of the answering page (docs/decisions/resident-page.md): the same start, overview, sending and
 * refusals; between them the helper's page, one statement a screen, and a way to stop. And the show card, in the same words.
 */

export type ResidentPage = {
  round: { id: string };
  questionnaire: Questionnaire.Questionnaire;
  language: string;
  languages: string[];
  thresholds: { factor: number };
  help: Help;
  dryRun: boolean;
  demo: boolean;
  styleHash: string;
  /** Where the show card is, when it is not the round's own. */
  cardAt?: string;
};

/** What may be chosen of mode and helper: where nobody may help, everybody answers alone. */
export function offersOf({ background = [] }: Questionnaire.Questionnaire, help: Help): Offers {
  const helpers = background.filter(({ kind }) => kind === 'helper').flatMap(({ options }) => options);
  const somebody = helpers.length === 0 || helpers.some(({ id }) => isOffered(help, id));
  return (kind, option) => {
    if (kind === 'helper') return isOffered(help, option);
    return kind !== 'mode' || option === Questionnaire.modes[0] || somebody;
  };
}

/** What a resident walks through after the start. */
export type Walk = Pick<
  ResidentPage,
  'round' | 'questionnaire' | 'language' | 'thresholds' | 'help' | 'cardAt'
>;

/** The pages that a resident walks through after the start. */
export const screens = (page: Walk): Html[] => [helper(page), ...statements(page), stop(page), stopped(page)];

function helper({ round, questionnaire, language, thresholds, help, cardAt }: Walk): Html {
  const locale = localeOf(language);
  const l = { locale };
  const asksMode = questionnaire.background?.some(({ kind }) => kind === 'mode') ?? false;
  const how = [
    m.resident_how_read,
    m.resident_how_wait,
    m.resident_how_point,
    m.resident_how_words,
    m.resident_how_take,
    m.resident_how_keep,
    m.resident_how_behalf,
  ];
  return html`<section data-view="theme" class="helper" hidden>
    ${heading(m.resident_help_title({}, l))}
    <p class="lead">${asksMode ? m.resident_help_lead({}, l) : m.resident_help_lead_plain({}, l)}</p>
    ${whoHelps(questionnaire, help, language, locale)}
    ${backgroundFields(questionnaire, language, locale, [], offersOf(questionnaire, help))}
    ${asksMode && html`<p class="above">${backgroundWhy(questionnaire, thresholds.factor, locale)}</p>`}
    <h2>${m.resident_how_title({}, l)}</h2>
    <ul>
      ${how.map((one) => html`<li>${one({}, l)}</li>`)}
    </ul>
    <p data-not="kiosk">
      <a
        href="${cardAt ?? `/svar/${round.id}/${language}/svarkort`}"
        target="_blank"
        rel="noopener noreferrer"
        >${m.resident_card_link({}, l)}</a
      >
    </p>
    ${editions(questionnaire, locale)}
  </section>`;
}

/** On to the questions: all of them, or the simplified edition where there is one. */
function editions(questionnaire: Questionnaire.Questionnaire, locale: Locale): Html | Html[] {
  const l = { locale };
  const count = Questionnaire.statements(questionnaire).length;
  const short = Questionnaire.simplified(questionnaire).length;
  if (short === 0 || short === count) return ways(locale, m.resident_go({}, l));
  return html`<h2>${m.resident_edition_title({}, l)}</h2>
    <p>${m.resident_edition_what({}, l)}</p>
    <div class="ways">
      <button data-go="next" data-edition="full" data-check="${m.answer_to_check({}, l)}">
        ${m.resident_edition_full({ count }, l)}
      </button>
      <button data-go="next" data-edition="simple" class="quiet">
        ${m.resident_edition_simple({ count: short }, l)}
      </button>
      <button data-go="back" class="quiet">${m.answer_back({}, l)}</button>
      <button data-go="stop" class="quiet">${m.resident_stop({}, l)}</button>
    </div>`;
}

/** Who may help, and by what decision. */
function whoHelps(
  { background = [] }: Questionnaire.Questionnaire,
  help: Help,
  language: string,
  locale: Locale,
): Html | false {
  const l = { locale };
  const helpers = background.find(({ kind }) => kind === 'helper')?.options;
  if (!helpers) return false;
  const names = helpers
    .filter(({ id }) => isOffered(help, id))
    .map(({ text }) => Questionnaire.text(text, language))
    .map((words) => words[0]!.toLocaleLowerCase(language) + words.slice(1));
  const decided = {
    case: help.caseNumber,
    on: help.decidedOn === null ? '' : longDay(help.decidedOn, language),
  };
  const sentences = [
    names.length > 0 ? m.resident_help_who({ kinds: names.join(', ') }, l) : m.resident_help_nobody({}, l),
    names.length > 0 && !help.kinds.includes('staff') && m.resident_help_staff_off({}, l),
    help.decidedOn !== null &&
      (help.caseNumber ? m.resident_help_decided(decided, l) : m.resident_help_decided_on(decided, l)),
  ];
  return html`<p>${sentences.filter(Boolean).join(' ')}</p>`;
}

const longDay = (day: string, language: string) =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString([language, 'nb', 'no'], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Europe/Oslo',
  });

function statements({ questionnaire, language }: Walk): Html[] {
  const locale = localeOf(language);
  const parts = Questionnaire.statements(questionnaire).length;
  const short = Questionnaire.simplified(questionnaire);
  const hasShort = short.length > 0 && short.length < parts;
  let part = 0;
  return questionnaire.themes.flatMap((theme) =>
    theme.statements.map((one) => {
      part += 1;
      const title = Questionnaire.text(theme.title, language);
      const isBoth = hasShort && one.simple === true;
      return html`<section data-view="theme" class="one" ${hasShort && !isBoth && html` data-full`} hidden>
        <div class="full">${progress(title, part, parts, locale)}</div>
        ${
          isBoth &&
          html`<div class="short">${progress(title, short.indexOf(one) + 1, short.length, locale)}</div>`
        }
        ${statement(questionnaire, one, part - 1, language, locale)}
        <button
          type="button"
          class="quiet read"
          data-read
          data-again-words="${m.resident_read_again({}, { locale })}"
          hidden
        >
          ${m.resident_read({}, { locale })}
        </button>
        ${ways(locale, m.answer_next({}, { locale }))}
      </section>`;
    }),
  );
}

const progress = (theme: string, part: number, parts: number, locale: Locale) =>
  html`<p class="above">${m.resident_part({ theme, part, parts }, { locale })}</p>
    <progress value="${part}" max="${parts}" aria-hidden="true"></progress>`;

/** One statement alone: itself the heading, and each answer a word with a shape and a colour. */
function statement(
  questionnaire: Questionnaire.Questionnaire,
  asked: Questionnaire.Statement,
  number: number,
  language: string,
  locale: Locale,
): Html {
  const scale = Questionnaire.scaleOf(questionnaire, asked);
  const row = (value: number, words: Questionnaire.Text, shape: Html) =>
    radio(String(number), value, words, language, false, { sign: shape });
  const beside = [
    asked.dontKnow && scale.dontKnow && row(Ballot.DONT_KNOW, scale.dontKnow, unsure),
    asked.notRelevant && scale.notRelevant && row(Ballot.NOT_RELEVANT, scale.notRelevant, unsure),
  ].filter((one) => typeof one === 'object');
  return html`<fieldset>
    <legend>${heading(Questionnaire.text(asked.text, language), langOf(asked.text, language))}</legend>
    ${mark([asked.text, ...Questionnaire.answers(questionnaire, asked)], language, locale)}
    <div class="choices">
      ${scale.points.map(({ value, text }, i) => row(value, text, shapeOf(i, scale.points.length)))}
    </div>
    ${beside.length > 0 && html`<div class="beside">${beside}</div>`} ${clearing(locale)}
  </fieldset>`;
}

/** Of up to three answers, a shape each; of more, as many filled dots as the answer is high. */
function shapeOf(i: number, count: number): Html {
  const height = i === 0 ? 'low' : i === count - 1 ? 'high' : 'middle';
  const shapes = {
    low: html`<path class="filled" d="M6 6h36v36H6z" /><path class="cut" d="M15 24h18" />`,
    middle: html`<path class="filled" d="M24 3v42L3 24z" /><path d="M24 3 45 24 24 45 3 24z" />`,
    high: html`<path class="filled" d="M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40z" /><path
        class="cut"
        d="m15 25 6 7 13-15"
      />`,
  };
  const dots = Array.from({ length: count }, (_, j) => {
    const [x, y] = [8 + 16 * (j % 3), 8 + 16 * Math.floor(j / 3)];
    return html`<path
      ${j <= i && html` class="filled"`}
      d="M${x - 6} ${y}a6 6 0 1 1 12 0 6 6 0 0 1-12 0z"
    />`;
  });
  const size = count > 9 ? 64 : 48;
  return html`<svg class="mark ${height}" viewBox="0 0 ${size} ${size}" aria-hidden="true">
    ${count > 3 ? dots : shapes[height]}
  </svg>`;
}

const unsure = html`<svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
  <path class="dashed" d="M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40z" />
  <path d="M18 19c0-8 13-8 13 0 0 5-7 5-7 10m0 5v2" />
</svg>`;

const ways = (locale: Locale, next: string) =>
  html`<p class="saved" data-not="kiosk">${m.answer_saved({}, { locale })}</p>
    <div class="ways">
      <button data-go="next" data-check="${m.answer_to_check({}, { locale })}">${next}</button>
      <button data-go="back" class="quiet">${m.answer_back({}, { locale })}</button>
      <button data-go="stop" class="quiet">${m.resident_stop({}, { locale })}</button>
    </div>`;

function stop({ language }: Walk): Html {
  const l = { locale: localeOf(language) };
  return html`<section data-view="stop" hidden>
    ${heading(m.resident_stop_title({}, l))}
    <p class="lead">${m.resident_stop_what({}, l)}</p>
    <p data-not="kiosk">${m.resident_stop_pause({}, l)}</p>
    <div class="ways">
      <button data-go="stay">${m.resident_stop_go({}, l)}</button>
      <button data-go="check" class="quiet">${m.resident_stop_send({}, l)}</button>
    </div>
    <p class="box">${m.resident_stop_quit_what({}, l)}</p>
    <div class="ways"><button data-quit class="quiet">${m.resident_stop_quit({}, l)}</button></div>
  </section>`;
}

const stopped = ({ language }: Walk): Html =>
  html`<section data-view="stopped" hidden>
    ${heading(m.resident_stopped_title({}, { locale: localeOf(language) }))}
    <p class="lead">${m.resident_stopped_what({}, { locale: localeOf(language) })}</p>
  </section>`;

/** The show card: each scale on a page of its own, in the words and shapes of the screen. */
export function cards({ questionnaire, language }: Pick<Walk, 'questionnaire' | 'language'>): Html {
  const l = { locale: localeOf(language) };
  const used = questionnaire.scales.filter(({ id }) =>
    Questionnaire.statements(questionnaire).some(({ scale }) => scale === id),
  );
  const row = (words: Questionnaire.Text, shape: Html) =>
    html`<li>${shape}<span${langOf(words, language)}>${Questionnaire.text(words, language)}</span></li>`;
  return html`<h1>${m.resident_card_title({}, l)}</h1>
    <p class="lead">${m.resident_card_what({}, l)}</p>
    ${used.map(
      ({ points, dontKnow, notRelevant }) =>
        html`<ul class="card">
          ${points.map(({ text }, i) => row(text, shapeOf(i, points.length)))}
          ${[dontKnow, notRelevant].map((words) => words && row(words, unsure))}
        </ul>`,
    )}`;
}

/** The page of a round's show card in one language. */
export function card(page: ResidentPage): string {
  const { round, language, languages, styleHash } = page;
  const locale = localeOf(language);
  const at = `/svar/${round.id}`;
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${m.resident_card_title({}, { locale })}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${at}/answer.css" integrity="${integrity(styleHash)}" />
      </head>
      <body>
        ${header(page, languages.length > 1 && languageLinks(languages, language, at, '/svarkort'), locale)}
        <main class="cards">${cards(page)}</main>
      </body>
    </html> `.markup;
}
