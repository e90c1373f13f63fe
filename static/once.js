/*
 * A second press while a form is on its way sends nothing more: what was written is written once. Every page works
 * without this. After a while, or back on the page, the form can be sent again.
 */
const pause = 4000;
let sent = new WeakMap();
addEventListener('pageshow', () => (sent = new WeakMap()));
addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  const last = sent.get(event.target);
  if (last !== undefined && event.timeStamp - last < pause) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});
