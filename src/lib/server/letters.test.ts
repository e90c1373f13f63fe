import { describe, expect, test } from 'vitest';
import { fingerprintPrint } from '#domain/keylist.ts';
import * as letters from '#server/letters.ts';
import { readPdf } from '#tests/support/pdf.ts';

const paper: letters.Paper = {
  round: {
    id: 'h7k2m9qd',
    opensAt: new Date('2027-03-01T07:00:00Z'),
    stopsAt: new Date('2027-03-21T22:59:00Z'),
    fingerprint: new Uint8Array(32).map((_, i) => i * 7),
  },
  title: 'Trivsel på Strandheimen (2027)',
  isCrowd: false,
  factor: 5,
  municipality: 'Fjordvik',
  origin: 'https://medvirk.fjordvik.example',
  language: 'nb',
  groupName: (id) => (id === '0001' ? 'Avdeling Kárášjohka, đŋŧ' : 'Avdeling Sør'),
};
const drawn = Array.from({ length: 10 }, (_, i) => ({
  group: i < 4 ? '0001' : '0002',
  code: `7k2m9qd0abc${i}`,
}));
const words = (text: string) => text.replace(/\s+/g, ' ');

describe.each([
  ['letters', letters.letters, 10],
  ['slips', letters.slips, 2],
] as const)('%s', (_, make, pages) => {
  test('are tagged, in their language, with a title, and words for each picture', async () => {
    const read = readPdf(await make(drawn, paper));
    expect(read).toMatchObject({ isTagged: true, title: paper.title, language: 'nb-NO', pages });
    expect(read.tags.filter((tag) => tag === 'Sect')).toHaveLength(10);
    expect(read.tags.filter((tag) => tag === 'Figure')).toHaveLength(10);
    expect(read.alts).toHaveLength(10);
    expect(read.alts[3]).toContain('7K2M-9QD0-ABC3');
    expect(read.alts.every((alt) => alt.startsWith('QR-kode'))).toBe(true);
  });

  test('say the code, the group, the address, the deadline and the fingerprint, to be searched and copied', async () => {
    const read = words(readPdf(await make(drawn, paper)).text);
    for (let i = 0; i < 10; i++) expect(read).toContain(`7K2M-9QD0-ABC${i}`);
    expect(read).toContain('Avdeling Kárášjohka, đŋŧ');
    expect(read).toContain('Avdeling Sør');
    expect(read.replaceAll(' ', '')).toContain('medvirk.fjordvik.example/svar/h7k2m9qd/nb');
    expect(read).toContain('21. mars kl. 23:59');
    expect(read).toContain(fingerprintPrint(paper.round.fingerprint));
    expect(read).not.toContain('\ufffd');
  });
});

describe('reminders', () => {
  const groups = ['0001', '0001', '0002'];
  test('are a tagged page each, the same for all of a group, and hold no code and no link but the public one', async () => {
    const read = readPdf(await letters.reminders(groups, paper, false));
    expect(read).toMatchObject({ isTagged: true, title: paper.title, language: 'nb-NO', pages: 3 });
    expect(read.tags.filter((tag) => tag === 'Sect')).toHaveLength(3);
    expect(read.tags.filter((tag) => tag === 'H1')).toHaveLength(3);
    expect(read.alts).toHaveLength(3);
    const said = words(read.text);
    expect(said).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/);
    expect(said.match(/Du kan fortsatt svare/g)).toHaveLength(3);
    expect(said.match(/Avdeling Kárášjohka, đŋŧ som svarer med kode/g)).toHaveLength(2);
    expect(said).toContain('21. mars kl. 23:59');
    expect(said).toContain('Be HR om en ny fra reserven');
    expect(said.replaceAll(' ', '')).toContain('medvirk.fjordvik.example/svar/h7k2m9qd/nb');
    expect(said).toContain(fingerprintPrint(paper.round.fingerprint));
  });

  test('send residents and relatives to whoever gave them the letter, in their language', async () => {
    const read = readPdf(await letters.reminders(['0002'], { ...paper, language: 'nn' }, true));
    expect(read.language).toBe('nn-NO');
    expect(words(read.text)).toContain('Be den som gav deg brevet');
    expect(words(read.text)).not.toContain('Be HR');
  });
});

test('letters are written in the language that was chosen', async () => {
  const read = readPdf(await letters.letters(drawn.slice(0, 1), { ...paper, language: 'nn' }));
  expect(read.language).toBe('nn-NO');
  expect(words(read.text)).toContain('Vi vil gjerne høyre kva du meiner');
  expect(read.text.replaceAll('\n', '')).toContain('/svar/h7k2m9qd/nn');
});

test('the square holds the whole link, with code and fingerprint', () => {
  expect(letters.linkOf(paper, '7k2m9qd0abc1')).toMatch(
    /^https:\/\/medvirk\.fjordvik\.example\/svar\/h7k2m9qd\/nb#7k2m9qd0abc1\.[0-9a-z]{32}$/,
  );
});

test('a poster holds the fingerprint and no code', async () => {
  const read = readPdf(await letters.poster(paper));
  expect(read).toMatchObject({ isTagged: true, title: paper.title, language: 'nb-NO', pages: 1 });
  expect(read.tags).toEqual(expect.arrayContaining(['H1', 'H2', 'Figure']));
  expect(words(read.text)).toContain(fingerprintPrint(paper.round.fingerprint));
  expect(read.text.replaceAll('\n', '')).toContain('medvirk.fjordvik.example/sjekk/h7k2m9qd');
});

test('a poster for relatives tells of the survey and of codes alone, on one page', async () => {
  const intro = 'Vi spør om dine egne erfaringer som pårørende. '.repeat(7).trim();
  const read = readPdf(await letters.poster({ ...paper, isCrowd: true, intro }));
  expect(read.pages).toBe(1);
  const text = words(read.text);
  expect(text).toContain(intro);
  expect(text).not.toContain('e-posten');
  expect(text).not.toContain('tillitsvalgt');
});

describe('long names and titles', () => {
  const long = {
    ...paper,
    title:
      'Undersøkelsen om arbeidsmiljø, ledelse, samarbeid og medvirkning i hele Nordre Fjordvik kommune (2027)',
    groupName: () =>
      'Kommunalområde helse, mestring og velferd, hjemmetjenesten Indre og Ytre Fjordbygda, natt (andre)',
    intro: 'Vi spør om dine egne erfaringer. '.repeat(10).trim(),
  };

  test('are broken on the poster between words alone', async () => {
    const title = 'Medarbeiderundersøkelsen 2027';
    const { text } = readPdf(await letters.poster({ ...paper, title }));
    expect(text).toContain('Medarbeiderundersøkelsen');
  });

  test('stay on the one page of the poster', async () => {
    expect(readPdf(await letters.poster(long)).pages).toBe(1);
  });

  test('stay on the slip and on the letter', async () => {
    expect(readPdf(await letters.slips(drawn.slice(0, 8), long)).pages).toBe(1);
    expect(readPdf(await letters.letters(drawn.slice(0, 3), long)).pages).toBe(3);
  });
});
