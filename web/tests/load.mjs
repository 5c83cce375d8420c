// Bundles a TypeScript module of the islands in memory, so that node's test runner can import it.
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const islands = join(dirname(fileURLToPath(import.meta.url)), "../islands");

export async function load(path) {
  const result = await build({ entryPoints: [join(islands, path)], bundle: true, format: "esm", write: false, target: "node20" });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString("base64")}`);
}
