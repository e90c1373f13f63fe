import { make } from './make.ts';
import { open } from './open.ts';

/*
 * What runs on a witness's own device (design section 3 step 7). A private half is drawn, shown, typed and used here,
 * and never put in a form or a request: what is sent is a public half, or a finished release.
 */

const making = document.querySelector<HTMLElement>('[data-witness=make]');
const opening = document.querySelector<HTMLElement>('[data-witness=open]');
if (making) make(making);
if (opening) open(opening);
