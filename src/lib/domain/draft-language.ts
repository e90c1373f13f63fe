import { type Draft, line, type Slot, slots, wordsAt } from '#domain/draft.ts';
import { type Part, texts, type Ticked, writeTexts, written, yes } from '#domain/draft-part.ts';
import { mark, standing } from '#domain/draft-review.ts';

/**
 * Every text in one language, the bokmål beside it (`nb.` and the place), which of them are read and found good (`read.`, the
 * place and the language), and `all`: every one that stood in the form is. A tick that stood lapses where the words beside
 * it are changed; of `all` it does not.
 */
export const languagePart = (language: string): Part => ({
  fields: (draft) => {
    const { content } = draft;
    if (!content.languages.includes(language)) return null;
    const at = slots(content);
    return {
      ...texts(content, at, [language]),
      ...(language !== 'nb' &&
        Object.fromEntries(at.map((slot) => [`nb.${slot.place}`, line(wordsAt(slot, 'nb'))]))),
      ...Object.fromEntries(
        at.map((slot) => [`read.${slot.place}.${language}`, yes(isRead(draft, slot, language))]),
      ),
    };
  },
  write: (draft, fields, who) => {
    const done = written(draft, (content, faults) => {
      const own = Object.fromEntries(
        Object.entries(fields).filter(([name]) => name.endsWith(`.${language}`)),
      );
      writeTexts(content, slots(content), own, faults);
    });
    if (!done.ok) return done;
    const was = new Map(
      slots(draft.content)
        .filter((slot) => isRead(draft, slot, language))
        .map((slot) => [slot.place, wordsAt(slot, language)]),
    );
    const holds = (slot: Slot) => {
      const tick = fields[`read.${slot.place}.${language}`];
      const before = was.get(slot.place);
      return (
        tick === 'all' || (tick === 'yes' && (before ?? wordsAt(slot, language)) === wordsAt(slot, language))
      );
    };
    const said = slots(done.draft.content).filter(({ place }) => `read.${place}.${language}` in fields);
    mark(done.draft, said.filter(holds), language, true, who);
    mark(
      done.draft,
      said.filter((slot) => !holds(slot)),
      language,
      false,
      who,
    );
    return done;
  },
  spelled: ({ all, ...sent }) => {
    if (all !== 'yes') return sent;
    const read = Object.keys(sent).filter((name) => name.startsWith('read.'));
    return { ...sent, ...Object.fromEntries(read.map((name) => [name, 'all'])) };
  },
  ticks: (base, mine, theirs, merged) => {
    const next = { ...merged };
    const unseen: Ticked['unseen'] = [];
    for (const name of Object.keys(theirs)) {
      if (name.startsWith('nb.')) next[name] = theirs[name]!;
      if (!name.startsWith('read.') || !mine[name] || mine[name] === base[name]) continue;
      const field = name.slice('read.'.length);
      const nb = `nb.${field.slice(0, -language.length - 1)}`;
      next[name] = mine[name];
      const inNb = base[nb] !== theirs[nb];
      if (!inNb && next[field] === mine[field]) continue;
      next[name] = '';
      unseen.push({ field, inNb, now: (inNb ? theirs[nb] : next[field]) ?? '' });
    }
    return { merged: next, unseen };
  },
});

const isRead = (draft: Draft, slot: Slot, language: string) =>
  standing(draft, new Map(), slot, language) === 'read';
