/** Markup that needs no escaping any more. */
export type Html = { readonly markup: string };

type Part = Html | string | number | false | null | undefined | Part[];

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const write = (part: Part): string => {
  if (part === false || part === null || part === undefined) return '';
  if (Array.isArray(part)) return part.map(write).join('');
  if (typeof part === 'object') return part.markup;
  return String(part).replace(/[&<>"']/g, (sign) => signs[sign]!);
};

/** A template whose values are escaped, unless they came from this tag themselves. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html => ({
  markup: strings.map((text, i) => tight(text) + (i < parts.length ? write(parts[i]) : '')).join(''),
});

/** Line breaks of the template: gone beside a tag, else one space. */
const tight = (text: string) =>
  text.replace(/(^|.)\s*\n\s*(?=(.?))/g, (_, before: string, after: string) =>
    before === '' || before === '>' || after === '' || '<>'.includes(after) ? before : `${before} `,
  );
