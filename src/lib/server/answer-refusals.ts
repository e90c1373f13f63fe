import { m } from '#messages';
import type { Locale } from '#messages/runtime';
import { heading, slots } from '#server/answer-parts.ts';
import { type Html, html } from '#server/html.ts';

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

/** The views that stand in the place of the sheet when it cannot be answered, or not yet. */
export function refusals(codes: boolean, locale: Locale): Html[] {
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
