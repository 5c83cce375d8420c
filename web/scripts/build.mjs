// Builds web/dist: one stylesheet, one script per island, all named by their content, with compressed copies beside
// them and manifest.json (logical name -> hashed file), which the program reads to write the addresses into pages.
import { build, context } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const budgets = { "app.css": 40_000, "core.js": 25_000 };

const islands = (await readdir(join(root, "islands"), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => ({ in: join(root, "islands", entry.name, "main.ts"), out: entry.name }));

const options = {
  absWorkingDir: root,
  entryPoints: [...islands, { in: join(root, "styles/app.css"), out: "app" }, { in: join(root, "art/favicon.svg"), out: "favicon" }],
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "copy" },
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [{ name: "finish", setup: (api) => api.onEnd((result) => result.errors.length === 0 && finish(result.metafile)) }],
};
// Stylesheets keep light-dark() and nesting as written: every browser we support reads them.
options.supported = { nesting: true };

async function finish(metafile) {
  const manifest = {};
  const keep = new Set(["manifest.json"]);
  const report = [];
  for (const path of Object.keys(metafile.outputs)) {
    const file = basename(path);
    const logical = file.replace(/-[0-9A-Z]{8}(\.[a-z]+)$/, "$1");
    manifest[logical] = file;
    const bytes = await readFile(join(root, path));
    const gzip = gzipSync(bytes, { level: 9 });
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    await writeFile(join(dist, `${file}.gz`), gzip);
    await writeFile(join(dist, `${file}.br`), brotli);
    for (const suffix of ["", ".gz", ".br"]) keep.add(file + suffix);
    report.push({ file: logical, bytes: bytes.length, gzip: gzip.length, brotli: brotli.length });
    if (gzip.length > (budgets[logical] ?? Infinity)) {
      throw new Error(`${logical} is ${gzip.length} bytes gzipped, the budget is ${budgets[logical]}`);
    }
  }
  // The letters of papers that are printed as PDF. The program embeds what a paper uses of them; no page loads them.
  await copyFile(join(root, "node_modules/@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf"), join(dist, "paper.ttf"));
  keep.add("paper.ttf");
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  for (const file of await readdir(dist)) if (!keep.has(file)) await rm(join(dist, file));
  console.table(report);
}

await mkdir(dist, { recursive: true });
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
}
