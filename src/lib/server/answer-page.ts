import * as Ballot from '#domain/ballot.ts';
import * as Questionnaire from '#domain/questionnaire.ts';
import type { Thresholds } from '#domain/round.ts';
import { m } from '#messages';
import { type Html, html } from '#server/html.ts';

export type AnswerPage = {
  round: { id: string; name: string };
  questionnaire: Questionnaire.Questionnaire;
  language: string;
  /** All languages the round is frozen in, this one too. */
  languages: string[];
  /** Where ballots are posted: "" for the same host. */
  boxOrigin: string;
  thresholds: Thresholds;
  promise: 'operator' | 'witnesses';
  dryRun: boolean;
  demo: boolean;
  /** Some have a drawn code on paper: the page takes it typed, and there is a way without JavaScript. */
  codes: boolean;
  /** SHA-256 of answer.js and answer.css, base64url as in the keylist. */
  scriptHash: string;
  styleHash: string;
};

type Locale = 'nb' | 'nn' | 'en';

export const languageNames: Record<string, string> = {
  nb: 'Bokmål',
  nn: 'Nynorsk',
  en: 'English',
  se: 'Davvisámegiella',
};

/** The answering page of a round in one language: the bytes that are frozen, hashed and served until close. */
export function render(page: AnswerPage): string {
  const { round, questionnaire, language, languages } = page;
  const locale = localeOf(language);
  const title = Questionnaire.text(questionnaire.title, language);
  const at = `/svar/${round.id}`;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${at}/answer.css" integrity="${integrity(page.styleHash)}" />
        <script type="module" src="${at}/answer.js" integrity="${integrity(page.scriptHash)}"></script>
      </head>
      <body data-round="${round.id}" data-language="${language}" data-box="${page.boxOrigin}">
        <header>
          <b>${m.common_product({}, { locale })}</b>
          ${
            languages.length > 1 &&
            html`<nav aria-label="${m.answer_languages({}, { locale })}">
              ${languages.map(
                (other) =>
                  html`<a
                    href="${at}/${other}"
                    lang="${other}"
                    hreflang="${other}"
                    ${other === language && html` aria-current="true"`}
                    >${languageNames[other] ?? other}</a
                  >`,
              )}
            </nav>`
          }
          ${page.dryRun && html`<p class="note">${m.answer_dry({}, { locale })}</p>`}
          ${page.demo && html`<p class="note">${m.answer_demo({}, { locale })}</p>`}
        </header>
        <main>
          <noscript>
            <h1>${m.answer_noscript_title({}, { locale })}</h1>
            <p>${m.answer_noscript_why({}, { locale })}</p>
            <p>${m.answer_noscript_what({}, { locale })}</p>
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
          ${start(page, title, locale)} ${themes(page, locale)} ${background(page, locale)} ${check(locale)}
          ${locked(locale)} ${done(questionnaire, locale)} ${refusals(page.codes, locale)}
          <p role="status" id="status"></p>
        </main>
      </body>
    </html> `.markup;
}

/** A hash as the keylist has it, as browsers want it in `integrity`. */
export const integrity = (hash: string) => `sha256-${Buffer.from(hash, 'base64url').toString('base64')}`;

export const localeOf = (language: string): Locale =>
  language === 'nn' || language === 'en' ? language : 'nb';

/** A message whose [names] become places that the script fills in. */
const slots = (message: string): Html[] =>
  message
    .split(/(\[\w+\])/)
    .map((part) => (/^\[\w+\]$/.test(part) ? html`<b data-slot="${part.slice(1, -1)}"></b>` : html`${part}`));

const heading = (words: string) => html`<h1 tabindex="-1">${words}</h1>`;

function start(page: AnswerPage, title: string, locale: Locale): Html {
  const { questionnaire, thresholds, language } = page;
  const care = questionnaire.kind === 'resident' || questionnaire.kind === 'relative';
  const ofStaff = questionnaire.kind === 'leader' ? m.evaluation_see_title : m.answer_see_title;
  const seeTitle = care ? m.answer_see_title_care : ofStaff;
  const count = Questionnaire.statements(questionnaire).length;
  const size = { minutes: questionnaire.minutes, statements: count, parts: partsOf(questionnaire) };
  return html`<section data-view="start" hidden>
    ${page.round.name !== title && html`<p class="above">${page.round.name}</p>`} ${heading(title)}
    ${questionnaire.intro && html`<p class="lead">${Questionnaire.text(questionnaire.intro, language)}</p>`}
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
      ${m.answer_long_what(size, { locale })}${' '}
      ${slots(m.answer_long_pause({ stops: '[stops]' }, { locale }))}
    </p>
    <p class="box">${m.answer_begin_note({}, { locale })}</p>
    <button id="begin" data-busy="${m.answer_fetching({}, { locale })}">
      ${m.answer_begin({}, { locale })}
    </button>
  </section>`;
}

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

/** The pages that one walks through: the themes, and what is asked of the one who answers. */
const partsOf = ({ themes, background }: Questionnaire.Questionnaire) => themes.length + (background ? 1 : 0);

function themes({ questionnaire, language }: AnswerPage, locale: Locale): Html[] {
  const parts = partsOf(questionnaire);
  let number = 0;
  return questionnaire.themes.map(
    (theme, i) =>
      html`<section data-view="theme" hidden>
        ${progress(i + 1, parts, locale)} ${heading(Questionnaire.text(theme.title, language))}
        ${theme.intro && html`<p class="lead">${Questionnaire.text(theme.intro, language)}</p>`}
        ${theme.statements.map((one) => statement(questionnaire, one, number++, language, locale))}
        ${ways(i + 1 === parts, locale)} ${i === 0 && otherDevice(locale)}
      </section>`,
  );
}

const progress = (part: number, parts: number, locale: Locale) =>
  html`<p class="above">${m.answer_part({ part, parts }, { locale })}</p>
    <progress value="${part}" max="${parts}" aria-hidden="true"></progress>`;

const ways = (isLast: boolean, locale: Locale) =>
  html`<p class="saved">${m.answer_saved({}, { locale })}</p>
    <div class="ways">
      <button data-go="next" data-check="${m.answer_to_check({}, { locale })}">
        ${isLast ? m.answer_check_title({}, { locale }) : m.answer_next({}, { locale })}
      </button>
      <button data-go="back" class="quiet">${m.answer_back({}, { locale })}</button>
    </div>`;

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

const done = ({ kind }: Questionnaire.Questionnaire, locale: Locale) =>
  html`<section data-view="done" hidden>
    ${heading(m.answer_done_title({}, { locale }))}
    <p class="lead">${m.answer_done_what({}, { locale })}</p>
    <h2>${m.answer_receipt_title({}, { locale })}</h2>
    <p class="receipt"><b data-slot="receipt"></b></p>
    <p>${m.answer_receipt_what({}, { locale })}</p>
    <div data-if="results" hidden>
      <h2>${m.answer_results_title({}, { locale })}</h2>
      <p>
        ${slots(
          kind === 'leader'
            ? m.evaluation_results_what({ results: '[results]' }, { locale })
            : m.answer_results_what({ results: '[results]' }, { locale }),
        )}
      </p>
    </div>
    ${last(locale)}
  </section>`;

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

/** Where the code is typed: the one field of the page, which says nothing about a code but that it is not good. */
const typed = (locale: Locale) =>
  html`<section data-view="nolink" hidden>
    ${heading(m.answer_code_title({}, { locale }))}
    <p class="lead">${m.answer_code_what({}, { locale })}</p>
    <form id="typed" novalidate>
      <label class="field"
        >${m.answer_code_field({}, { locale })}<input
          id="code"
          class="code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          aria-describedby="code-wrong"
      /></label>
      <p id="code-wrong" class="box" role="alert" hidden>${m.answer_code_wrong({}, { locale })}</p>
      <button data-busy="${m.answer_code_checking({}, { locale })}">
        ${m.answer_code_go({}, { locale })}
      </button>
    </form>
    <p>${m.answer_code_link({}, { locale })}</p>
  </section>`;

const compare = (locale: Locale) =>
  html`<section data-view="compare" hidden>
    ${heading(m.answer_compare_title({}, { locale }))}
    <p>${m.answer_compare_what({}, { locale })}</p>
    <p class="receipt"><b data-slot="compare"></b></p>
    <p>${m.answer_compare_not({}, { locale })}</p>
    <button id="same">${m.answer_compare_same({}, { locale })}</button>
  </section>`;

function refusals(codes: boolean, locale: Locale): Html[] {
  const told = (view: string, title: string, sentences: (Html | Html[] | string)[], again = '') =>
    html`<section data-view="${view}" hidden>
      ${heading(title)} ${sentences.map((one) => html`<p>${one}</p>`)}
      ${again && html`<button data-again>${again}</button>`}
    </section>`;
  const l = { locale };
  const retry = m.answer_retry({}, l);
  return [
    codes ? typed(locale) : told('nolink', m.answer_nolink_title({}, l), [m.answer_nolink_what({}, l)]),
    ...(codes
      ? [compare(locale), told('wrongcode', m.answer_code_wrong({}, l), [m.answer_code_wrong_what({}, l)])]
      : []),
    told('mistyped', m.answer_mistyped_title({}, l), [m.answer_mistyped_what({}, l)]),
    told('unknown', m.answer_unknown_title({}, l), [m.answer_unknown_what({}, l)]),
    told('fingerprint', m.answer_fingerprint_title({}, l), [m.answer_fingerprint_what({}, l)]),
    told('key', m.answer_key_title({}, l), [m.answer_key_what({}, l)]),
    told('small', m.answer_small_title({}, l), [m.answer_small_what({}, l)]),
    told('signature', m.answer_signature_title({}, l), [m.answer_signature_what({}, l)], retry),
    told('early', m.answer_early_title({}, l), [slots(m.answer_early_what({ opens: '[opens]' }, l))]),
    told('late', m.answer_late_title({}, l), [m.answer_late_what({}, l)]),
    told('missed', m.answer_missed_title({}, l), [m.answer_missed_what({}, l)]),
    told('elsewhere', m.answer_elsewhere_title({}, l), [
      m.answer_elsewhere_what({}, l),
      m.answer_elsewhere_begun({}, l),
      m.answer_elsewhere_not({}, l),
    ]),
    told('used', m.answer_used_title({}, l), [m.answer_used_what({}, l)]),
    told('invalid', m.answer_invalid_title({}, l), [m.answer_invalid_what({}, l)], retry),
    told('https', m.answer_https_title({}, l), [m.answer_https_what({}, l)]),
    told('network', m.answer_network_title({}, l), [m.answer_network_what({}, l)], retry),
    told('storage', m.answer_storage_title({}, l), [m.answer_storage_what({}, l)], retry),
    told('unkept', m.answer_storage_title({}, l), [m.answer_unkept_what({}, l)], m.answer_unkept_go({}, l)),
  ];
}
