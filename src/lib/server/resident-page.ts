import * as Ballot from '#domain/ballot.ts';
import { isOffered, type Help } from '#domain/help.ts';
import type { Keylist } from '#domain/keylist.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import {
  backgroundFields,
  backgroundWhy,
  clearing,
  commentFields,
  commentWhy,
  heading,
  langOf,
  localeOf,
  mark,
  type Offers,
  placed,
  radio,
} from '#server/answer-parts.ts';
import { beside, type Shape, shapeOf } from '#server/answer-shapes.ts';
import { type Html, html } from '#server/html.ts';

/*
 * The resident's edition of the answering page (docs/decisions/resident-page.md): the same start, overview, sending and
 * refusals; between them the helper's page, one statement a screen, and a way to stop.
 */

export type ResidentPage = {
  round: { id: string };
  questionnaire: Questionnaire.Questionnaire;
  language: string;
  languages: string[];
  thresholds: { factor: number };
  help: Help;
  /** Where open questions are asked: who reads them. */
  comments?: Keylist['comments'];
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
  'round' | 'questionnaire' | 'language' | 'thresholds' | 'help' | 'comments' | 'cardAt'
>;

/** The pages that a resident walks through after the start. */
export const screens = (page: Walk): Html[] => [
  helper(page),
  ...statements(page),
  ...comments(page),
  stop(page),
  stopped(page),
];

function helper(page: Walk): Html {
  const locale = localeOf(page.language);
  return html`<section data-view="theme" class="helper" hidden>
    ${heading(m.resident_help_title({}, { locale }))} ${forHelper(page)}
    ${editions(page.questionnaire, locale)}
  </section>`;
}

/** What whoever helps is told before anything is asked, and who helps. chosen: the options that are marked already. */
export function forHelper(
  { round, questionnaire, language, thresholds, help, cardAt }: Walk,
  chosen: number[] = [],
): Html {
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
  return html`<p class="lead">
      ${asksMode ? m.resident_help_lead({}, l) : m.resident_help_lead_plain({}, l)}
    </p>
    ${whoHelps(questionnaire, help, language, locale)}
    ${backgroundFields(questionnaire, language, locale, chosen, offersOf(questionnaire, help))}
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
    </p>`;
}

/** How many statements there are, and how many of them in the simplified edition. */
export const sizes = (questionnaire: Questionnaire.Questionnaire) => ({
  count: Questionnaire.statements(questionnaire).length,
  short: Questionnaire.simplified(questionnaire).length,
});

/** Whether there is a simplified edition: some of the statements, not all. */
export function hasShort(questionnaire: Questionnaire.Questionnaire): boolean {
  const { count, short } = sizes(questionnaire);
  return short > 0 && short < count;
}

/** On to the questions: all of them, or the simplified edition where there is one. */
function editions(questionnaire: Questionnaire.Questionnaire, locale: Locale): Html {
  const l = { locale };
  const { count, short } = sizes(questionnaire);
  if (!hasShort(questionnaire)) return ways(locale, m.resident_go({}, l));
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

/** The words of a text within a sentence of the page, with their language where it is another. */
function inOwn(text: Questionnaire.Text, language: string, words: string): Html {
  const lang = langOf(text, language);
  return lang ? html`<span${lang}>${words}</span>` : html`${words}`;
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
    .map(({ text }, i) => {
      const words = Questionnaire.text(text, language);
      const lower = words[0]!.toLocaleLowerCase(language) + words.slice(1);
      return html`${i > 0 && ', '}${inOwn(text, language, lower)}`;
    });
  const decided = {
    case: help.caseNumber,
    on: help.decidedOn === null ? '' : longDay(help.decidedOn, language),
  };
  const sentences = [
    names.length > 0
      ? placed(m.resident_help_who({ kinds: '[kinds]' }, l), { kinds: names })
      : html`${m.resident_help_nobody({}, l)}`,
    names.length > 0 && !help.kinds.includes('staff') && html`${' '}${m.resident_help_staff_off({}, l)}`,
    help.decidedOn !== null &&
      html`${' '}${help.caseNumber ? m.resident_help_decided(decided, l) : m.resident_help_decided_on(decided, l)}`,
  ];
  return html`<p>${sentences}</p>`;
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
  const isTwo = hasShort(questionnaire);
  let part = 0;
  return questionnaire.themes.flatMap((theme) =>
    theme.statements.map((one) => {
      part += 1;
      const title = inOwn(theme.title, language, Questionnaire.text(theme.title, language));
      const isBoth = isTwo && one.simple === true;
      return html`<section data-view="theme" class="one" ${isTwo && !isBoth && html` data-full`} hidden>
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

const progress = (theme: Html, part: number, parts: number, locale: Locale) =>
  html`<p class="above">
      ${placed(m.resident_part({ theme: '[theme]', part, parts }, { locale }), { theme })}
    </p>
    <progress value="${part}" max="${parts}" aria-hidden="true"></progress>`;

/**
 * One statement, each answer a word with a shape and a colour. Alone on a screen it is itself the heading. chosen: where
 * they all stand on one page, the value that is marked already, null where none is.
 */
export function statement(
  questionnaire: Questionnaire.Questionnaire,
  asked: Questionnaire.Statement,
  number: number,
  language: string,
  locale: Locale,
  chosen?: number | null,
): Html {
  const scale = Questionnaire.scaleOf(questionnaire, asked);
  const row = (value: number, words: Questionnaire.Text, shape: Shape) =>
    radio(String(number), value, words, language, value === chosen, { sign: draw(shape) });
  const extra = [
    asked.dontKnow && scale.dontKnow && row(Ballot.DONT_KNOW, scale.dontKnow, beside),
    asked.notRelevant && scale.notRelevant && row(Ballot.NOT_RELEVANT, scale.notRelevant, beside),
  ].filter((one) => typeof one === 'object');
  const words = Questionnaire.text(asked.text, language);
  const lang = langOf(asked.text, language);
  return html`<fieldset>
    ${
      chosen === undefined
        ? html`<legend>${heading(words, lang)}</legend>`
        : html`<legend${lang}>${words}</legend>`
    }
    ${mark([asked.text, ...Questionnaire.answers(questionnaire, asked)], language, locale)}
    <div class="choices">
      ${scale.points.map(({ value, text }, i) => row(value, text, shapeOf(i, scale.points.length)))}
    </div>
    ${extra.length > 0 && html`<div class="beside">${extra}</div>`} ${clearing(locale)}
  </fieldset>`;
}

/** A shape as it stands beside an answer: for eyes alone. */
export const draw = ({ height, size, strokes }: Shape): Html =>
  html`<svg class="mark${height && ` ${height}`}" viewBox="0 0 ${size} ${size}" aria-hidden="true">
    ${strokes.map(({ path, how }) => html`<path ${how !== 'line' && html` class="${how}"`} d="${path}" />`)}
  </svg>`;

const ways = (locale: Locale, next: string) =>
  html`<p class="saved" data-not="kiosk">${m.answer_saved({}, { locale })}</p>
    <div class="ways">
      <button data-go="next" data-check="${m.answer_to_check({}, { locale })}">${next}</button>
      <button data-go="back" class="quiet">${m.answer_back({}, { locale })}</button>
      <button data-go="stop" class="quiet">${m.resident_stop({}, { locale })}</button>
    </div>`;

/** The open questions, after the last statement. */
function comments({ questionnaire, language, comments: read }: Walk): Html[] {
  if (!questionnaire.comments || !read) return [];
  const locale = localeOf(language);
  return [
    html`<section data-view="theme" hidden>
      ${heading(m.comment_answer_title({}, { locale }))} ${commentWhy(read, locale)}
      ${commentFields(questionnaire, language, locale)} ${ways(locale, m.answer_check_title({}, { locale }))}
    </section>`,
  ];
}

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
