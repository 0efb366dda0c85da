// SPDX-License-Identifier: GPL-3.0-or-later

// jsforce, as it comes from npm, against the demo org.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Browser, DemoOrg, run, test } from './demo-org.mjs';

const require = createRequire(join(process.env.SLUICE_CLIENTS_DIR, 'package.json'));
const jsforce = require('jsforce');

const callback = 'http://localhost:7717/OauthRedirect';
const org = await DemoOrg.start();

function makeOAuth2(clientId, options = {}) {
  return new jsforce.OAuth2({ loginUrl: org.address, clientId, redirectUri: callback, ...options });
}

async function logIn(username = 'admin@demo.example', clientId = 'demo') {
  const connection = new jsforce.Connection({ oauth2: makeOAuth2(clientId, { clientSecret: 'demo-secret' }) });

  await connection.authorize({ grant_type: 'password', username, password: 'demo' });

  return connection;
}

// Through the pages, as a person would.
async function signIn(options = {}) {
  const oauth2 = makeOAuth2('demo', { useVerifier: true, ...options });
  const url = oauth2.getAuthorizationUrl({ scope: 'api id refresh_token', state: 'a b&c' });
  const answer = new URL(await new Browser().signIn(url));
  const connection = new jsforce.Connection({ oauth2 });

  assert.equal(answer.origin + answer.pathname, callback);
  assert.equal(answer.searchParams.get('state'), 'a b&c');
  await connection.authorize(answer.searchParams.get('code'));

  return connection;
}

test('logs in with a user name and a password', async () => {
  const connection = await logIn();

  assert.equal(connection.instanceUrl, org.address);
  assert.match(connection.accessToken, /^00D[0-9A-Za-z]{12}!/);
  assert.equal(connection.refreshToken, undefined);
  assert.equal(connection.userInfo.organizationId.length, 18);
});

test('is told why it may not log in', async () => {
  const connection = new jsforce.Connection({ oauth2: makeOAuth2('demo') });

  for (const [username, password, message] of [
    ['admin@demo.example', 'wrong', /authentication failure/],
    ['nobody@demo.example', 'demo', /authentication failure/],
    ['inactive@demo.example', 'demo', /inactive user/],
    ['ip@demo.example', 'demo', /ip restricted/],
  ]) {
    await assert.rejects(connection.authorize({ grant_type: 'password', username, password }),
      (error) => error.name === 'invalid_grant' && message.test(error.message));
  }
});

test('signs in with a code and a verifier', async () => {
  const connection = await signIn();
  const identity = await connection.identity();

  assert.ok(connection.refreshToken.startsWith('5Aep'));
  assert.equal(identity.username, 'admin@demo.example');
  assert.equal(identity.organization_id, connection.userInfo.organizationId);
});

test('uses a code once', async () => {
  const oauth2 = makeOAuth2('demo', { useVerifier: true });
  const answer = new URL(await new Browser().signIn(oauth2.getAuthorizationUrl({})));
  const code = answer.searchParams.get('code');

  await oauth2.requestToken(code);
  await assert.rejects(oauth2.requestToken(code), /expired authorization code/);
});

test('refreshes by itself when the session ends', async () => {
  const connection = await signIn();
  const before = connection.accessToken;
  const refreshed = new Promise((resolve) => { connection.on('refresh', resolve); });

  await org.control('expire');
  assert.equal((await connection.query('SELECT COUNT() FROM Account')).totalSize, 91);
  assert.notEqual(await refreshed, before);
});

test('learns that a rotated token is gone', async () => {
  const oauth2 = makeOAuth2('demo', { useVerifier: true });
  const answer = new URL(await new Browser().signIn(oauth2.getAuthorizationUrl({})));
  const tokens = await oauth2.requestToken(answer.searchParams.get('code'));
  const next = await oauth2.refreshToken(tokens.refresh_token);

  assert.notEqual(next.refresh_token, tokens.refresh_token);
  await assert.rejects(oauth2.refreshToken(tokens.refresh_token), /expired access\/refresh token/);
  await assert.rejects(oauth2.refreshToken(next.refresh_token), /expired access\/refresh token/);
});

test('revokes its token', async () => {
  const connection = await signIn();
  const { refreshToken } = connection;

  await connection.oauth2.revokeToken(refreshToken);
  await assert.rejects(connection.oauth2.refreshToken(refreshToken), /expired access\/refresh token/);
});

test('logs out', async () => {
  const connection = await signIn();
  const { accessToken, instanceUrl } = connection;

  await connection.logout();
  await assert.rejects(new jsforce.Connection({ accessToken, instanceUrl }).query('SELECT Id FROM Account'),
    { errorCode: 'INVALID_SESSION_ID' });
});

test('queries parents and children', async () => {
  const connection = await logIn();
  const result = await connection.query(
    "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account WHERE Name LIKE 'Alfreds%'");

  assert.equal(result.done, true);
  assert.equal(result.records[0].attributes.type, 'Account');
  assert.ok(result.records[0].Contacts.records.length > 0);
});

test('reads all pages', async () => {
  const connection = await logIn();
  const seen = new Set();
  const query = connection.query('SELECT Id FROM OrderItem', { headers: { 'Sforce-Query-Options': 'batchSize=500' } });

  let result = await query;
  for (;;) {
    result.records.forEach((record) => seen.add(record.Id));
    if (result.done)
      break;
    result = await connection.queryMore(result.nextRecordsUrl);
  }

  assert.equal(seen.size, 2155);
});

test('reads all pages by itself', async () => {
  const connection = await logIn();
  const records = await connection.sobject('OrderItem').find({}, 'Id').execute({ autoFetch: true, maxFetch: 5000 });

  assert.equal(records.length, 2155);
});

test('retrieves a record', async () => {
  const connection = await logIn();
  const { records } = await connection.query('SELECT Id, Name FROM Account LIMIT 1');
  const record = await connection.sobject('Account').retrieve(records[0].Id);

  assert.equal(record.Name, records[0].Name);
});

test('describes an object and all objects', async () => {
  const connection = await logIn();
  const order = await connection.describe('Order');
  const all = await connection.describeGlobal();

  assert.ok(order.fields.some((field) => field.name === 'TotalAmount'));
  assert.ok(all.sobjects.some((object) => object.name === 'Order' && object.keyPrefix === '801'));
});

test('reads limits, versions and resources', async () => {
  const connection = await logIn();
  const limits = await connection.limits();
  const versions = await connection.request('/services/data');
  const resources = await connection.request(`/services/data/v${connection.version}`);

  assert.equal(versions.at(-1).version, '68.0');
  assert.ok(resources.sobjects.endsWith('/sobjects'));
  assert.equal(connection.limitInfo.apiUsage.limit, limits.DailyApiRequests.Max);
  assert.equal(limits.DailyApiRequests.Max - limits.DailyApiRequests.Remaining, connection.limitInfo.apiUsage.used - 1);
});

test('reads errors', async () => {
  const connection = await logIn();

  await assert.rejects(connection.query('SELECT Nope FROM Account'), { errorCode: 'INVALID_FIELD' });
  await assert.rejects(connection.query('SELECT Id FROM Nope'), { errorCode: 'INVALID_TYPE' });
  await assert.rejects(connection.query('SELEKT'), { errorCode: 'MALFORMED_QUERY' });
  await assert.rejects(connection.sobject('Account').retrieve('001000000000000AAA'), { errorCode: 'NOT_FOUND' });
  await assert.rejects(connection.queryMore('0r8000000000000AAA-2000'), { errorCode: 'INVALID_QUERY_LOCATOR' });
});

test('reads the limit that is reached', async () => {
  const connection = await logIn();

  await org.control('usage', { used: 100000, limit: 100000 });
  await assert.rejects(connection.query('SELECT Id FROM Account'), { errorCode: 'REQUEST_LIMIT_EXCEEDED' });
  await org.control('usage', { used: 10, limit: 100000 });
});

test('tries again after a maintenance page', async () => {
  const connection = await logIn();

  await org.control('fault', { spec: 'query#1:503' });
  assert.equal((await connection.query('SELECT COUNT() FROM Account')).totalSize, 91);
});

test('creates, updates, upserts and deletes records', async () => {
  const connection = await logIn();
  const accounts = connection.sobject('Account');
  const created = await accounts.create({ Name: 'Jay', NumberOfEmployees: 3 });
  const updated = await accounts.update({ Id: created.id, Phone: '1' });
  const first = await accounts.upsert({ External__c: 'J-1', Name: 'Kay' }, 'External__c');
  const second = await accounts.upsert({ External__c: 'J-1', Name: 'Kays' }, 'External__c');
  const record = await accounts.retrieve(created.id);
  const deleted = await accounts.destroy(created.id);

  assert.equal(created.success, true);
  assert.equal(updated.success, true);
  assert.equal(first.created, true);
  assert.equal(second.created, false);
  assert.equal(record.Phone, '1');
  assert.equal(deleted.success, true);
  await assert.rejects(accounts.retrieve(created.id), { errorCode: 'ENTITY_IS_DELETED' });
  await assert.rejects(accounts.create({ Phone: '1' }), { errorCode: 'REQUIRED_FIELD_MISSING' });
});

test('writes many records at once', async () => {
  const connection = await logIn();
  const contacts = connection.sobject('Contact');
  const created = await contacts.create([{ LastName: 'A' }, { Title: 'B' }, { LastName: 'C' }]);
  const ids = created.filter(({ success }) => success).map(({ id }) => id);
  const updated = await contacts.update(ids.map((Id) => ({ Id, Title: 'D' })));
  const read = await contacts.retrieve(ids);
  const deleted = await contacts.destroy(ids);

  assert.deepEqual(created.map(({ success }) => success), [true, false, true]);
  assert.equal(created[1].errors[0].errorCode ?? created[1].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
  assert.ok(updated.every(({ success }) => success));
  assert.deepEqual(read.map(({ Title }) => Title), ['D', 'D']);
  assert.ok(deleted.every(({ success }) => success));
});

test('learns what changed', async () => {
  const connection = await logIn();
  const { id } = await connection.sobject('Account').create({ Name: 'Changed' });
  const now = Date.now();
  const { ids } = await connection.sobject('Account').updated(new Date(now - 300000), new Date(now + 300000));

  assert.ok(ids.includes(id));
});

test('queries in bulk', async () => {
  const connection = await logIn();
  const stream = await connection.bulk2.query('SELECT Id, Order.OrderNumber FROM OrderItem', { pollInterval: 100 });
  const records = await stream.toArray();

  assert.equal(records.length, 2155);
  assert.match(records[0]['Order.OrderNumber'], /^\d{8}$/);
});

test('is told why a bulk query is refused', async () => {
  const connection = await logIn();

  await assert.rejects(connection.bulk2.query('SELECT COUNT(Id) FROM Account'), { errorCode: 'API_ERROR' });
});

test('loads in bulk', async () => {
  const connection = await logIn();
  const results = await connection.bulk2.loadAndWaitForResults({
    object: 'Account',
    operation: 'insert',
    input: [{ Name: 'One', Phone: '1' }, { Name: 'Two', Phone: '' }, { Name: '', Phone: '3' }],
    pollInterval: 100,
    pollTimeout: 20000,
  });
  const removal = await connection.bulk2.loadAndWaitForResults({
    object: 'Account',
    operation: 'delete',
    input: results.successfulResults.map(({ sf__Id }) => ({ Id: sf__Id })),
    pollInterval: 100,
    pollTimeout: 20000,
  });

  assert.deepEqual(results.successfulResults.map(({ Name }) => Name).sort(), ['One', 'Two']);
  assert.match(results.failedResults[0].sf__Error, /^REQUIRED_FIELD_MISSING:/);
  assert.deepEqual(results.unprocessedRecords, []);
  assert.equal(removal.successfulResults.length, 2);
});

test('works in a sandbox', async () => {
  const sandbox = await DemoOrg.start('--org', 'sandbox');
  const connection = new jsforce.Connection({ oauth2: { loginUrl: sandbox.address, clientId: 'demo' } });

  await connection.authorize({ grant_type: 'password', username: 'user@demo.example', password: 'demo' });
  const { records } = await connection.query('SELECT IsSandbox FROM Organization');
  await sandbox.stop();

  assert.equal(records[0].IsSandbox, true);
});

test('was never misunderstood', async () => {
  const odd = org.requests().filter(({ status }) => status === 405 || status === 0 || (status >= 500 && status !== 503));

  assert.deepEqual(odd, []);
});

await run();
await org.stop();
