import { type Help, type Kind, kinds } from '#domain/help.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import { day } from '#ui/figures.ts';

/** Kinds of people who may help a resident to answer. */
export const helperWords: Record<Kind, () => string> = {
  relative: m.resident_setting_relative,
  volunteer: m.resident_setting_volunteer,
  staff: m.resident_setting_staff,
  other: m.resident_setting_other,
};

/** Who may help, in one line, with the decision behind it where there is one. */
export function helpSaid({ kinds: allowed, decidedOn, caseNumber }: Help): string {
  const names = kinds
    .filter((kind) => allowed.includes(kind))
    .map((kind) => helperWords[kind]())
    .map((words, i) => (i === 0 ? words : words[0]!.toLowerCase() + words.slice(1)));
  const who = names.length > 0 ? new Intl.ListFormat(getLocale()).format(names) : m.resident_setting_none();
  if (decidedOn === null) return `${who}.`;
  const on = day(new Date(`${decidedOn}T12:00:00Z`));
  const decided = caseNumber
    ? m.resident_help_decided({ on, case: caseNumber })
    : m.resident_help_decided_on({ on });
  return `${who}. ${decided}`;
}
