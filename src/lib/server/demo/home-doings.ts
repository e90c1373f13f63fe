import type { Doings } from '#server/demo/doings.ts';

/** By factor of the residents' survey: what a home finds out and does about it. */
export const ofResidents: Record<string, Doings> = {
  respect: {
    promotes: ['Vi banker på før vi går inn'],
    hinders: ['Nye vikarer vet lite om den de hjelper'],
    why: 'Livshistorien ligger i et skap på vaktrommet',
    keep: [['Sitte ned når vi snakker med en beboer', 'Beboerne opplever at vi har tid']],
    improve: [['Kort om den enkelte på innsiden av skapdøra', 'Vikarer kan møte beboeren med navn og vaner']],
  },
  safety: {
    promotes: ['De samme ansiktene på dagvakt'],
    hinders: ['Det kan ta tid før vi kommer når det ringer'],
    why: 'Ingen har ansvaret for ringesnorene under rapporten',
    keep: [['Primærkontakten hilser på hver vakt', 'Beboerne vet hvem de kan spørre']],
    improve: [['Én på vakt tar ringesnorene under rapporten', 'Beboerne får hjelp innen ti minutter']],
  },
  days: {
    promotes: ['Sang og kaffe samler mange'],
    hinders: ['Helgene er stille'],
    why: 'Aktivitøren jobber bare på hverdager',
    keep: [['Felles frokost på fredager', 'Maten blir noe å se fram til']],
    improve: [
      ['Frivillige på besøk annenhver lørdag', 'Noe fint å gjøre i helga også'],
      ['Spørre beboerne om middagen hver måned', 'Flere får mat de liker'],
    ],
  },
  deciding: {
    promotes: ['Vi spør hva den enkelte vil ha på seg'],
    hinders: ['Morgenstellet følger lista, ikke beboeren'],
    why: 'Alle skal være oppe til frokost klokka ni',
    keep: [['Beboerne velger selv hvor de spiser', 'Den enkelte bestemmer over egen dag']],
    improve: [['Frokost fra åtte til elleve', 'Den enkelte står opp når det passer']],
  },
};

/** By factor of the relatives' survey: what a service finds out and does about it. */
export const ofRelatives: Record<string, Doings> = {
  information: {
    promotes: ['Vi ringer når noe viktig endrer seg'],
    hinders: ['Det er uklart hvem pårørende skal ringe'],
    why: 'Telefonlista er fra før vi ble omorganisert',
    keep: [['Fast telefontid hver ettermiddag', 'Pårørende når en som kjenner saken']],
    improve: [['Kort med navn og nummer til alle pårørende', 'Pårørende vet hvem de kan ringe']],
  },
  cooperation: {
    promotes: ['Pårørende kjenner dem som kommer hjem'],
    hinders: ['Avtaler blir borte fra en vakt til den neste'],
    why: 'Vi skriver dem på lapper',
    keep: [['Samtale med pårørende hvert halvår', 'Vi er enige om hvem som gjør hva']],
    improve: [['Skrive avtaler med pårørende i journalen', 'Det vi avtaler, blir gjort']],
  },
  'being-heard': {
    promotes: ['Vi spør hva som er viktig for familien'],
    hinders: ['Klager får sent svar'],
    why: 'Ingen svarer når lederen er borte',
    keep: [['Pårørende er med når tiltaksplanen lages', 'Pårørende er med når viktige valg blir tatt']],
    improve: [['Svar på alle henvendelser innen en uke', 'Det pårørende sier, blir tatt på alvor']],
  },
  carer: {
    promotes: ['Vi spør pårørende hvordan de har det'],
    hinders: ['Få kjenner til avlastning'],
    why: 'Tilbudet står langt nede på nettsiden',
    keep: [['Pårørendekveld vår og høst', 'Pårørende møter andre i samme situasjon']],
    improve: [['Fortelle om avlastning i den første samtalen', 'Flere pårørende får tid til sitt eget liv']],
  },
};
