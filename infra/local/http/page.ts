/**
 * The page to play with. Everything that it shows is put in as text, never as markup; it asks the control API
 * anew every second.
 */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Nightdesk, locally</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1rem auto; padding: 0 1rem; }
  h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 1.5rem 0 .3rem }
  .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2rem }
  .message { border-left: 3px solid #999; padding: .1rem .6rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
  .message small { display: block; color: #555 }
  input, button { font: inherit; padding: .2rem .4rem } form { margin: .3rem 0 }
  pre { background: #f4f4f4; padding: .5rem; overflow: auto; max-height: 20rem }
  [role=status] { min-height: 1.5em; color: #940 }
</style>
<h1>Nightdesk, locally</h1>
<p role="status" id="status"></p>
<h2>Clock</h2>
<p><output id="now"></output>
  <button data-advance="PT1M">+1 min</button> <button data-advance="PT5M">+5 min</button>
  <button data-advance="PT1H">+1 h</button> <button data-advance="P1D">+1 day</button></p>
<form id="set"><label>Set to (UTC) <input type="datetime-local" name="at" step="1" required></label> <button>Set</button></form>
<div class="columns">
  <section><h2>Phones</h2>
    <form id="text"><label>From <input name="from" size="14" placeholder="+12025550101" required></label>
      <label>Text <input name="body" size="14" required></label> <button>Send</button></form>
    <div id="sms"></div></section>
  <section><h2>Mailbox</h2><div id="mail"></div></section>
  <section><h2>Webhook receiver</h2>
    <form id="hook"><label>/local/hooks/<input name="name" size="10" value="demo" required></label> <button>Show</button></form>
    <div id="hooks"></div></section>
  <section><h2>Dead letters</h2><div id="dead"></div><h2>Demo</h2><pre id="demo"></pre></section>
</div>
<script type="module">
  const $ = (id) => document.getElementById(id);
  const ask = async (path, method = 'GET', body) => {
    const response = await fetch('/local' + path, { method, body: body && JSON.stringify(body) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? response.statusText);
    return answer;
  };
  const message = (head, text, onReply) => {
    const div = document.createElement('div');
    div.className = 'message';
    const small = document.createElement('small');
    small.textContent = head;
    div.append(small, text);
    if (onReply) {
      const button = document.createElement('button');
      button.textContent = 'Answer';
      button.onclick = onReply;
      div.append(document.createElement('br'), button);
    }
    return div;
  };
  const last = (data, show) => data.slice(-20).reverse().map(show);
  const answerTo = (phone) => () => {
    $('text').elements.from.value = phone;
    $('text').elements.body.focus();
  };
  let hook = 'demo';
  const show = async () => {
    $('now').textContent = (await ask('/clock')).now;
    const sms = await ask('/sms');
    $('sms').replaceChildren(...last(sms.data, (m) => message('to ' + m.to + ' at ' + m.at, m.body, answerTo(m.to))));
    const mail = await ask('/mail');
    $('mail').replaceChildren(...last(mail.data, (m) => message('to ' + m.to + ' at ' + m.at, m.subject + '\\n' + m.text)));
    const hooks = await ask('/hooks/' + encodeURIComponent(hook));
    $('hooks').replaceChildren(...last(hooks.data, (m) => message(m.at, m.body)));
    const dead = await ask('/dead-letters');
    $('dead').replaceChildren(...last(dead.data, (m) => message(m.queue, (m.error ?? '') + '\\n' + m.body)));
  };
  const doing = (work) => async (event) => {
    event?.preventDefault();
    $('status').textContent = '…';
    try { await work(event); await show(); $('status').textContent = ''; } catch (error) { $('status').textContent = error.message; }
  };
  for (const button of document.querySelectorAll('[data-advance]'))
    button.onclick = doing(() => ask('/clock', 'POST', { advance: button.dataset.advance }));
  $('set').onsubmit = doing((event) => ask('/clock', 'POST', { set: event.target.elements.at.value + 'Z' }));
  $('text').onsubmit = doing(async (event) => {
    const { from, body } = event.target.elements;
    await ask('/sms', 'POST', { from: from.value, body: body.value });
    body.value = '';
    await ask('/settle', 'POST');
  });
  $('hook').onsubmit = doing((event) => { hook = event.target.elements.name.value; });
  ask('/demo').then((demo) => { $('demo').textContent = JSON.stringify(demo, null, 2); }, () => {});
  const again = async () => {
    try { await show(); } catch { $('status').textContent = 'The local cloud does not answer.'; }
    setTimeout(again, 1000);
  };
  again();
</script>
</html>
`;
