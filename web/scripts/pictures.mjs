// Takes the README's pictures of a running app with its demo: MACHIYA_URL=http://127.0.0.1:8080 node scripts/pictures.mjs
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../docs/pictures");
const baseURL = process.env.MACHIYA_URL ?? "http://127.0.0.1:8080";
const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));
const answers = { vibe: "romantic", silhouette: "fit-and-flare", color: "cherry-blossom", occasion: "party", season: "spring" };

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
await mkdir(folder, { recursive: true });

const desktop = await open({ viewport: { width: 1280, height: 860 } });
await desktop.goto("/gallery");
await take(desktop, "gallery");
await desktop.locator("#pictures a").filter({ hasText: "森のキルティング" }).click();
await take(desktop, "product");

const phone = await open({ viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5 });
await phone.context().request.post("/login", {
  form: { email: "creator@example.com", password: "machiya-demo-2026", next: "/" }, headers: { origin: baseURL },
});
await phone.goto("/studio");
await phone.waitForSelector("form.studio[data-ready]");
for (const [name, value] of Object.entries(answers)) {
  const chip = phone.locator(`input[name=${name}][value=${value}]`);
  await (await chip.count() ? chip : phone.locator(`input[name=${name}]`).nth(4)).check();
  if (name === "color") await take(phone, "studio-phone");
  await phone.click("[data-next]");
}
await phone.click("[data-generate]");
await phone.locator("[data-result-done]").waitFor({ state: "visible" });
await phone.evaluate(() => document.querySelector("[data-result]")?.scrollIntoView({ block: "start" }));
await take(phone, "result-phone");
await browser.close();

async function open(options) {
  const context = await browser.newContext({ baseURL, locale: "ja-JP", reducedMotion: "reduce", ...options });
  return context.newPage();
}

async function take(page, name) {
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 82 });
}
