/*
 * Reads a statement and its answers aloud, always all of them and never which one is chosen, each text in the language that it
 * is written in. Only with voices that live on the device: many browsers' other voices send the text to somebody. Where one is
 * lacking for any of the texts, the button stays hidden.
 */

const own: Record<string, RegExp> = { nb: /^(nb|no)\b/i, nn: /^(nn|nb|no)\b/i };

const voiceFor = (language: string) =>
  speechSynthesis
    .getVoices()
    .find(
      ({ lang, localService }) =>
        localService && (own[language] ?? new RegExp(`^${language}\\b`, 'i')).test(lang),
    );

/** What is said of a statement: itself, and each answer's words; one piece for what stands together in one language. */
export function saidOf(section: Element): { language: string; words: string }[] {
  const said: { language: string; words: string }[] = [];
  for (const text of section.querySelectorAll('legend h1, fieldset label span')) {
    const { lang } = text.closest<HTMLElement>('[lang]')!;
    const words = `${text.textContent!.trim().replace(/\.$/, '')}.`;
    const last = said.at(-1);
    if (last?.language === lang) last.words += ` ${words}`;
    else said.push({ language: lang, words });
  }
  return said;
}

export function offerReading(): void {
  if (!('speechSynthesis' in window)) return;
  const buttons = document.querySelectorAll<HTMLElement>('[data-read]');
  const saidBy = (button: Element) => saidOf(button.closest('section')!);
  const offer = () => {
    for (const button of buttons) button.hidden = !saidBy(button).every(({ language }) => voiceFor(language));
  };
  const hush = () => speechSynthesis.cancel();
  for (const button of buttons)
    button.addEventListener('click', () => {
      hush();
      offer();
      if (button.hidden) return;
      for (const { language, words } of saidBy(button)) {
        const said = new SpeechSynthesisUtterance(words);
        said.voice = voiceFor(language)!;
        said.lang = said.voice.lang;
        said.rate = 0.9;
        speechSynthesis.speak(said);
      }
      button.textContent = button.dataset.againWords!;
    });
  for (const leaving of document.querySelectorAll('[data-go]')) leaving.addEventListener('click', hush);
  addEventListener('popstate', hush);
  addEventListener('pagehide', hush);
  speechSynthesis.addEventListener?.('voiceschanged', offer);
  offer();
}
