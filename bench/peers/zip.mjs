// The delivery package as a Node shop would write it with jszip: the picture stored, the licence deflated.
//
//   node zip.mjs picture.png
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import JSZip from "jszip";

const ROUNDS = 40;
const WARM_UP_ROUNDS = 5;
const [, , source] = process.argv;
if (!source) {
  console.error("usage: node zip.mjs picture.png");
  process.exit(2);
}

const picture = await readFile(source);
const licence = "Licence terms, in the words that both sides have read. ".repeat(80);
const date = new Date("2026-11-21T00:00:00Z");

async function build() {
  const zip = new JSZip();
  zip.file("design.png", picture, { compression: "STORE", date });
  zip.file("LICENSE.txt", licence, { compression: "DEFLATE", date });
  const bytes = await zip.generateAsync({ type: "nodebuffer" });
  // Ours returns the check sum of the whole with it, so the peer makes one too.
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await build();
const times = [];
let result;
for (let round = 0; round < ROUNDS; round += 1) {
  const start = performance.now();
  result = await build();
  times.push(performance.now() - start);
}
times.sort((one, two) => one - two);
const { version } = createRequire(import.meta.url)("jszip/package.json");
const line = {
  name: "package_zip",
  peer: `jszip ${version}`,
  msPerOp: Number(times[ROUNDS / 2].toFixed(3)),
  msBest: Number(times[0].toFixed(3)),
  bytes: result.bytes.length,
  rounds: ROUNDS,
};
console.log(JSON.stringify(line));
