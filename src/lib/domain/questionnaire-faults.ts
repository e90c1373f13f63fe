import { questionnaireFormat } from '#domain/questionnaire-format.ts';
import {
  mayRequire,
  modes,
  mostPoints,
  NONE,
  type Questionnaire,
  simplified,
  type Statement,
  statements,
  texts,
} from '#domain/questionnaire.ts';
import { faults, ordered, type ShapeFault } from '#domain/shape.ts';

/**
 * A place in a questionnaire file that cannot be accepted. Beyond the format's own faults:
 * duplicate: the id is used before; reserved: the id is a word of JavaScript's own; order: values do not rise;
 * no-scale, no-statement: the id named is not there; mixed: the statement's scale has other values than the rest of
 * the factor; taken: the statement is already in another factor; no-words: the scale has no words for this way of
 * answering; no-nb: bokmål is not among the languages; untranslated: a listed language lacks this text;
 * background: of one kind there is one question at most, a role stands alone, and a helper stands with a mode;
 * choose-factor: named answers have no mean, so they are in no factor; choose-ways: where several may be chosen, nothing
 * stands beside them; choose-resident: residents are not asked to choose among named answers; resident-points: nor among more
 * answers than mostPoints;
 * mode-options: a mode's options are alone, help and behalf, in that order; simple: the simplified edition asks some of a
 * factor's statements and fewer than half of them, so that nobody who answers it is counted in the factor;
 * required-resident, required-sensitive: an answer is demanded where it never may be (mayRequire).
 */
export type QuestionnaireFault =
  | ShapeFault
  | {
      path: string;
      fault:
        | 'duplicate'
        | 'reserved'
        | 'order'
        | 'no-scale'
        | 'no-statement'
        | 'mixed'
        | 'taken'
        | 'no-words'
        | 'no-nb'
        | 'untranslated'
        | 'background'
        | 'choose-factor'
        | 'choose-ways'
        | 'choose-resident'
        | 'resident-points'
        | 'mode-options'
        | 'simple'
        | 'required-resident'
        | 'required-sensitive';
    };

/** Faults shown of one file; a file with more is not meant as a questionnaire. */
export const MOST_FAULTS = 100;

/**
 * A questionnaire from a JSON value, or every fault with its place, at most MOST_FAULTS. Strict: unknown keys are
 * refused. The rules are those of docs/questionnaire-format.md. At most five statements a theme and words on every
 * point: design section 7.
 */
export function parse(
  json: unknown,
): { ok: true; questionnaire: Questionnaire } | { ok: false; faults: QuestionnaireFault[] } {
  const misshapen = faults(questionnaireFormat, json);
  if (misshapen.length > 0) return { ok: false, faults: misshapen.slice(0, MOST_FAULTS) };
  const questionnaire = ordered(questionnaireFormat, json) as Questionnaire;
  const contradictions = [
    ...faultsInIds(questionnaire),
    ...faultsInScales(questionnaire),
    ...faultsInFactors(questionnaire),
    ...faultsInChoices(questionnaire),
    ...faultsInBackground(questionnaire),
    ...faultsInSimplified(questionnaire),
    ...faultsInRequired(questionnaire),
    ...faultsInLanguages(questionnaire),
  ];
  return contradictions.length > 0
    ? { ok: false, faults: contradictions.slice(0, MOST_FAULTS) }
    : { ok: true, questionnaire };
}

function placed(q: Questionnaire): { path: string; statement: Statement }[] {
  return q.themes.flatMap((theme, i) =>
    theme.statements.map((statement, j) => ({ path: `themes[${i}].statements[${j}]`, statement })),
  );
}

function faultsInIds(q: Questionnaire): QuestionnaireFault[] {
  const kinds = [
    q.scales.map(({ id }, i) => ({ path: `scales[${i}].id`, id })),
    q.themes.map(({ id }, i) => ({ path: `themes[${i}].id`, id })),
    placed(q).map(({ path, statement }) => ({ path: `${path}.id`, id: statement.id })),
    q.factors.map(({ id }, i) => ({ path: `factors[${i}].id`, id })),
    (q.background ?? []).map(({ id }, i) => ({ path: `background[${i}].id`, id })),
    (q.comments ?? []).map(({ id }, i) => ({ path: `comments[${i}].id`, id })),
    // Who has not said is counted under "none".
    ...(q.background ?? []).map(({ options }, i) =>
      [{ id: NONE }, ...options].map(({ id }, j) => ({
        path: `background[${i}].options[${j - 1}].id`,
        id,
      })),
    ),
  ];
  return kinds.flatMap((places) => {
    const seen = new Set<string>();
    return places.flatMap(({ path, id }): QuestionnaireFault[] => {
      if (id in {}) return [{ path, fault: 'reserved' }];
      if (seen.has(id)) return [{ path, fault: 'duplicate' }];
      seen.add(id);
      return [];
    });
  });
}

function faultsInScales(q: Questionnaire): QuestionnaireFault[] {
  const order = q.scales.flatMap((scale, i) =>
    scale.points.flatMap((point, j): QuestionnaireFault[] => {
      const before = scale.points[j - 1];
      return before && before.value >= point.value
        ? [{ path: `scales[${i}].points[${j}].value`, fault: 'order' }]
        : [];
    }),
  );
  const long = q.scales.flatMap(({ choose, points }, i): QuestionnaireFault[] =>
    q.kind === 'resident' && !choose && points.length > mostPoints(q)
      ? [{ path: `scales[${i}].points`, fault: 'resident-points' }]
      : [],
  );
  const used = placed(q).flatMap(({ path, statement }): QuestionnaireFault[] => {
    const scale = q.scales.find((one) => one.id === statement.scale);
    if (!scale) return [{ path: `${path}.scale`, fault: 'no-scale' }];
    return (['dontKnow', 'notRelevant'] as const)
      .filter((way) => statement[way] && !scale[way])
      .map((way) => ({ path: `${path}.${way}`, fault: 'no-words' }));
  });
  return [...order, ...long, ...used];
}

function faultsInFactors(q: Questionnaire): QuestionnaireFault[] {
  const values = new Map(q.scales.map((scale) => [scale.id, String(scale.points.map((p) => p.value))]));
  const byId = new Map(statements(q).map((statement) => [statement.id, statement]));
  const taken = new Set<string>();
  return q.factors.flatMap((factor, i) => {
    const valuesOf = (id: string) => values.get(byId.get(id)?.scale ?? '');
    const expected = factor.statements.map(valuesOf).find((known) => known !== undefined);
    return factor.statements.flatMap((id, j): QuestionnaireFault[] => {
      const path = `factors[${i}].statements[${j}]`;
      if (!byId.has(id)) return [{ path, fault: 'no-statement' }];
      if (taken.has(id)) return [{ path, fault: 'taken' }];
      taken.add(id);
      const found = valuesOf(id);
      return found !== undefined && found !== expected ? [{ path, fault: 'mixed' }] : [];
    });
  });
}

/** Where there are named answers, and what they cannot be: part of a mean, beside other ways, or before residents. */
function faultsInChoices(q: Questionnaire): QuestionnaireFault[] {
  const isNamed = (id: string) => q.scales.some((scale) => scale.id === id && scale.choose);
  const named = new Set(statements(q).flatMap(({ id, scale }) => (isNamed(scale) ? [id] : [])));
  return [
    ...q.scales.flatMap(({ choose, dontKnow, notRelevant }, i): QuestionnaireFault[] => [
      ...(choose && q.kind === 'resident'
        ? [{ path: `scales[${i}].choose`, fault: 'choose-resident' as const }]
        : []),
      ...(choose === 'several' && (dontKnow || notRelevant)
        ? [{ path: `scales[${i}].choose`, fault: 'choose-ways' as const }]
        : []),
    ]),
    ...q.factors.flatMap((factor, i) =>
      factor.statements.flatMap((id, j): QuestionnaireFault[] =>
        named.has(id) ? [{ path: `factors[${i}].statements[${j}]`, fault: 'choose-factor' }] : [],
      ),
    ),
  ];
}

/** What may stand together, so that a round has one breakdown and no person can be found where two cross. */
function faultsInBackground({ background = [] }: Questionnaire): QuestionnaireFault[] {
  const kinds = background.map(({ kind }) => kind);
  return background.flatMap(({ kind, options }, i): QuestionnaireFault[] => {
    const path = `background[${i}].`;
    const alone = kind === 'role' && kinds.length > 1;
    if (kinds.indexOf(kind) < i || alone || (kind === 'helper' && !kinds.includes('mode')))
      return [{ path: `${path}kind`, fault: 'background' }];
    const fits = kind !== 'mode' || String(options.map(({ id }) => id)) === String(modes);
    return fits ? [] : [{ path: `${path}options`, fault: 'mode-options' }];
  });
}

/** A person counts in a factor who answered at least half of its statements (design section 4). */
function faultsInSimplified(q: Questionnaire): QuestionnaireFault[] {
  const simple = new Set(simplified(q).map(({ id }) => id));
  return q.factors.flatMap((factor, i): QuestionnaireFault[] => {
    const asked = factor.statements.filter((id) => simple.has(id)).length;
    return asked > 0 && asked * 2 < factor.statements.length
      ? [{ path: `factors[${i}].statements`, fault: 'simple' }]
      : [];
  });
}

function faultsInRequired(q: Questionnaire): QuestionnaireFault[] {
  const fault = q.kind === 'resident' ? 'required-resident' : 'required-sensitive';
  return placed(q)
    .filter(({ statement }) => statement.required && !mayRequire(q, statement))
    .map(({ path }) => ({ path: `${path}.required`, fault }));
}

function faultsInLanguages(q: Questionnaire): QuestionnaireFault[] {
  if (!q.languages.includes('nb')) return [{ path: 'languages', fault: 'no-nb' }];
  return texts(q).flatMap(({ path, text }) =>
    q.languages
      .filter((language) => !Object.hasOwn(text, language))
      .map((language): QuestionnaireFault => ({ path: `${path}.${language}`, fault: 'untranslated' })),
  );
}
