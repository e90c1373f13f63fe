import './answer.ts';
import './resident.css';
import { offerReading } from './speech.ts';

// The resident's page is the answering page with a voice, and with a helper who is asked about only where there is one.

offerReading();

const mode = document.querySelector('[data-background=mode]');
const helper = document.querySelector<HTMLElement>('[data-background=helper]');

/** Who answers alone has no helper. Options as in the ballot: 1 is alone. */
function ask(): void {
  const alone = mode!.querySelector<HTMLInputElement>('[value="1"]')!.checked;
  if (alone && helper!.querySelector(':checked')) helper!.querySelector<HTMLElement>('[data-clear]')!.click();
  helper!.hidden = alone || !helper!.querySelector('input');
}
// Before whatever the click leads to: a choice, the next page, the overview.
if (mode && helper) for (const event of ['change', 'click']) mode.addEventListener(event, ask);
if (mode && helper) addEventListener('click', ask, true);
