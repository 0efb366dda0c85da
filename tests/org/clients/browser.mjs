#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later

// Stands in for the user's browser: takes an address, logs in, allows, and calls back.
// As a browser's starter does, it returns at once and leaves the rest to a process of its own.

import { spawn } from 'node:child_process';

import { Browser } from './demo-org.mjs';

const [address, started] = process.argv.slice(2);

if (started === undefined) {
  spawn(process.execPath, [process.argv[1], address, 'started'], { detached: true, stdio: 'ignore' }).unref();
} else {
  const callback = await new Browser().signIn(address);

  // A client that is not listening yet gets another chance; until then the code is not used.
  for (let tries = 5; tries > 0; tries -= 1) {
    try {
      await fetch(callback, { signal: AbortSignal.timeout(3000) });
      break;
    } catch {
      // Once more.
    }
  }
}
