// SPDX-License-Identifier: GPL-3.0-or-later

// Salesforce's own command line client, as it comes from npm, against the demo org.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';

import { DemoOrg, run, test } from './demo-org.mjs';

const org = await DemoOrg.start();
const home = join(org.folder, 'home');

// All that sf sends passes here; whatever is not for this computer is noted and refused.
const strangers = [];
const guard = createServer((incoming, outgoing) => {
  if (new URL(incoming.url).hostname !== 'localhost') {
    strangers.push(incoming.url);
    outgoing.destroy();
    return;
  }

  incoming.pipe(request(incoming.url, { method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
  }));
});
guard.on('connect', ({ url }, socket) => {
  strangers.push(url);
  socket.destroy();
});
await new Promise((resolve) => guard.listen(0, '127.0.0.1', resolve));
const proxy = `http://127.0.0.1:${guard.address().port}`;

const environment = {
  PATH: process.env.PATH,
  HOME: home,
  LC_ALL: 'C.UTF-8',
  BROWSER: new URL('browser.mjs', import.meta.url).pathname,
  CI: '1',
  HTTP_PROXY: proxy,
  HTTPS_PROXY: proxy,
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_HIDE_RELEASE_NOTES: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SFDX_DISABLE_TELEMETRY: 'true',
};

mkdirSync(home);

function sf(args, extra = {}) {
  const program = join(process.env.SLUICE_CLIENTS_DIR, 'node_modules/@salesforce/cli/bin/run.js');
  const child = spawn(process.execPath, [program, ...args, '--json'],
    { cwd: home, env: { ...environment, ...extra }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60000 });
  const output = { stdout: '', stderr: '' };

  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', (text) => { output[name] += text; });

  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(output.stdout));
      } catch {
        reject(new Error(`sf ${args.join(' ')}: ${output.stdout}${output.stderr}`));
      }
    });
  });
}

async function ok(args, extra) {
  const answer = await sf(args, extra);

  assert.equal(answer.status, 0, JSON.stringify(answer, null, 2));

  return answer.result;
}

const query = (soql, alias = 'demo') => ok(['data', 'query', '--target-org', alias, '--query', soql]);

test('logs in through the browser', async () => {
  const result = await ok(['org', 'login', 'web', '--instance-url', org.address, '--alias', 'demo']);

  assert.equal(result.username, 'admin@demo.example');
  assert.equal(result.instanceUrl, org.address);
  assert.equal(result.isSandbox, false);
  assert.equal(result.instanceApiVersion, '68.0');
});

test('queries', async () => {
  const result = await query('SELECT Id, Account.Name, (SELECT Quantity FROM OrderItems) FROM Order ORDER BY Id LIMIT 2');

  assert.equal(result.totalSize, 2);
  assert.equal(result.records[0].OrderItems.records.length, 3);
});

test('reads all pages', async () => {
  assert.equal((await query('SELECT Id FROM OrderItem')).records.length, 2155);
});

test('counts', async () => {
  assert.equal((await query('SELECT COUNT() FROM Order')).totalSize, 830);
});

test('refreshes when the session ends', async () => {
  await org.control('expire');
  assert.equal((await query('SELECT COUNT() FROM Account')).totalSize, 91);
});

test('is told about a wrong query', async () => {
  const answer = await sf(['data', 'query', '--target-org', 'demo', '--query', 'SELECT Nope FROM Account']);

  assert.notEqual(answer.status, 0);
  assert.match(answer.message, /No such column 'Nope' on entity 'Account'/);
});

test('lists and describes objects', async () => {
  const list = await ok(['sobject', 'list', '--target-org', 'demo']);
  const order = await ok(['sobject', 'describe', '--target-org', 'demo', '--sobject', 'Order']);

  assert.ok(list.includes('OrderItem'));
  assert.ok(order.fields.some((field) => field.name === 'TotalAmount'));
});

test('shows the org as connected', async () => {
  assert.equal((await ok(['org', 'display', '--target-org', 'demo'])).connectedStatus, 'Connected');
});

test('lists limits', async () => {
  const limits = await ok(['org', 'list', 'limits', '--target-org', 'demo']);

  assert.ok(limits.some((limit) => limit.name === 'DailyApiRequests' && limit.max === 100000));
});

test('creates, changes and deletes a record', async () => {
  const target = ['--target-org', 'demo', '--sobject', 'Account'];
  const { id } = await ok(['data', 'create', 'record', ...target, '--values', "Name='Pier' Phone='1'"]);

  await ok(['data', 'update', 'record', ...target, '--record-id', id, '--values', "Phone='2'"]);
  assert.equal((await ok(['data', 'get', 'record', ...target, '--record-id', id])).Phone, '2');
  await ok(['data', 'delete', 'record', ...target, '--record-id', id]);
  assert.equal((await query(`SELECT Id FROM Account WHERE Id = '${id}'`)).totalSize, 0);
});

test('is told what a record lacks', async () => {
  const answer = await sf(
    ['data', 'create', 'record', '--target-org', 'demo', '--sobject', 'Contact', '--values', "Title='x'"]);

  assert.notEqual(answer.status, 0);
  assert.match(answer.message, /Required fields are missing: \[LastName\]/);
});

test('exports in bulk', async () => {
  const file = join(home, 'items.csv');

  await ok(['data', 'export', 'bulk', '--target-org', 'demo', '--query', 'SELECT Id, Quantity FROM OrderItem',
    '--output-file', file, '--result-format', 'csv', '--wait', '1']);
  assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 2156);
});

test('imports and upserts in bulk', async () => {
  const file = join(home, 'accounts.csv');
  const target = ['--target-org', 'demo', '--sobject', 'Account', '--file', file, '--wait', '1'];

  writeFileSync(file, 'Name,External__c\nOne,S-1\nTwo,S-2\n');
  assert.equal((await ok(['data', 'import', 'bulk', ...target, '--line-ending', 'LF'])).processedRecords, 2);
  writeFileSync(file, 'Name,External__c\nOnes,S-1\nThree,S-3\n');
  await ok(['data', 'upsert', 'bulk', ...target, '--external-id', 'External__c', '--line-ending', 'LF']);
  assert.equal((await query("SELECT Id FROM Account WHERE External__c LIKE 'S-%'")).totalSize, 3);
  assert.equal((await query("SELECT Name FROM Account WHERE External__c = 'S-1'")).records[0].Name, 'Ones');
});

test('logs in to a sandbox with an access token', async () => {
  const sandbox = await DemoOrg.start('--org', 'sandbox');
  const answer = await fetch(`${sandbox.address}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password', client_id: 'demo', username: 'user@demo.example', password: 'demo',
    }),
  });
  const result = await ok(
    ['org', 'login', 'access-token', '--instance-url', sandbox.address, '--no-prompt', '--alias', 'sandbox'],
    { SF_ACCESS_TOKEN: (await answer.json()).access_token });
  const organization = await query('SELECT IsSandbox FROM Organization', 'sandbox');
  await sandbox.stop();

  assert.equal(result.username, 'user@demo.example');
  assert.equal(result.isSandbox, true);
  assert.equal(organization.records[0].IsSandbox, true);
});

test('logs out', async () => {
  assert.deepEqual(await ok(['org', 'logout', '--target-org', 'demo', '--no-prompt']), ['admin@demo.example']);
});

test('asked nobody but the demo org', async () => {
  assert.deepEqual(strangers, []);
});

await run();
guard.close();
guard.closeAllConnections();
await org.stop();
