// The preview pipeline as a Node shop would write it with sharp, on one thread: a JPEG of 2560×1600 becomes a
// watermarked preview of 1280 pixels as PNG, JPEG and WebP. Photo and watermark are those that
// `cargo run --release -p media --example bench_media -- <folder>` writes.
//
//   node preview.mjs photo.jpg mark.png [folder for the results]
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";

const ROUNDS = 40;
const WARM_UP_ROUNDS = 5;
const [, , source, markSource, results] = process.argv;
if (!source || !markSource) {
  console.error("usage: node preview.mjs photo.jpg mark.png [folder for the results]");
  process.exit(2);
}

sharp.concurrency(1);
sharp.cache(false);

const picture = await readFile(source);
// The mark is decoded once, as ours is drawn once.
const overlay = await sharp(markSource).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
const mark = { input: overlay.data, raw: overlay.info, blend: "over" };

const marked = () =>
  sharp(picture).rotate().resize({ width: 1280, withoutEnlargement: true, kernel: "lanczos3" }).composite([mark]);

const outputs = {
  png: () => marked().png().toBuffer(),
  jpeg: () => marked().jpeg({ quality: 80 }).toBuffer(),
  webp: () => marked().webp({ quality: 80 }).toBuffer(),
};

for (const [format, make] of Object.entries(outputs)) {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await make();
  const times = [];
  let result;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    result = await make();
    times.push(performance.now() - start);
  }
  times.sort((one, two) => one - two);
  if (results) await writeFile(path.join(results, `sharp.${format}`), result);
  const line = {
    name: `preview_${format}`,
    peer: `sharp ${sharp.versions.sharp}`,
    msPerOp: Number(times[ROUNDS / 2].toFixed(3)),
    msBest: Number(times[0].toFixed(3)),
    bytes: result.length,
    rounds: ROUNDS,
  };
  console.log(JSON.stringify(line));
}
