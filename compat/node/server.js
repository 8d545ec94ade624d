// Starts the real binary for a test: an engine on a database of its own and
// the front end for one service, on free ports.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServer } from 'node:net';
import { randomBytes } from 'node:crypto';

const binary = resolve(process.env.SYMBOLON_BINARY ?? join(import.meta.dirname, '../../bin/symbolon'));
const rootToken = randomBytes(16).toString('hex');

export const freePort = () =>
  new Promise((done, failed) => {
    const s = createServer();
    s.once('error', failed).listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });

export async function ready(url, child) {
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}: ${child.log}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // not yet
    }
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`${url} does not answer: ${child.log}`);
}

function run(args, env) {
  const child = spawn(binary, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.log = '';
  for (const s of [child.stdout, child.stderr]) s.on('data', (d) => (child.log += d));
  return child;
}

/** An engine on a database of its own. `call` has every right. */
export async function startEngine() {
  const dir = mkdtempSync(join(tmpdir(), 'symbolon-compat-'));
  const port = await freePort();
  const api = `http://127.0.0.1:${port}`;
  const engine = run(['serve', '--api-addr', `127.0.0.1:${port}`, '--database', `sqlite:${join(dir, 'db')}`], {
    SYMBOLON_ROOT_TOKEN: rootToken,
  });
  const stop = () => {
    engine.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await ready(`${api}/api/lifecycle/healthcheck`, engine);
  } catch (e) {
    stop();
    throw e;
  }
  const call = async (path, doc, method = 'POST') => {
    const r = await fetch(api + path, {
      method,
      headers: { authorization: `Bearer ${rootToken}`, 'content-type': 'application/json' },
      body: doc && JSON.stringify(doc),
    });
    const text = await r.text();
    if (!r.ok) throw new Error(`${path}: ${r.status} ${text}`);
    return text && JSON.parse(text);
  };
  return { api, rootToken, dir, engine, call, stop };
}

/**
 * An engine, its front and one service. `service` is laid over a plain one.
 * With `tls`, a certificate and a key, the issuer is https; with `login`, an
 * address and a secret, an application logs users in.
 */
export async function start(service = {}, { tls, login } = {}) {
  const [frontPort, tlsPort] = [await freePort(), await freePort()];
  const plain = `http://localhost:${frontPort}`;
  const issuer = tls ? `https://localhost:${tlsPort}` : plain;
  const { api, dir, engine, call, stop: stopEngine } = await startEngine();
  const children = [engine];
  const stop = () => {
    for (const c of children) c.kill('SIGKILL');
    stopEngine();
  };
  try {
    const created = await call('/api/service/create', {
      serviceName: 'compat',
      issuer,
      authorizationEndpoint: `${issuer}/authorize`,
      tokenEndpoint: `${issuer}/token`,
      pushedAuthReqEndpoint: `${issuer}/par`,
      userInfoEndpoint: `${issuer}/userinfo`,
      revocationEndpoint: `${issuer}/revoke`,
      introspectionEndpoint: `${issuer}/introspect`,
      jwksUri: `${issuer}/jwks`,
      supportedScopes: ['openid', 'profile', 'email', 'offline_access', 'read'].map((name) => ({ name })),
      ...service,
    });
    const id = created.apiKey;
    const hash = execFileSync(binary, ['hash-password'], { input: 'secret\n' }).toString().trim();
    const users = join(dir, 'users.yaml');
    const user = (subject, loginId, claims) => `  - subject: "${subject}"\n    loginId: ${loginId}\n    password: "${hash}"\n    claims: {${claims}}\n`;
    writeFileSync(users, 'users:\n' + user('1001', 'john', 'name: John Flores, email: john@example.com') + user('1002', 'jane', 'name: Jane Doe'));
    const front = run(
      ['front', '--api', api, '--service', String(id), '--issuer', issuer, '--front-addr', `127.0.0.1:${frontPort}`,
        '--introspection-clients', 'rs:rs-secret',
        ...(login ? ['--login-url', login.url] : ['--users', users]),
        ...(tls ? ['--front-tls-addr', `127.0.0.1:${tlsPort}`, '--front-tls-cert', tls.cert, '--front-tls-key', tls.key] : [])],
      { SYMBOLON_TOKEN: rootToken, ...(login && { SYMBOLON_LOGIN_SECRET: login.secret }) },
    );
    children.push(front);
    await ready(`${plain}/.well-known/openid-configuration`, front);
    return {
      issuer, plain, api, id, stop,
      stopEngine: () => engine.kill('SIGKILL'),
      call: (op, doc, method) => call(`/api/${id}/${op}`, doc, method),
      newClient: (doc) => call(`/api/${id}/client/create`, { idTokenSignAlg: 'ES256', ...doc }),
      log: () => children.map((c) => c.log).join('\n'),
    };
  } catch (e) {
    stop();
    throw e;
  }
}

/** A browser that keeps cookies and does not run scripts. */
export class Browser {
  #cookies = new Map();

  async fetch(url, init = {}) {
    const headers = { accept: 'text/html,*/*;q=0.8', ...init.headers };
    if (this.#cookies.size) headers.cookie = [...this.#cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    const r = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const c of r.headers.getSetCookie()) {
      const [pair, ...attributes] = c.split(';');
      const i = pair.indexOf('=');
      const gone = attributes.some((a) => /^\s*max-age=0$/i.test(a));
      if (gone) this.#cookies.delete(pair.slice(0, i));
      else this.#cookies.set(pair.slice(0, i), pair.slice(i + 1));
    }
    return r;
  }

  /** Follows redirects until the client's redirect URI is reached. */
  async until(response, url, redirectURI) {
    for (let i = 0; i < 10 && response.status >= 300 && response.status < 400; i++) {
      url = new URL(response.headers.get('location'), url);
      if (url.href.startsWith(redirectURI)) return { callback: url };
      response = await this.fetch(url);
    }
    return { response, url, html: await response.text() };
  }

  #form(html, values) {
    const body = new URLSearchParams();
    for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
      const name = tag.match(/name="([^"]*)"/)?.[1];
      if (name && /type="hidden"/.test(tag)) body.set(name, tag.match(/value="([^"]*)"/)?.[1] ?? '');
    }
    for (const [k, v] of Object.entries(values)) body.set(k, v);
    const action = html.match(/<form[^>]*action="([^"]*)"/)?.[1];
    return { body, action };
  }

  async submit(page, values, redirectURI) {
    const { body, action } = this.#form(page.html, values);
    const url = new URL(action?.replaceAll('&amp;', '&') ?? page.url, page.url);
    return this.until(await this.fetch(url, { method: 'POST', body }), url, redirectURI);
  }

  /** Logs in where asked, and allows or denies. Returns the callback URL. */
  async authorize(url, redirectURI, { user = 'john', password = 'secret', deny = false } = {}) {
    let page = await this.until(await this.fetch(url), url, redirectURI);
    if (page.html?.includes('id="loginId"')) page = await this.submit(page, { loginId: user, password }, redirectURI);
    if (page.html?.includes('id="authorize-button"')) {
      page = await this.submit(page, deny ? { denied: '1' } : { authorized: '1' }, redirectURI);
    }
    if (!page.callback) throw Object.assign(new Error(`no callback: ${page.response?.status} ${page.html}`), { page });
    return page.callback;
  }
}
