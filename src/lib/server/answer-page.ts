import type { Help } from '#domain/help.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import type { Keylist } from '#domain/keylist.ts';
import type { Thresholds } from '#domain/round.ts';
import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import {
  backgroundFields,
  backgroundWhy,
  commentFields,
  commentWhy,
  head,
  header,
  isCare,
  heading,
  hyphened,
  integrity,
  langOf,
  languageLinks,
  localeOf,
  noReferrer,
  shortOf,
  skipping,
  slots,
  statement,
} from '#server/answer-parts.ts';
import { refusals } from '#server/answer-refusals.ts';
import { type Html, html } from '#server/html.ts';
import { screens } from '#server/resident-page.ts';

export type AnswerPage = {
  round: { id: string; name: string };
  questionnaire: Questionnaire.Questionnaire;
  language: string;
  /** All languages the round is frozen in, this one too. */
  languages: string[];
  /** Where ballots are posted: "" for the same host. */
  boxOrigin: string;
  thresholds: Thresholds;
  comments?: Keylist['comments'];
  promise: 'operator' | 'witnesses';
  /** The body outside the municipality that holds the key. */
  holder?: string;
  dryRun: boolean;
  demo: boolean;
  /** Some have a drawn code on paper: the page takes it typed, and there is a way without JavaScript. */
  codes: boolean;
  /** Who may help residents to answer. */
  help: Help;
  /** SHA-256 of answer.js and answer.css, base64url as in the keylist. */
  scriptHash: string;
  styleHash: string;
};

/** The answering page of a round in one language: the bytes that are frozen, hashed and served until close. */
export function render(page: AnswerPage): string {
  const { round, questionnaire, language, languages } = page;
  const locale = localeOf(language);
  const title = Questionnaire.text(questionnaire.title, language);
  const at = `/svar/${round.id}`;
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        ${noReferrer} ${head(title, at, page.styleHash)}
        <script type="module" src="${at}/answer.js" integrity="${integrity(page.scriptHash)}"></script>
      </head>
      <body
        data-round="${round.id}"
        data-language="${language}"
        data-box="${page.boxOrigin}"
        data-silence="${silence(questionnaire)}"
      >
        ${header(page, languages.length > 1 && languageLinks(languages, language, at), locale)}
        <main>
          <noscript>
            <h1>${m.answer_noscript_title({}, { locale })}</h1>
            <p>${m.answer_noscript_why({}, { locale })}</p>
            <p>
              ${(isCare(questionnaire) ? m.answer_care_noscript : m.answer_noscript_what)({}, { locale })}
            </p>
            ${
              page.codes &&
              html`<p>${m.answer_noscript_code({}, { locale })}</p>
                <p>
                  <a href="${at}/${language}/uten-skript">${m.answer_noscript_code_way({}, { locale })}</a>
                </p>`
            }
          </noscript>
          <section data-view="loading" class="scripted">
            <p>${m.answer_loading({}, { locale })}</p>
            <p class="slow">${m.answer_loading_long({}, { locale })}</p>
          </section>
          ${start(page, title, locale)}
          ${questionnaire.kind === 'resident' ? screens(page) : themes(page, locale)}
          ${questionnaire.kind !== 'resident' && [comments(page, locale), background(page, locale)]}
          ${check(locale)} ${locked(locale)} ${done(questionnaire, locale)}
          ${refusals(page.codes, isCare(questionnaire), locale)}
          <p role="status" id="status"></p>
          <p data-only="kiosk">
            <button data-next class="quiet">${m.resident_kiosk_next({}, { locale })}</button>
          </p>
          ${stillThere(locale)}
        </main>
      </body>
    </html> `.markup;
}

function start(page: AnswerPage, title: string, locale: Locale): Html {
  const { questionnaire, thresholds, language } = page;
  const { kind } = questionnaire;
  const care = isCare(questionnaire);
  const ofStaff = kind === 'leader' ? m.evaluation_see_title : m.answer_see_title;
  const seeTitle = care ? m.answer_see_title_care : ofStaff;
  const count = Questionnaire.statements(questionnaire).length;
  const size = { minutes: questionnaire.minutes, statements: count, parts: partsOf(questionnaire) };
  return html`<section data-view="start" hidden>
    ${page.round.name !== title && html`<p class="above">${page.round.name}</p>`}
    ${heading(hyphened(title), langOf(questionnaire.title, language))}
    ${questionnaire.intro && lead(questionnaire.intro, language)} ${shortOf(questionnaire, language)}
    ${last(locale)}
    <div data-if="about" hidden>
      <h2>${m.evaluation_about_title({}, { locale })}</h2>
      <p class="last" data-slot="about"></p>
    </div>
    <h2>${m.answer_happens_title({}, { locale })}</h2>
    <p>
      ${m.answer_happens_seal({}, { locale })}${' '}
      ${slots(m.answer_happens_group({ group: '[group]', invited: '[invited]' }, { locale }))}
    </p>
    <p data-if="together" hidden>
      ${slots(m.answer_happens_together({ together: '[together]' }, { locale }))}
    </p>
    <p>
      ${
        page.promise === 'witnesses'
          ? m.answer_happens_witnesses({}, { locale })
          : page.holder
            ? m.answer_happens_outside({ body: page.holder }, { locale })
            : m.answer_happens_operator({}, { locale })
      }
    </p>
    <details>
      <summary>${m.answer_more_title({}, { locale })}</summary>
      <p>${m.answer_more_known({}, { locale })}</p>
      <p>${m.answer_more_false({}, { locale })}</p>
      <p>${slots(m.answer_more_fingerprint({ fingerprint: '[fingerprint]' }, { locale }))}</p>
    </details>
    <h2>${seeTitle({}, { locale })}</h2>
    ${picture(care, locale)}
    <p>${m.answer_see_what({ factor: thresholds.factor, statement: thresholds.statement }, { locale })}</p>
    <h2>${m.answer_long_title({}, { locale })}</h2>
    <p>
      ${
        kind === 'resident'
          ? m.resident_long_what(size, { locale })
          : html`${m.answer_long_what(size, { locale })}${' '} ${skipping(questionnaire, locale)}`
      }${' '}
      <span data-not="kiosk">${slots(m.answer_long_pause({ stops: '[stops]' }, { locale }))}</span>
    </p>
    <p class="box" data-only="kiosk">${forgets(silence(questionnaire), locale)}</p>
    <p class="box" data-not="kiosk">${m.answer_begin_note({}, { locale })}</p>
    <button id="begin" data-busy="${m.answer_fetching({}, { locale })}">
      ${m.answer_begin({}, { locale })}
    </button>
  </section>`;
}

const lead = (text: Questionnaire.Text, language: string) =>
  html`<p class="lead" ${langOf(text, language)}>${Questionnaire.text(text, language)}</p>`;
/** Seconds of silence before a shared tablet forgets who was there: residents get more time. */
const silence = ({ kind }: Questionnaire.Questionnaire) => (kind === 'resident' ? 300 : 90);

/** That it forgets, in seconds below two minutes. */
const forgets = (seconds: number, locale: Locale) =>
  seconds < 120
    ? m.resident_kiosk_note({ seconds }, { locale })
    : m.resident_kiosk_note_minutes({ minutes: seconds / 60 }, { locale });

/** Shown on a shared tablet before it forgets. */
const stillThere = (locale: Locale) =>
  html`<dialog id="silence" aria-labelledby="silence-title">
    <h2 id="silence-title">${m.resident_kiosk_silence_title({}, { locale })}</h2>
    <p>${m.resident_kiosk_silence_what({}, { locale })}</p>
    <button>${m.resident_kiosk_more({}, { locale })}</button>
  </dialog>`;

/** A small report with a withheld cell in it (docs: the same words as on every page). */
function picture(care: boolean, locale: Locale): Html {
  const shown = (name: string, mean: number) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td>
        <svg viewBox="0 0 104 16" aria-hidden="true">
          <path d="M8 8h88" />
          ${[8, 30, 52, 74, 96].map((x) => html`<path d="M${x} 5v6" />`)}
          <circle cx="${8 + (mean - 1) * 22}" cy="8" r="6" />
        </svg>
      </td>
      <td>${mean.toLocaleString(locale === 'en' ? 'en' : 'nb')}</td>
    </tr>`;
  const [one, two, three] = care
    ? [m.answer_see_care_one, m.answer_see_care_two, m.answer_see_care_three]
    : [m.answer_see_one, m.answer_see_two, m.answer_see_three];
  return html`<table>
    <caption>
      ${m.answer_see_caption({}, { locale })}
    </caption>
    ${shown(one({}, { locale }), 4.1)} ${shown(two({}, { locale }), 3.4)}
    <tr>
      <th scope="row">${three({}, { locale })}</th>
      <td colspan="2" class="withheld"><span>${m.common_withheld({}, { locale })}</span></td>
    </tr>
  </table>`;
}

/** The pages that one walks through: the themes, the open questions, and what is asked of the one who answers. */
const partsOf = ({ themes, comments, background }: Questionnaire.Questionnaire) =>
  themes.length + (comments ? 1 : 0) + (background ? 1 : 0);

function themes({ questionnaire, language }: AnswerPage, locale: Locale): Html[] {
  const parts = partsOf(questionnaire);
  let number = 0;
  return questionnaire.themes.map(
    (theme, i) =>
      html`<section data-view="theme" hidden>
        ${progress(i + 1, parts, locale)}
        ${heading(Questionnaire.text(theme.title, language), langOf(theme.title, language))}
        ${theme.intro && lead(theme.intro, language)}
        ${theme.statements.map((one) => statement(questionnaire, one, number++, language, locale))}
        ${ways(i + 1 === parts, locale)} ${i === 0 && otherDevice(locale)}
      </section>`,
  );
}

const progress = (part: number, parts: number, locale: Locale) =>
  html`<p class="above">${m.answer_part({ part, parts }, { locale })}</p>
    <progress value="${part}" max="${parts}" aria-hidden="true"></progress>`;

const ways = (isLast: boolean, locale: Locale) =>
  html`<p class="saved" data-not="kiosk">${m.answer_saved({}, { locale })}</p>
    <div class="ways">
      <button data-go="next" data-check="${m.answer_to_check({}, { locale })}">
        ${isLast ? m.answer_check_title({}, { locale }) : m.answer_next({}, { locale })}
      </button>
      <button data-go="back" class="quiet">${m.answer_back({}, { locale })}</button>
    </div>`;

/** The open questions, with what to know before one writes. */
function comments({ questionnaire, language, comments: read }: AnswerPage, locale: Locale): Html | false {
  if (!questionnaire.comments || !read) return false;
  const part = questionnaire.themes.length + 1;
  const parts = partsOf(questionnaire);
  return html`<section data-view="theme" hidden>
    ${progress(part, parts, locale)} ${heading(m.comment_answer_title({}, { locale }))}
    ${commentWhy(read, locale)} ${commentFields(questionnaire, language, locale)}
    ${ways(part === parts, locale)}
  </section>`;
}

/** What is asked of the one who answers, with why, and who sees it. Number 0 in the ballot is not stated. */
function background({ questionnaire, language, thresholds }: AnswerPage, locale: Locale): Html | false {
  if (!questionnaire.background) return false;
  const parts = partsOf(questionnaire);
  return html`<section data-view="theme" hidden>
    ${progress(parts, parts, locale)} ${heading(m.answer_background_title({}, { locale }))}
    <p class="lead">${backgroundWhy(questionnaire, thresholds.factor, locale)}</p>
    ${backgroundFields(questionnaire, language, locale)} ${ways(true, locale)}
  </section>`;
}

const otherDevice = (locale: Locale) =>
  html`<details id="other">
    <summary>${m.answer_other_title({}, { locale })}</summary>
    <p>${m.answer_other_what({}, { locale })}</p>
    <label class="field">${m.answer_other_field({}, { locale })}<input id="link" readonly /></label>
    <button id="copy" class="quiet" data-done="${m.answer_other_copied({}, { locale })}">
      ${m.answer_other_copy({}, { locale })}
    </button>
  </details>`;

const check = (locale: Locale) =>
  html`<section data-view="check" hidden>
    ${heading(m.answer_check_title({}, { locale }))}
    <div
      class="box"
      id="skipped"
      data-one="${m.answer_skipped_one({}, { locale })}"
      data-many="${m.answer_skipped_many({ count: '[count]' }, { locale })}"
      hidden
    >
      <p></p>
      <ul></ul>
    </div>
    <div
      id="overview"
      data-none="${m.answer_none({}, { locale })}"
      data-change="${m.answer_change({}, { locale })}"
      data-fill="${m.answer_fill({}, { locale })}"
    ></div>
    <p class="box">${m.answer_check_what({}, { locale })}</p>
    <div class="ways">
      <button data-send data-busy="${m.answer_sending({}, { locale })}">
        ${m.answer_send({}, { locale })}
      </button>
      <button data-go="back" class="quiet">${m.answer_back({}, { locale })}</button>
    </div>
  </section>`;

const locked = (locale: Locale) =>
  html`<section data-view="locked" hidden>
    ${heading(m.answer_locked_title({}, { locale }))}
    <p>${m.answer_locked_what({}, { locale })}</p>
    <button data-send data-busy="${m.answer_sending({}, { locale })}">
      ${m.answer_send_again({}, { locale })}
    </button>
  </section>`;

function done(questionnaire: Questionnaire.Questionnaire, locale: Locale): Html {
  const ofStaff = questionnaire.kind === 'leader' ? m.evaluation_results_what : m.answer_results_what;
  const resultsWhat = isCare(questionnaire) ? m.answer_care_results : ofStaff;
  return html`<section data-view="done" hidden>
    ${heading(m.answer_done_title({}, { locale }))}
    <p class="lead">${m.answer_done_what({}, { locale })}</p>
    <h2>${m.answer_receipt_title({}, { locale })}</h2>
    <p class="receipt"><b data-slot="receipt"></b></p>
    <p>${m.answer_receipt_what({}, { locale })}</p>
    <div data-if="results" hidden>
      <h2>${m.answer_results_title({}, { locale })}</h2>
      <p>${slots(resultsWhat({ results: '[results]' }, { locale }))}</p>
    </div>
    ${last(locale)}
  </section>`;
}

/** What came of last time: its beginning, and the rest a press away. */
const last = (locale: Locale) =>
  html`<div data-if="last" hidden>
    <h2>${m.answer_last_title({}, { locale })}</h2>
    <p class="last" data-slot="last"></p>
    <details data-if="rest" hidden>
      <summary>${m.answer_last_rest({}, { locale })}</summary>
      <p class="last" data-slot="rest"></p>
    </details>
  </div>`;
