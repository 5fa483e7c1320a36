// The page in page/ and what Hydrogen's SDK and Olm bring come in, dist/ goes out: files that any server can serve.
import { build } from 'esbuild';
import { cpSync } from 'node:fs';

await build({ entryPoints: ['page/page.js'], outdir: 'dist', bundle: true, format: 'esm', external: ['crypto', 'fs', 'path'] });
const sdk = 'node_modules/hydrogen-view-sdk';
for (const from of ['page/index.html', `${sdk}/lib-build/sw.js`, `${sdk}/asset-build/assets`]) {
  cpSync(from, from.endsWith('assets') ? 'dist' : `dist/${from.split('/').at(-1)}`, { recursive: true });
}
for (const name of ['olm.js', 'olm.wasm', 'olm_legacy.js']) cpSync(`node_modules/@matrix-org/olm/${name}`, `dist/${name}`);
