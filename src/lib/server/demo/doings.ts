/** What invented departments find out and do about a factor: [what is done, what it is expected to lead to]. */
export type Doings = {
  promotes: string[];
  hinders: string[];
  /** The answer when the first of those that hinder is asked "why?". */
  why: string;
  keep: [what: string, expected: string][];
  improve: [what: string, expected: string][];
};

/** By factor of the employee survey and of the extraordinary one. The words are the departments' own, bokmål as they write. */
export const doings: Record<string, Doings> = {
  'inner-motivation': {
    promotes: ['Vi ser at arbeidet nytter', 'Vi ler sammen'],
    hinders: ['For mange dager går med til telefon og papir'],
    why: 'Ingen har ansvar for å samle beskjedene',
    keep: [['Begynne personalmøtet med noe som gikk bra', 'Flere ser hva vi får til sammen']],
    improve: [
      ['Samle beskjeder i ett skriv på morgenen', 'Færre avbrudd i løpet av vakta'],
      ['Bytte arbeidsliste hver fjerde uke', 'Alle får variasjon i dagene'],
    ],
  },
  'mastery-belief': {
    promotes: ['Vi øver på det som er vanskelig'],
    hinders: ['Vikarer står alene med nye oppgaver'],
    why: 'Opplæringen er ikke satt opp i turnusen',
    keep: [['Øve på akutte situasjoner hver måned', 'Alle vet hva de skal gjøre når det haster']],
    improve: [
      ['Fadder på hver vakt for den som er ny', 'Ingen står alene den første måneden'],
      ['Kort huskeliste for sjeldne oppgaver', 'Vi tør å ta oppgaven selv'],
    ],
  },
  'self-determination': {
    promotes: ['Vi legger opp dagen selv'],
    hinders: ['Små ting må avklares med lederen'],
    why: 'Ingen har skrevet ned hva vi kan avgjøre selv',
    keep: [['Fordele oppgavene i gruppa ved vaktstart', 'Alle er med på å legge opp dagen']],
    improve: [
      ['Skrive ned hva vi kan avgjøre på vakta', 'Færre venter på svar'],
      ['Ønsketurnus i to måneder som prøve', 'Flere får en turnus som passer'],
    ],
  },
  'use-of-competence': {
    promotes: ['Vi vet hva kollegene kan'],
    hinders: ['Det vi har lært på kurs, blir sjelden brukt'],
    why: 'Ingen spør etter kurset',
    keep: [['Oversikt over hvem som kan hva', 'Vi spør den som kan mest']],
    improve: [
      ['Den som har vært på kurs, viser det på fagmøtet', 'Det én lærer, kommer alle til nytte'],
      ['Fagansvarlig for sår, ernæring og demens', 'Kunnskapen er der når den trengs'],
    ],
  },
  'role-clarity': {
    promotes: ['Vaktlista sier hvem som har hva'],
    hinders: ['To kan tro at den andre gjør det'],
    why: 'Oppgavelista er fra før vi ble slått sammen',
    keep: [['Holde oppgavelista oppdatert hver måned', 'Alle ser hvem som har hva']],
    improve: [
      ['Avklare rollen som ansvarsvakt', 'Én person har oversikten på hver vakt'],
      ['Gå gjennom oppgavelista på personalmøtet', 'Ingenting blir gjort to ganger eller glemt'],
    ],
  },
  'competence-development': {
    promotes: ['Fagdagene er lærerike'],
    hinders: ['Opplæring faller bort når det er travelt'],
    why: 'Den er ikke satt opp med vikar',
    keep: [['Fast fagdag i mars og oktober', 'Alle har minst to dager med fag i året']],
    improve: [
      ['Femten minutter fag hver tirsdag', 'Vi lærer litt hver uke'],
      ['Sette av vikar når noen er på kurs', 'Alle som er påmeldt, kommer seg av sted'],
      ['Opplæringsplan for hver ansatt', 'Hver og en vet hva som er neste steg'],
    ],
  },
  flexibility: {
    promotes: ['Vi stiller opp for hverandre'],
    hinders: ['De samme blir spurt hver gang'],
    why: 'Lista over hvem som vil ha ekstravakter, er gammel',
    keep: [['Spørre alle før vi leier inn', 'Ekstravaktene blir jevnere fordelt']],
    improve: [['Lære opp flere på tvers av gruppene', 'Flere kan ta vakter i begge gruppene']],
  },
  'mastery-climate': {
    promotes: ['Vi sier fra når noen gjør noe bra', 'Lav terskel for å spørre'],
    hinders: ['Nattevakta er sjelden på møtene'],
    why: 'Møtene er midt på dagen',
    keep: [
      ['Fem minutter ros på hvert personalmøte', 'Vi ser hverandres arbeid'],
      ['Ta imot nye med en plan for de to første ukene', 'Nye kjenner seg velkommen'],
    ],
    improve: [['Hvert tredje møte om kvelden', 'Natt og helg er med på det vi bestemmer']],
  },
  'prosocial-motivation': {
    promotes: ['Vi kjenner dem vi er til for'],
    hinders: ['Lite tid til det lille ekstra'],
    why: 'Primærkontaktene har ulik tid',
    keep: [['Lese opp en takk fra pårørende på møtet', 'Vi husker hvorfor vi er her']],
    improve: [['En time i uka til primærkontakten', 'Tid til det som betyr noe for den enkelte']],
  },
  'load-and-support': {
    promotes: ['Vi spør hvordan det går etter tunge vakter'],
    hinders: ['Mye skjer samtidig mellom sju og ti'],
    why: 'Legevisitt, frokost og levering er lagt til samme time',
    keep: [['Kollegastøtte etter vonde hendelser', 'Ingen går hjem alene med det']],
    improve: [
      ['Flytte leveringen til etter klokka ti', 'Roligere morgen for alle'],
      ['Ti minutter sammen ved vaktslutt', 'Vi legger fra oss jobben før vi går hjem'],
      ['Gå gjennom bemanningen i helgene med tillitsvalgt', 'Helgevaktene blir til å leve med'],
    ],
  },
  'mastery-leadership': {
    promotes: ['Lederen er med på rapporten'],
    hinders: ['Lederen har mange å følge opp'],
    why: 'Medarbeidersamtalene ligger alle i november',
    keep: [['Lederen er med på rapport to dager i uka', 'Vi får svar med en gang']],
    improve: [
      ['Spre medarbeidersamtalene over året', 'Hver får en ordentlig samtale'],
      ['Fast tid for spørsmål til lederen', 'Lett å få tak i lederen'],
    ],
  },
  'nearest-leader': {
    promotes: ['Det er lov å være uenig'],
    hinders: ['Saker vi tar opp, blir borte'],
    why: 'Vi har ingen liste over det som er tatt opp',
    keep: [['Runde rundt bordet før vi bestemmer noe', 'Alle har sagt hva de mener']],
    improve: [
      ['Tavle med saker som er tatt opp, og hva som skjer', 'Alle ser at saken lever'],
      ['Lederen svarer innen en uke på det vi tar opp', 'Vi vet hvor saken står'],
    ],
  },
  'top-leadership': {
    promotes: ['Kommunalsjefen har vært på besøk'],
    hinders: ['Vi hører om endringer i avisa'],
    why: 'Beskjedene stopper på veien ned',
    keep: [['Kommunalsjefen er med på ett personalmøte i halvåret', 'Ledelsen kjenner hverdagen vår']],
    improve: [['Kort nytt fra ledergruppa hver fredag', 'Vi får vite det før det står i avisa']],
  },
  environment: {
    promotes: ['Vi hjelper hverandre', 'God tone, også når det er travelt'],
    hinders: ['Uenighet blir liggende'],
    why: 'Vi har aldri avtalt hvordan vi tar det opp',
    keep: [
      ['Hjelpe hverandre ferdig før vi går', 'Ingen sitter igjen alene'],
      ['Synlig avdelingsleder på rapporten', 'Kort vei til den som kan avgjøre'],
    ],
    improve: [['Avtale hvordan vi tar opp uenighet', 'Det blir tatt opp mens det er lite']],
  },
  deviations: {
    promotes: ['Alle vet hvordan vi melder'],
    hinders: ['Vi hører sjelden hva som skjer etterpå'],
    why: 'Svaret ligger i systemet, og få logger seg inn',
    keep: [['Melde avvik sammen ved vaktslutt', 'Det blir gjort mens vi husker det']],
    improve: [
      ['Gå gjennom avvikene på hvert avdelingsmøte', 'Alle ser hva som ble gjort'],
      ['Opplæring i hvordan vi vurderer alvorlighet', 'Like hendelser blir vurdert likt'],
      ['Månedens forbedring på veggen', 'Vi ser at det nytter å melde'],
    ],
  },
  professional: {
    promotes: ['Vi kan spørre om alt'],
    hinders: ['Fagtiden blir brukt til drift'],
    why: 'Den ligger på den travleste dagen',
    keep: [['Refleksjon i ti minutter ved vaktstart', 'Vi deler det vi står i']],
    improve: [
      ['Fast internundervisning annenhver uke', 'Alle får fag på arbeidsplassen'],
      ['Veiledning etter tunge opplevelser', 'Vi får snakket ferdig'],
    ],
  },
  leadership: {
    promotes: ['Lederen kjenner arbeidet'],
    hinders: ['Kontoret ligger i et annet bygg'],
    why: 'Det var ikke plass da avdelingen flyttet',
    keep: [['Lederen går en runde hver morgen', 'Lett å få tatt opp noe lite']],
    improve: [['Lederen har kontordag i avdelingen på onsdager', 'Lettere å få tak i lederen']],
  },
  change: {
    promotes: ['Tillitsvalgte er med tidlig'],
    hinders: ['Vi blir spurt etter at det er bestemt'],
    why: 'Fristene for innspill er for korte',
    keep: [['Fast punkt om endringer i medbestemmelsesmøtet', 'Tillitsvalgte er med fra starten']],
    improve: [
      ['Legge fram planlagte endringer en måned før', 'Vi rekker å si hva vi mener'],
      ['Se etter hvordan endringen virker etter tre måneder', 'Vi retter det som ikke virker'],
    ],
  },
  safety: {
    promotes: ['Det er lov å ta feil'],
    hinders: ['Noen er stille på møtene'],
    why: 'De samme snakker først',
    keep: [['Fortelle om egne feil på fagmøtet', 'Vi lærer av det som gikk galt']],
    improve: [
      ['Runde der alle skriver før noen snakker', 'Alle kommer til orde'],
      ['Repetere hvordan vi varsler', 'Alle vet hvor de kan si fra'],
    ],
  },
};

/** An invented decision of Fjordvik's council, as the lists that municipalities have taken on look: number, area, text. */
export const decision: [number: string, area: string, text: string][] = [
  [
    '1',
    'Undersøkelser',
    'Alle beboere i sykehjem og omsorgsbolig får si hva de mener, med hjelp når de trenger det.',
  ],
  ['2', 'Undersøkelser', 'Alle ansatte i helse og mestring blir spurt om arbeidsmiljø, avvik og ledelse.'],
  ['3', 'Ledelse', 'Alle ledere med personalansvar blir evaluert av dem de leder.'],
  ['4', 'Avvik og kvalitet', 'Den som melder et avvik, får vite hva som ble gjort.'],
  ['5', 'Avvik og kvalitet', 'Alvorlige avvik blir gjennomgått sammen med dem det gjelder.'],
  ['6', 'Opplæring og kompetanse', 'Alle nye får en opplæringsplan før første vakt.'],
  ['7', 'Opplæring og kompetanse', 'Språkkravene er kjent, og opplæring er et tilbud til alle.'],
  ['7 a', 'Opplæring og kompetanse', 'Språkhjelp på arbeidsplassen i alle sykehjem.'],
  ['7 b', 'Opplæring og kompetanse', 'Språk er tema i medarbeidersamtalen.'],
  ['8', 'Sykefravær', 'Hver enhet har mål og tiltak for nærvær i IA-planen.'],
  ['9', 'Medbestemmelse', 'Tillitsvalgte og verneombud er med fra start når tjenester blir endret.'],
  ['10', 'Arbeidsmiljø og trygghet', 'Alle vet hvordan de kan varsle, og blir trygt tatt imot.'],
  ['11', 'Pårørende', 'Pårørende har én fast kontakt og et møte i halvåret.'],
  ['12', 'Styringsdata', 'Utvalget får avvik, fravær og undersøkelser samlet for hver virksomhet.'],
  ['13', 'Politisk oppfølging', 'Utvalget får status punkt for punkt hvert tertial.'],
];

/** What came of an evaluation of leaders, in Fjordvik. */
export const proposals: [number: string, area: string, text: string][] = [
  ['1', 'Ledelse', 'Ledere får færre å lede, og ingen flere enn tretti.'],
  ['2', 'Ledelse', 'Ledere har en fast dag i uka uten møter.'],
  ['3', 'Ledelse', 'Nye ledere har en fadder det første året.'],
  ['4', 'Ledelse', 'Medarbeidersamtalen er lik i alle enheter.'],
  ['5', 'Arbeidsmiljø og trygghet', 'Ledergruppene øver på å ta imot uenighet.'],
  ['6', 'Arbeidsmiljø og trygghet', 'Lederne forteller hva de gjorde med det som ble tatt opp.'],
  ['7', 'Medbestemmelse', 'Medbestemmelsesmøtet er fast hver måned.'],
  ['8', 'Opplæring og kompetanse', 'Lederskolen er for alle med personalansvar.'],
  ['9', 'Styringsdata', 'Lederne får tall de kan bruke, på én side.'],
];
