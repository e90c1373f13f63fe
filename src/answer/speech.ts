/*
 * Reads a statement and its answers aloud, always all of them and never which one is chosen. Only with a voice that lives on the
 * device: many browsers' other voices send the text to somebody. Where there is none, the button stays hidden.
 */

const own: Record<string, RegExp> = { nb: /^(nb|no)\b/i, nn: /^(nn|nb|no)\b/i };

const voiceFor = (language: string) =>
  speechSynthesis
    .getVoices()
    .find(
      ({ lang, localService }) =>
        localService && (own[language] ?? new RegExp(`^${language}\\b`, 'i')).test(lang),
    );

/** What is said of a statement: itself, and each answer's words. */
export const saidOf = (section: Element): string =>
  [...section.querySelectorAll('legend, fieldset label span')]
    .map(({ textContent }) => textContent!.trim().replace(/\.$/, ''))
    .join('. ') + '.';

export function offerReading(language: string): void {
  if (!('speechSynthesis' in window)) return;
  const buttons = document.querySelectorAll<HTMLElement>('[data-read]');
  const offer = () => {
    for (const button of buttons) button.hidden = !voiceFor(language);
  };
  const hush = () => speechSynthesis.cancel();
  for (const button of buttons)
    button.addEventListener('click', () => {
      hush();
      const voice = voiceFor(language);
      if (!voice) return offer();
      const said = new SpeechSynthesisUtterance(saidOf(button.closest('section')!));
      said.voice = voice;
      said.lang = voice.lang;
      said.rate = 0.9;
      speechSynthesis.speak(said);
      button.textContent = button.dataset.againWords!;
    });
  for (const leaving of document.querySelectorAll('[data-go]')) leaving.addEventListener('click', hush);
  addEventListener('popstate', hush);
  addEventListener('pagehide', hush);
  speechSynthesis.addEventListener?.('voiceschanged', offer);
  offer();
}
