// The certified authorization server `oidc-provider`, and an API that introspects every token there.
//
//     node oidc-provider.mjs SETTINGS
//
// SETTINGS is a file of JSON: `issuer`, `port`, `apiPort`, `mtlsEndpoint`, and `clients`, by OpenID Connect's
// names of client metadata, with a `public_key` or a `certificate` in PEM in place of `jwks`.

import { createHash, createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { Provider, errors } from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// nginx passes a client's certificate on, URL-encoded, and whether an authority of ours has issued it.
const certificateOf = (headers) => {
  const pem = headers['x-client-certificate'];
  return pem ? new X509Certificate(decodeURIComponent(pem)) : undefined;
};

const jwksOf = ({ public_key: key, certificate }) => {
  const jwk = createPublicKey(key ?? certificate).export({ format: 'jwk' });
  if (certificate) jwk.x5c = [new X509Certificate(certificate).raw.toString('base64')];
  return { keys: [jwk] };
};

const registered = ({ public_key, certificate, ...client }) => ({
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  ...client,
  ...((public_key || certificate) && { jwks: jwksOf({ public_key, certificate }) }),
});

const api = { client_id: 'api', client_secret: randomBytes(32).toString('hex') };

const provider = new Provider(settings.issuer, {
  clients: [...settings.clients.map(registered), registered(api)],
  clientDefaults: { token_endpoint_auth_method: 'client_secret_basic' },
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt',
    'tls_client_auth', 'self_signed_tls_client_auth',
  ],
  scopes: ['orders:read', 'orders:write'],
  ttl: { ClientCredentials: (_, __, client) => (client.clientId === 'brief' ? 2 : 600) },
  discovery: { mtls_endpoint_aliases: { token_endpoint: settings.mtlsEndpoint } },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      selfSignedTlsClientAuth: true,
      getCertificate: (ctx) => certificateOf(ctx.headers),
      certificateAuthorized: (ctx) => ctx.get('x-client-verified') === 'SUCCESS',
      certificateSubjectMatches: (ctx, _, expected) =>
        certificateOf(ctx.headers)?.subjectAltName === `DNS:${expected}`,
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo(_, resource) {
        if (!resource.startsWith('https://orders.example')) throw new errors.InvalidTarget();
        const accessTokenFormat = resource.endsWith('/jwt') ? 'jwt' : 'opaque';
        return { scope: 'orders:read orders:write', audience: resource, accessTokenFormat };
      },
    },
  },
});
provider.proxy = true;

let tokenRequests = 0;
provider.use(async (ctx, next) => {
  if (ctx.path === '/token') tokenRequests += 1;
  await next();
});
provider.listen(settings.port, '127.0.0.1');

async function introspected(token) {
  const response = await fetch(`http://127.0.0.1:${settings.port}/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${api.client_id}:${api.client_secret}`)}` },
    body: new URLSearchParams({ token }),
  });
  return response.json();
}

// RFC 9449 §4.3: the proof is for this request, this token and its key.
async function isProven(request, url, token, { jkt }) {
  const { payload, protectedHeader } = await jwtVerify(request.headers.dpop ?? '', EmbeddedJWK, { typ: 'dpop+jwt' });
  const ath = createHash('sha256').update(token).digest('base64url');
  return payload.htm === request.method && payload.htu === url.href && payload.ath === ath
    && payload.nonce === nonce && await calculateJwkThumbprint(protectedHeader.jwk) === jkt;
}

const nonce = randomBytes(16).toString('hex');

// What an API says to a token: undefined if it serves the call, otherwise the challenge.
async function refusal(request, url, scheme, token, claims) {
  if (!claims.active) return `${scheme} error="invalid_token"`;
  if (claims.cnf?.['x5t#S256']) {
    const certificate = certificateOf(request.headers);
    const thumbprint = certificate && createHash('sha256').update(certificate.raw).digest('base64url');
    if (thumbprint !== claims.cnf['x5t#S256']) return `${scheme} error="invalid_token"`;
  }
  if (claims.cnf?.jkt) {
    const isRight = scheme === 'DPoP' && await isProven(request, url, token, claims.cnf).catch(() => false);
    if (!isRight) return 'DPoP error="use_dpop_nonce"';
  }
  return undefined;
}

createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  if (url.pathname === '/token-requests') return response.end(JSON.stringify({ tokenRequests }));
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (!token) return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
  const claims = await introspected(token);
  const challenge = await refusal(request, url, scheme, token, claims);
  if (challenge) {
    // An API that hides what a caller may not see says nothing of the token.
    if (url.pathname === '/hidden') return response.writeHead(404).end();
    return response.writeHead(401, { 'www-authenticate': challenge, 'dpop-nonce': nonce }).end();
  }
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(claims));
}).listen(settings.apiPort, '127.0.0.1');
