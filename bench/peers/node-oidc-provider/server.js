// oidc-provider as a peer of the benchmark: its in-memory adapter, one client,
// ES256 keys made at the start, and a login that agrees to everything.
//
//   PORT=9300 node server.js
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const port = Number(process.env.PORT ?? 9300);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'bench' }] },
  clients: [{
    client_id: 'bench',
    client_secret: 'the-secret-of-a-bench',
    redirect_uris: ['https://client.example/cb'],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  }],
  cookies: { keys: ['a key of a bench'] },
  scopes: ['openid', 'read'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    // A token for this resource is a JWT; without a resource it is opaque.
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'read', audience: 'https://api.example', accessTokenFormat: 'jwt', accessTokenTTL: 86400, jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { AccessToken: 86400, ClientCredentials: 86400, RefreshToken: 864000, IdToken: 86400, AuthorizationCode: 600, Session: 28800, Grant: 864000, Interaction: 3600 },
});

// The login page: 1001 is logged in and agrees.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId: '1001', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: '1001' }, consent }, { mergeWithLastSubmission: false });
  ctx.respond = false;
});

provider.listen(port, '127.0.0.1', () => console.log(`oidc-provider on Node ${process.version} at ${issuer}`));
