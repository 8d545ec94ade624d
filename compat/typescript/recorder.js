// An HTTP client for the SDK that remembers what passed. `check` sees every
// answer before the SDK does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTTPClient } from '@authlete/typescript-sdk/lib/http.js';

/** The operations of the Web API as docs/operations.md lists them. */
export const operations = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes(' /api/'))
  .map((line) => {
    const [, method, path, , built] = line.split('|').map((s) => s.trim());
    const pattern = new RegExp(`^${path.replace(/\{[^}]*\}/g, '[^/]+')}$`);
    return { name: `${method} ${path}`, built: built === 'yes', matches: (m, p) => m === method && pattern.test(p) };
  });

// The most specific row: one without a last element before one with.
export const operationOf = (method, path) =>
  operations.filter((o) => o.matches(method, path)).sort((a, b) => b.name.length - a.name.length)
    .sort((a, b) => (a.name.match(/\{/g)?.length ?? 0) - (b.name.match(/\{/g)?.length ?? 0))[0];

export function recorder(check = () => {}) {
  const calls = [];
  const fetcher = async (request) => {
    const sent = await request.clone().text();
    const r = await fetch(request);
    const call = {
      method: request.method, path: new URL(request.url).pathname, headers: request.headers, sent,
      status: r.status, type: r.headers.get('content-type'), text: await r.clone().text(),
    };
    calls.push(call);
    check(call);
    return r;
  };
  return { calls, last: () => calls.at(-1), client: new HTTPClient({ fetcher }) };
}
