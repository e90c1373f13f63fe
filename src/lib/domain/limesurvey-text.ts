/** What was taken out of a text, or stands in it and means nothing here. */
type TextLoss = 'markup' | 'script' | 'expression';

const named: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', ndash: '–', mdash: '—' },
  ...{ laquo: '«', raquo: '»', hellip: '…', rsquo: '’', lsquo: '‘', ldquo: '“', rdquo: '”', bull: '•' },
  ...{ aring: 'å', Aring: 'Å', oslash: 'ø', Oslash: 'Ø', aelig: 'æ', AElig: 'Æ', eacute: 'é', auml: 'ä' },
  ...{ ouml: 'ö', Auml: 'Ä', Ouml: 'Ö', uuml: 'ü', Uuml: 'Ü', szlig: 'ß', egrave: 'è', ograve: 'ò' },
};

const signOf = (number: number) =>
  number > 0 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff)
    ? String.fromCodePoint(number)
    : '';

/** Elements whose content is no text to read, or runs. */
const unread = /<(script|style|iframe|object|svg|template)\b[^<>]*>[\s\S]*?(<\/\1\s*>|$)/gi;
const markup = /<\/?[a-z][^<>]*>|<!--[\s\S]*?(-->|$)/gi;

/**
 * A LimeSurvey text, which is HTML, as one line of plain text, and what was lost. What is left is never markup again:
 * it is shown as it is written. `{...}` is an expression in LimeSurvey and stays as it was written.
 */
export function plain(html: string): { text: string; losses: TextLoss[] } {
  const losses = new Set<TextLoss>();
  if (/<script\b|\son[a-z]+\s*=|javascript:/i.test(html)) losses.add('script');
  const bare = html
    .replace(unread, ' ')
    .replace(markup, (tag) => (/^<\/?(b|i|u|em|strong|span|a|font|sub|sup|small)\b/i.test(tag) ? '' : ' '));
  if (bare !== html) losses.add('markup');
  if (/\{[^{}\s][^{}]*\}/.test(bare)) losses.add('expression');
  const text = bare
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
      if (decimal) return signOf(Number(decimal));
      if (hex) return signOf(parseInt(hex, 16));
      return Object.hasOwn(named, name) ? (named[name] as string) : whole;
    })
    .toWellFormed()
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return { text, losses: [...losses] };
}

/** The language tag of a LimeSurvey language code: "no" is bokmål; "de-informal" and the like have none (null). */
export function languageOf(code: string): string | null {
  if (code === 'no') return 'nb';
  return /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(code) ? code : null;
}
