// SPDX-License-Identifier: GPL-3.0-or-later

// A demo org of its own for a client that is not ours, and the few words of TAP.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const tests = [];

export function test(name, run) {
  tests.push({ name, run });
}

export class DemoOrg {
  static async start(...options) {
    const org = new DemoOrg();

    org.folder = mkdtempSync(join(tmpdir(), 'sluice-clients-'));
    org.process = spawn(process.env.SLUICE_DEMO_ORG, ['--exit-on-eof', '--log', org.logFile, ...options],
      { stdio: ['pipe', 'pipe', 'inherit'] });
    org.ended = new Promise((resolve) => org.process.on('exit', resolve));
    for await (const line of createInterface({ input: org.process.stdout })) {
      org.address = line;
      break;
    }

    return org;
  }

  get logFile() {
    return join(this.folder, 'log');
  }

  async control(action, parameters = {}) {
    const response = await fetch(`${this.address}/__demo/${action}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });

    assert.equal(response.status, 204);
  }

  requests() {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  }

  async stop() {
    this.process.stdin.end();
    assert.equal(await this.ended, 0);
    rmSync(this.folder, { recursive: true });
  }
}

// What a browser does: follows the pages, keeps cookies, fills in the forms and presses a button.
export class Browser {
  constructor() {
    this.cookies = new Map();
  }

  async load(url, options = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...options, redirect: 'manual', headers: { cookie, ...options.headers } });

    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split(/=(.*)/s);
      this.cookies.set(name, value);
    }

    return response;
  }

  // Goes on until a page is shown or the address leads elsewhere.
  async open(url, options) {
    const home = new URL(url).origin;
    let response = await this.load(url, options);

    while (response.status === 302) {
      url = new URL(response.headers.get('location'), url).href;
      if (new URL(url).origin !== home)
        return { url };
      response = await this.load(url);
    }

    return { url, page: await response.text() };
  }

  async submit({ url, page }, values) {
    const form = new URLSearchParams();
    const decode = (text) => text.replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"').replace(/&amp;/g, '&');

    for (const [, name, value] of page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g))
      form.set(name, decode(value));
    for (const [name, value] of Object.entries(values))
      form.set(name, value);

    return this.open(new URL(/ action="([^"]+)"/.exec(page)[1], url).href, { method: 'POST', body: form });
  }

  // Logs in and allows; answers the callback's address.
  async signIn(url, username = 'admin@demo.example') {
    const login = await this.open(url);
    const consent = await this.submit(login, { username, password: 'demo' });
    const callback = consent.page === undefined ? consent : await this.submit(consent, { decision: 'allow' });

    return callback.url;
  }
}

export async function run() {
  let failed = 0;

  console.log(`1..${tests.length}`);
  for (const [index, { name, run: body }] of tests.entries()) {
    try {
      await body();
      console.log(`ok ${index + 1} ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${index + 1} ${name}`);
      console.log(String(error.stack).replace(/^/gm, '# '));
    }
  }

  process.exitCode = failed > 0 ? 1 : 0;
}
