const given = (
  'Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Anna Solveig Marianne Randi Ida Nina Maria Elisabeth Kristin ' +
  'Bente Heidi Silje Hanne Linda Tone Anita Tove Gerd Wenche Ragnhild Camilla Ellen Karin Hege Ann Marie Julie Mona Siri ' +
  'Jan Per Bjørn Ole Lars Kjell Knut Svein Arne Thomas Hans Geir Tor Morten Terje Odd Erik Martin Andreas John ' +
  'Anders Rune Trond Tore Daniel Jon Kristian Marius Tom Stian Harald Olav Magnus Nils Alf Einar Gunnar Øyvind Steinar Håkon ' +
  'Amina Fatima Layla Aisha Elena Agnieszka Monika Katarzyna Mohammed Ahmed Ali Omar Piotr Andrzej Tomasz Yonas'
).split(' ');
const first =
  'Alm Ask Berg Birke Bjørk Brat Dal Eik Elve Eng Fager Fjell Furu Gran Haug Hegg Holm Hval Kirke Kjær Lang Lind Lund Lyng Myr Ny Ospe Ramn Rogn Sand Sel Skar Skog Sol Stein Strøm Svart Sæter Tind Torv Vest Ås'.split(
    ' ',
  );
const last = 'bakken botn bø dal eng haugen heim hov land lien moen nes rud set stad tun vik ås'.split(' ');

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function chance(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A seed for `chance`, the same one for the same text; another from another number. */
export const seedOf = (text: string, from: number): number =>
  [...text].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, from);

export const pick = <T>(from: T[], draw: () => number): T => from[Math.floor(draw() * from.length)] as T;

/** A name nobody in `taken` has yet; put in it. Given names are common ones, surnames made of parts of farm names. */
export function newName(taken: Set<string>, draw: () => number): string {
  for (;;) {
    const name = `${pick(given, draw)} ${pick(first, draw)}${pick(last, draw)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

export const address = (name: string): string =>
  `${name.toLowerCase().replaceAll(' ', '.').replaceAll('æ', 'ae').replaceAll('ø', 'o').replaceAll('å', 'a')}@fjordvik.example`;
