const first = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const second = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

const control = (digits: number[], weights: number[]) =>
  (11 - (weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0) % 11)) % 11;

/** Day 1 to 31, 41 to 71 in a D-number. Month 1 to 12, plus 40, 65 or 80 in help and test numbers. */
function isDate(digits: number[]): boolean {
  const [d1 = 0, d2 = 0, m1 = 0, m2 = 0] = digits;
  const day = (d1 * 10 + d2) % 40;
  const month = m1 * 10 + m2;
  return (
    d1 * 10 + d2 <= 71 && day >= 1 && day <= 31 && [0, 40, 65, 80].some((k) => month > k && month <= k + 12)
  );
}

/**
 * Whether a text holds a Norwegian national identity number or D-number: eleven digits, perhaps parted after the
 * sixth, with a date and both control digits right (Skatteetaten's rule, modulus 11 twice).
 */
export function isIn(text: string): boolean {
  for (const [, date, rest] of text.matchAll(/(?<!\d)(\d{6})[\s.-]?(\d{5})(?!\d)/g)) {
    const digits = [...`${date}${rest}`].map(Number);
    if (isDate(digits) && control(digits, first) === digits[9] && control(digits, second) === digits[10])
      return true;
  }
  return false;
}

/** Whether a column's name says that it holds national identity numbers: fødselsnummer, personnr, fnr, D-nummer, ... */
export function isNamedBy(column: string): boolean {
  const words = column
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('å', 'a')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
  const joined = words.replace(/[^a-z]/g, '');
  return (
    /fo?e?dselsn(umme)?r|personn(umme)?r|identitetsn(umme)?r|nationalid|socialsecurity/.test(joined) ||
    /^(dnummer|dnr)$/.test(joined) ||
    words.split(/[^a-z]+/).some((word) => /^(fnr|dnr|fodselsnr|pnr|nin|ssn|dnummer)$/.test(word))
  );
}
