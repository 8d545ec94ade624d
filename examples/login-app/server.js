// A login application for `symbolon front --login-url`: one form that logs in and asks for consent.
import { createServer } from 'node:http';
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const { PORT = '3000', FRONT = 'http://localhost:9080', SECRET } = process.env;

// Their passwords are "secret" and "other", with salt and scrypt. Names that do not exist take as long.
const users = new Map([
  ['john', ['4d3ac53c97809b19cc33528169d76bf4', '0137750b88ccaa1e4d13ac10ec5a9ab282365541c2f2f777b5ecc4e948e2a744', '1001', { name: 'John Flores', email: 'john@example.com' }]],
  ['jane', ['3d4be461b97264199dc95f304841ad45', '480192460432347d316473c53a4b38b9b05f0d011cfbebea80f54727d61c6eb0', '1002', { name: 'Jane Doe', email: 'jane@example.com' }]],
]);

async function authenticate(name, password) {
  const [salt, hash, subject, claims] = users.get(name) ?? ['00', '00'.repeat(32)];
  const right = timingSafeEqual(await promisify(scrypt)(password, Buffer.from(salt, 'hex'), 32), Buffer.from(hash, 'hex'));
  return right && subject ? { subject, claims } : undefined;
}

/** Calls the front: what is asked, or with an answer, where to send the browser. */
async function front(interaction, verb = '', answer) {
  const r = await fetch(`${FRONT}/handoff/${encodeURIComponent(interaction)}${verb}`, {
    method: answer ? 'POST' : 'GET',
    body: answer && JSON.stringify(answer),
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
  });
  const document = await r.json();
  if (!r.ok) throw new Error(document.error_description);
  return document;
}

const text = (s) => String(s ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (title, body) => `<!DOCTYPE html><html lang="en"><meta charset="UTF-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>${text(title)}</title><main><h1>${text(title)}</h1>${body}</main></html>`;
const form = (interaction, asked, wrong) => page('Sign in', `<p><b>${text(asked.client.name)}</b> asks for access:</p>
<ul id="scopes">${asked.scopes.map((s) => `<li>${text(s.description || s.name)}</li>`).join('')}</ul>
${wrong ? '<p role="alert" id="login-error">The user name or the password is wrong.</p>' : ''}
<form method="post"><input type="hidden" name="interaction" value="${text(interaction)}">
<p><label>User name <input id="loginId" name="loginId" value="${text(asked.login_hint)}" autocomplete="username" required></label></p>
<p><label>Password <input id="password" name="password" type="password" autocomplete="current-password" required></label></p>
<p><button id="authorize-button" name="answer" value="allow">Sign in and allow</button>
<button id="deny-button" name="answer" value="deny" formnovalidate>Deny</button></p></form>`);

/** Returns a page, or where to send the browser. */
async function serve(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body = (body + chunk).slice(0, 10000);
  const sent = request.method === 'POST';
  const values = sent ? new URLSearchParams(body) : new URL(request.url, 'http://localhost').searchParams;
  const interaction = values.get('interaction') ?? '';
  const asked = await front(interaction);
  const end = async (verb, answer) => ({ to: (await front(interaction, verb, answer)).redirect_to });
  if (asked.prompt?.includes('none')) return end('/reject', { error: 'login_required' }); // there are no sessions here
  if (!sent) return { html: form(interaction, asked) };
  if (values.get('answer') !== 'allow') return end('/reject', { error: 'access_denied' });
  const user = await authenticate(values.get('loginId') ?? '', values.get('password') ?? '');
  if (!user) return { html: form(interaction, asked, true) };
  return end('/accept', { ...user, amr: ['pwd'] });
}

createServer(async (request, response) => {
  const sorry = (e) => ({ html: page('That did not work', `<p id="error">${text(e.message)}</p>`), status: 400 });
  const { to, html, status = 200 } = await serve(request).catch(sorry);
  if (to) return response.writeHead(303, { location: to, 'cache-control': 'no-store' }).end();
  response.writeHead(status, {
    'content-type': 'text/html;charset=UTF-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
  }).end(html);
}).listen(Number(PORT), '127.0.0.1');
