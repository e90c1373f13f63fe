import { shown, type Slot } from '#domain/draft.ts';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import { m } from '#messages';

/** What stands at a place, as people say it: "Påstand 3", "Skala: Aldri". */
export function placeWords(content: Questionnaire, { place, key }: Slot, locale: string): string {
  const [what, id = '', part = ''] = place.split('.');
  switch (what) {
    case 'title':
      return m.draft_title();
    case 'intro':
      return m.draft_intro();
    case 'theme': {
      const number = content.themes.findIndex((one) => one.id === id) + 1;
      return key === 'title' ? m.draft_place_theme({ number }) : m.draft_place_theme_intro({ number });
    }
    case 'statement':
      return m.draft_place_statement({ number: statements(content).findIndex((one) => one.id === id) + 1 });
    case 'scale': {
      const number = content.scales.findIndex((one) => one.id === id) + 1;
      if (part === 'dontKnow') return m.draft_place_dont_know({ number });
      if (part === 'notRelevant') return m.draft_place_not_relevant({ number });
      return m.draft_place_point({ number, value: part });
    }
    case 'factor':
      return m.draft_place_factor({ number: content.factors.findIndex((one) => one.id === id) + 1 });
    case 'comment': {
      const number = content.comments!.findIndex((one) => one.id === id) + 1;
      return part ? m.draft_place_comment_hint({ number }) : m.draft_place_comment({ number });
    }
    default: {
      const asked = content.background?.find((one) => one.id === id);
      return part ? m.draft_place_option({ text: shown(asked?.text, locale) }) : m.draft_place_background();
    }
  }
}

/** The page of a draft where a fault of the questionnaire is mended, by its path in the file. */
export function pageFor(content: Questionnaire, path: string): string {
  const at = (list: string) => Number(new RegExp(`^(?:.*\\.)?${list}\\[(\\d+)\\]`).exec(path)?.[1] ?? NaN);
  const theme = content.themes[at('themes')];
  const statement = theme?.statements[at('statements')];
  if (statement) return `/statements/${statement.id}`;
  if (theme) return `/themes/${theme.id}`;
  const scale = content.scales[at('scales')];
  if (scale) return `/scales/${scale.id}`;
  if (path.startsWith('scales')) return '/scales';
  if (path.startsWith('factors')) return '/factors';
  if (path.startsWith('themes')) return '#themes';
  if (path.startsWith('comments')) return '/comments';
  if (path.startsWith('background')) return '/languages';
  return '/settings';
}
