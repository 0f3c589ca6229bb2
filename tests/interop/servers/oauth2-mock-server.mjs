// The server that many JavaScript projects test against, `oauth2-mock-server`.
//
//     node oauth2-mock-server.mjs PORT
//
// A client whose identifier is a status gets its next answer with that status, once.

import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('ES256');
await server.start(Number(process.argv[2]), '127.0.0.1');

const refused = new Set();
server.service.on('beforeResponse', (response, request) => {
  const basic = request.headers.authorization?.replace('Basic ', '') ?? '';
  const client = request.body.client_id ?? atob(basic).split(':')[0];
  if (/^\d{3}$/.test(client) && !refused.has(client)) {
    refused.add(client);
    response.statusCode = Number(client);
    response.body = { error: 'temporarily_unavailable' };
  }
});
