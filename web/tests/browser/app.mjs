// A browser and the style guide, for the browser tests.
//
// The style guide is served by `cargo run -p ui --example style_guide`, or by STYLE_GUIDE_URL where it runs already.
// Chromium is the system's own: CHROMIUM names another one.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const app = { url: "", browser: null };

before(async () => {
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium: install Debian's chromium, or name one in CHROMIUM");
  app.browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
  app.url = process.env.STYLE_GUIDE_URL ?? (await serve());
}, { timeout: 600_000 });

after(async () => {
  await app.browser?.close();
  app.process?.kill();
});

async function serve() {
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  app.process = spawn("cargo", ["run", "-q", "-p", "ui", "--example", "style_guide"], {
    cwd: repository,
    env: { ...process.env, MACHIYA_LISTEN: listen },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const url = `http://${listen}`;
  for (;;) {
    if (app.process.exitCode !== null) throw new Error(`the style guide ended with ${app.process.exitCode}`);
    const answer = await fetch(`${url}/dev/style`).catch(() => null);
    if (answer?.ok) return url;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A page of its own, which remembers what the browser complained about. */
export async function visit(path, options = {}) {
  const context = await app.browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    locale: "ja-JP",
    baseURL: app.url,
    ...options,
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  if (path) await page.goto(path);
  return page;
}
