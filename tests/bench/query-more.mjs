// SPDX-License-Identifier: GPL-3.0-or-later

// query-more.mjs ADDRESS TOKEN SOQL: reads all pages of a query with jsforce and throws the rows away.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.SLUICE_CLIENTS_DIR, 'package.json'));
const jsforce = require('jsforce');
const [instanceUrl, accessToken, soql] = process.argv.slice(2);
const connection = new jsforce.Connection({ instanceUrl, accessToken, version: '68.0' });

let page = await connection.query(soql);
let rows = page.records.length;

while (!page.done) {
  page = await connection.queryMore(page.nextRecordsUrl);
  rows += page.records.length;
}

console.log(rows);
