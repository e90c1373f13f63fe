/** What people in a unit work as. */
type Trade =
  | 'office'
  | 'care'
  | 'kitchen'
  | 'clinic'
  | 'school'
  | 'kindergarten'
  | 'road'
  | 'cleaning'
  | 'fire'
  | 'culture';

export type DemoUnit = {
  code: string;
  name: string;
  parent: string | null;
  level: string;
  /** How many have their main position here, the leader included. */
  staff: number;
  trade: Trade;
};

const levels = ['kommune', 'kommunalområde', 'virksomhet', 'avdeling'];

/** Code, name, own staff, trade; the parent is the code without its last part, the top when there is one part. */
const rows: [code: string, name: string, staff: number, trade: Trade, level?: string][] = [
  ['HM', 'Helse og mestring', 4, 'office'],
  ['HM-SO', 'Solbakken sykehjem', 4, 'office'],
  ['HM-SO-1', 'Solbakken første etasje', 24, 'care'],
  ['HM-SO-2', 'Solbakken andre etasje', 26, 'care'],
  ['HM-SO-S', 'Solbakken skjermet avdeling', 18, 'care'],
  ['HM-SO-K', 'Solbakken kjøkken og vaskeri', 6, 'kitchen'],
  ['HM-TU', 'Tunet bo- og behandlingssenter', 3, 'office'],
  ['HM-TU-1', 'Tunet langtid', 24, 'care'],
  ['HM-TU-2', 'Tunet korttid og rehabilitering', 20, 'care'],
  ['HM-TU-D', 'Tunet demens', 19, 'care'],
  ['HM-TU-N', 'Tunet natt', 9, 'care'],
  ['HM-HJ', 'Hjemmetjenesten', 4, 'office'],
  ['HM-HJ-N', 'Hjemmetjenesten nord', 30, 'care'],
  ['HM-HJ-S', 'Hjemmetjenesten sør', 33, 'care'],
  ['HM-HJ-P', 'Praktisk bistand', 16, 'care'],
  ['HM-HJ-H', 'Hverdagsrehabilitering', 6, 'clinic'],
  ['HM-HJ-D', 'Dagsenteret', 5, 'care'],
  ['HM-BO', 'Bo og aktivitet', 3, 'office'],
  ['HM-BO-L', 'Bofellesskapet Lia', 18, 'care'],
  ['HM-BO-S', 'Bofellesskapet Strandgata', 15, 'care'],
  ['HM-BO-R', 'Rus og psykisk helse', 13, 'care'],
  ['HM-HE', 'Helsesenteret', 3, 'office'],
  ['HM-HE-L', 'Legetjenesten', 12, 'clinic'],
  ['HM-HE-F', 'Fysio- og ergoterapi', 8, 'clinic'],
  ['HM-HE-H', 'Helsestasjonen', 13, 'clinic'],
  ['HM-NA', 'NAV Fjordvik', 26, 'office'],
  ['OP', 'Oppvekst', 4, 'office'],
  ['OP-FS', 'Fjordvik skole', 3, 'office'],
  ['OP-FS-1', 'Fjordvik skole, småtrinnet', 26, 'school'],
  ['OP-FS-2', 'Fjordvik skole, mellomtrinnet', 24, 'school'],
  ['OP-FS-3', 'Fjordvik skole, ungdomstrinnet', 29, 'school'],
  ['OP-FS-S', 'Fjordvik skole, SFO', 12, 'kindergarten'],
  ['OP-NS', 'Nes skole', 2, 'office'],
  ['OP-NS-1', 'Nes skole, barnetrinnet', 28, 'school'],
  ['OP-NS-S', 'Nes skole, SFO', 9, 'kindergarten'],
  ['OP-SS', 'Strand skole', 2, 'office'],
  ['OP-SS-1', 'Strand skole, småtrinnet', 20, 'school'],
  ['OP-SS-2', 'Strand skole, mellomtrinnet', 19, 'school'],
  ['OP-SS-S', 'Strand skole, SFO', 9, 'kindergarten'],
  ['OP-BN', 'Nesset barnehage', 30, 'kindergarten'],
  ['OP-BS', 'Skogen barnehage', 2, 'kindergarten'],
  ['OP-BS-1', 'Skogen barnehage, Ugla', 5, 'kindergarten'],
  ['OP-BS-2', 'Skogen barnehage, Reven', 6, 'kindergarten'],
  ['OP-BS-3', 'Skogen barnehage, Ekornet', 11, 'kindergarten'],
  ['OP-FA', 'Familie og forebygging', 2, 'office'],
  ['OP-FA-B', 'Barneverntjenesten', 15, 'office'],
  ['OP-FA-P', 'PP-tjenesten', 10, 'office'],
  ['OP-FA-F', 'Flyktningtjenesten', 13, 'office'],
  ['TE', 'Teknisk og eiendom', 3, 'office'],
  ['TE-VP', 'Vei og park', 24, 'road'],
  ['TE-VA', 'Vann og avløp', 19, 'road'],
  ['TE-BR', 'Brann og redning', 28, 'fire'],
  ['TE-PB', 'Plan og byggesak', 11, 'office'],
  ['TE-BY', 'Bygg og renhold', 2, 'office'],
  ['TE-BY-D', 'Drift av bygg', 18, 'road'],
  ['TE-BY-N', 'Renhold nord', 24, 'cleaning'],
  ['TE-BY-S', 'Renhold sør', 22, 'cleaning'],
  ['KN', 'Kultur og næring', 3, 'office'],
  ['KN-BI', 'Bibliotek og kulturhus', 14, 'culture', 'avdeling'],
  ['KN-KS', 'Kulturskolen', 15, 'culture', 'avdeling'],
  ['KN-UF', 'Ungdom og fritid', 9, 'culture', 'avdeling'],
  ['OS', 'Organisasjon og økonomi', 4, 'office'],
  ['OS-HR', 'HR og lønn', 14, 'office', 'avdeling'],
  ['OS-OK', 'Økonomi', 13, 'office', 'avdeling'],
  ['OS-IK', 'Digitalisering og IKT', 16, 'office', 'avdeling'],
  ['OS-ST', 'Servicetorget', 14, 'office', 'avdeling'],
];

/** Fjordvik's units, parents before children: 67 in four levels, 900 employees. */
export const units: DemoUnit[] = [
  { code: 'FJ', name: 'Fjordvik kommune', parent: null, level: 'kommune', staff: 4, trade: 'office' },
  ...rows.map(([code, name, staff, trade, level]) => {
    const parts = code.split('-');
    const parent = parts.slice(0, -1).join('-') || 'FJ';
    return { code, name, parent, level: level ?? levels[parts.length] ?? '', staff, trade };
  }),
];

/**
 * The same units a year later: two small ones become one, two move, one gets a new name.
 */
export const unitsLater: DemoUnit[] = units
  .filter(({ code }) => code !== 'HM-HJ-D')
  .map((unit) => {
    if (unit.code === 'HM-HJ-H')
      return { ...unit, code: 'HM-HJ-A', name: 'Aktivitet og rehabilitering', staff: 11 };
    if (unit.code === 'HM-TU-N') return { ...unit, name: 'Natt i sykehjem og hjem', parent: 'HM-HJ' };
    if (unit.code === 'KN-UF') return { ...unit, parent: 'OP' };
    if (unit.code === 'TE-VP') return { ...unit, name: 'Vei, park og idrett' };
    return unit;
  });

/** Title and stillingskode, repeated by how common they are. */
export const titles: Record<Trade, [title: string, kind: string][]> = {
  office: [
    ['Rådgiver', '8530'],
    ['Konsulent', '6559'],
    ['Saksbehandler', '8084'],
  ],
  care: [
    ['Sykepleier', '7174'],
    ['Sykepleier', '7174'],
    ['Helsefagarbeider', '7076'],
    ['Helsefagarbeider', '7076'],
    ['Helsefagarbeider', '7076'],
    ['Vernepleier', '6455'],
    ['Assistent', '6572'],
  ],
  kitchen: [
    ['Kokk', '7517'],
    ['Assistent', '6572'],
  ],
  clinic: [
    ['Fysioterapeut', '7066'],
    ['Helsesykepleier', '7233'],
    ['Ergoterapeut', '7065'],
    ['Helsesekretær', '6863'],
    ['Lege', '8527'],
  ],
  school: [
    ['Lærer', '7960'],
    ['Adjunkt', '7961'],
    ['Adjunkt', '7961'],
    ['Lektor', '7965'],
    ['Barne- og ungdomsarbeider', '7517'],
  ],
  kindergarten: [
    ['Barnehagelærer', '6709'],
    ['Barne- og ungdomsarbeider', '7517'],
    ['Assistent', '6572'],
  ],
  road: [
    ['Fagarbeider', '7517'],
    ['Driftsoperatør', '7517'],
    ['Ingeniør', '8085'],
  ],
  cleaning: [['Renholder', '6014']],
  fire: [
    ['Brannkonstabel', '7237'],
    ['Deltidskonstabel', '7237'],
  ],
  culture: [
    ['Bibliotekar', '7026'],
    ['Kulturskolelærer', '6814'],
    ['Fritidsleder', '6986'],
  ],
};

export const leaderTitles: Record<string, string> = {
  kommune: 'Kommunedirektør',
  kommunalområde: 'Kommunalsjef',
  virksomhet: 'Virksomhetsleder',
  avdeling: 'Avdelingsleder',
};
