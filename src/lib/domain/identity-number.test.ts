import { describe, expect, it } from 'vitest';
import * as IdentityNumber from '#domain/identity-number.ts';

/** A number with right control digits for six digits of date and an individual number, or null where there is none. */
function number(date: string, individual: number): string | null {
  const digits = [...date, ...String(individual).padStart(3, '0')].map(Number);
  for (const weights of [
    [3, 7, 6, 1, 8, 9, 4, 5, 2],
    [5, 4, 3, 2, 7, 6, 5, 4, 3, 2],
  ]) {
    const rest = weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0) % 11;
    if (rest === 1) return null;
    digits.push(rest === 0 ? 0 : 11 - rest);
  }
  return digits.join('');
}

function some(date: string): string {
  for (let i = 100; i < 999; i += 1) {
    const made = number(date, i);
    if (made) return made;
  }
  throw new Error('none');
}

describe('national identity numbers', () => {
  it.each([
    ['a birth number', '150785'],
    ['a D-number', '550785'],
    ['a test number', '158785'],
    ['a help number', '154785'],
  ])('are seen: %s', (_, date) => {
    const made = some(date);
    expect(IdentityNumber.isIn(made)).toBe(true);
    expect(IdentityNumber.isIn(`${made.slice(0, 6)} ${made.slice(6)}`)).toBe(true);
    expect(IdentityNumber.isIn(`${made.slice(0, 6)}-${made.slice(6)}`)).toBe(true);
    expect(IdentityNumber.isIn(`Kari (${made}) Moen`)).toBe(true);
    expect(IdentityNumber.isIn(`${made}@example.no`)).toBe(true);
  });

  it('are told from numbers with a wrong control digit, no date, or more digits', () => {
    const made = some('150785');
    const last = Number(made.at(-1));
    const wrong = Array.from({ length: 10 }, (_, d) => d).filter((d) => d !== last);
    for (const d of wrong) expect(IdentityNumber.isIn(`${made.slice(0, 10)}${d}`)).toBe(false);
    expect(IdentityNumber.isIn(some('991385'))).toBe(false);
    expect(IdentityNumber.isIn(some('391385'))).toBe(false);
    expect(IdentityNumber.isIn(`1${made}`)).toBe(false);
    expect(IdentityNumber.isIn('+47 412 34 567')).toBe(false);
  });
});

describe('a column', () => {
  it.each([
    'Fødselsnummer',
    'fodselsnr',
    'FOEDSELSNUMMER',
    'personalressurs.person.fodselsnummer',
    'Personnr.',
    'fnr',
    'FNR/D-nr',
    'D-nummer',
    'nationalIdentityNumber',
  ])('says that it holds them: %s', (name) => {
    expect(IdentityNumber.isNamedBy(name)).toBe(true);
  });
  it.each([
    'ansattnummer',
    'fødselsdato',
    'personalressursnummer',
    'navn',
    'informasjon',
    'organisasjonsnummer',
    'løpenr',
  ])('does not: %s', (name) => {
    expect(IdentityNumber.isNamedBy(name)).toBe(false);
  });
});
