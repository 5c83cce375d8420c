// A running program (its address in MACHIYA_URL) and a browser, for the walks in this folder.
//
// `crates/machiya/tests/browser` starts the program and runs each walk with `node --test`. Against a program that runs
// already: MACHIYA_URL=http://127.0.0.1:8080 node --test web/tests/product/walk.mjs
import { existsSync } from "node:fs";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

const browsers = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export const app = { url: process.env.MACHIYA_URL, browser: null };
export const password = "a quiet house on a hill";

before(async () => {
  if (!app.url) throw new Error("MACHIYA_URL names no running program");
  const executablePath = browsers.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium: install Debian's chromium, or name one in CHROMIUM");
  app.browser = await chromium.launch({ executablePath, args: quiet });
});

after(() => app.browser?.close());

/** Somebody's browser: a context of its own that speaks `language` ("ja" or "en"), with one page that remembers complaints. */
export async function visitor(language = "ja", options = {}) {
  const context = await app.browser.newContext({
    baseURL: app.url,
    locale: language === "ja" ? "ja-JP" : "en-GB",
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

let made = 0;

/** A mail address that nobody has. */
export function newAddress(name) {
  made += 1;
  return `${name}-${process.pid}-${made}@example.jp`;
}

/** Calls the API as a person, or as nobody; answers the JSON or says what went wrong. */
export async function api(person, method, path, body) {
  const answer = await fetch(app.url + path, {
    method,
    headers: { "content-type": "application/json", ...(person && { authorization: `Bearer ${person.accessToken}` }) },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** An account made by the API: `{accessToken, user, email}`. */
export async function account(displayName, name) {
  const email = newAddress(name);
  return { email, ...(await api(null, "POST", "/api/auth/signup", { email, password, displayName })) };
}

/** Logs a visitor's browser in without walking through the page. */
export async function enter(page, person) {
  const answer = await page.context().request.post("/login", {
    form: { email: person.email, password: person.password ?? password, next: "/me" },
    headers: { origin: app.url },
    maxRedirects: 0,
  });
  if (answer.status() !== 303) throw new Error(`log-in answered ${answer.status()}: ${await answer.text()}`);
}

/** A finished picture of somebody's; `more` changes the answers or the ratio. */
export function draw(person, { extra = "", aspectRatio = "3:4" } = {}) {
  const answers = { vibe: ["minimal"], silhouette: ["a-line"], color: ["navy"], occasion: ["office"], season: ["spring"], extra };
  return api(person, "POST", "/api/nano/generate?wait=60", { aspectRatio, answers });
}

/** Puts a picture into the gallery; answers its listing with the address of its page. */
export async function publish(person, picture, offer = {}) {
  const { listingId } = await api(person, "POST", "/api/user-gallery/publish", {
    historyId: picture.id, priceCents: 1200, licenseType: "non-exclusive", title: "紺のワンピース", tags: ["紺", "通勤"], ...offer,
  });
  const { url } = await fetch(`${app.url}/designs/${listingId}`);
  return { id: listingId, path: new URL(url).pathname };
}

/** Asks until `holds` answers something, for at most half a minute. */
export async function until(what, holds) {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const answer = await holds();
    if (answer) return answer;
  }
  throw new Error(`it never came about that ${what}`);
}

/** Buys a listing and pays in the sandbox; resolves with the order when its package is there. */
export async function buy(person, listing) {
  const { orderId, url } = await api(person, "POST", "/api/checkout", { listingId: listing.id });
  await press(url, "succeed");
  return until("the package is there", async () => {
    const { items } = await api(person, "GET", "/api/entitlements");
    const order = await api(person, "GET", `/api/orders/${orderId}`);
    return order.status === "paid" && items.length > 0 && { ...order, id: orderId };
  });
}

/** Presses a button of the sandbox's page. */
export async function press(checkoutUrl, outcome) {
  await fetch(checkoutUrl, { method: "POST", body: new URLSearchParams({ outcome }), redirect: "manual" });
}
