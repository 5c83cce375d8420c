// The preview pipeline as a Node shop would write it with sharp, on one thread: a JPEG of 2560×1600 becomes a
// watermarked preview of 1280 pixels as PNG, JPEG and WebP. The watermark is a tile, drawn once, laid over the whole.
//
//   node preview.mjs photo.jpg [folder for the results]
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";

const ROUNDS = 40;
const WARM_UP_ROUNDS = 5;
const [, , source, results] = process.argv;
if (!source) {
  console.error("usage: node preview.mjs photo.jpg [folder for the results]");
  process.exit(2);
}

sharp.concurrency(1);
sharp.cache(false);

const picture = await readFile(source);
const tile = await sharp(
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="620" height="358">
       <g transform="rotate(-30 310 179)" font-family="sans-serif" font-size="44" fill="white" fill-opacity="0.18"
          stroke="black" stroke-opacity="0.18" stroke-width="1">
         <text x="0" y="90">OPEN WARDROBE MARKET</text>
         <text x="0" y="200">OPEN WARDROBE MARKET</text>
         <text x="0" y="310">OPEN WARDROBE MARKET</text>
       </g>
     </svg>`,
  ),
)
  .png()
  .toBuffer({ resolveWithObject: true })
  .then(({ data }) => sharp(data).ensureAlpha().raw().toBuffer({ resolveWithObject: true }));
const mark = { input: tile.data, raw: tile.info, tile: true, blend: "over" };

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
