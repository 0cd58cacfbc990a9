import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './harness.mjs';

test('the SDK, the page and these tests pass the type check', { timeout: 180_000 }, () => {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  assert(existsSync(compiler), 'TypeScript is not installed: run npm ci');
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '--project', join(root, 'tsconfig.json')], { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});
