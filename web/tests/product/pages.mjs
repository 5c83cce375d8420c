// Every page of the app, with people, pictures and orders that make each of them say something.
import { account, api, buy, draw, enter, app, press, publish } from "./app.mjs";

/** People and things; made once for all who look at the pages. */
export async function createStates() {
  const [maker, buyer, newcomer] = await Promise.all([account("町屋 花", "maker"), account("青木 蓮", "buyer"), account("新井 直", "newcomer")]);
  // A new account makes three pictures; one that came off show is private again.
  const [shown, sold, withdrawn] = await Promise.all(["レース", "白い襟", "木のボタン"].map((extra) => draw(maker, { extra })));
  const listings = {
    shown: await publish(maker, shown, { description: "春の通勤に。\n軽く、しわになりにくい布です。" }),
    sold: await publish(maker, sold, { licenseType: "exclusive", title: "白い襟の一着" }),
    withdrawn: await publish(maker, withdrawn, { title: "木のボタンの一着", priceCents: 0 }),
  };
  await api(maker, "POST", "/api/user-gallery/unpublish", { historyId: withdrawn.id });
  const delivered = await buy(buyer, listings.sold);
  const paidFor = await api(buyer, "POST", "/api/checkout", { listingId: listings.shown.id });
  await press(paidFor.url, "konbini_later");
  const waiting = await api(newcomer, "POST", "/api/checkout", { listingId: listings.shown.id });
  return { people: { maker, buyer, newcomer }, pictures: { shown, kept: withdrawn }, listings, delivered, konbini: paidFor, waiting };
}

/** The pages: `[name, address, whose or null, status, what to do once it is there]`. */
export function pages({ pictures, listings, delivered, konbini, waiting }) {
  const sandbox = new URL(waiting.url).pathname;
  const press = (selector) => (page) => Promise.all([page.waitForNavigation(), page.click(selector)]);
  return [
    ["front page", "/", null, 200],
    ["gallery", "/gallery", null, 200],
    ["gallery, nothing found", "/gallery?tag=nothing-has-this", null, 200],
    ["gallery, a wrong price", "/gallery?minPrice=cheap", null, 422],
    ["product", listings.shown.path, null, 200],
    ["product, sold", listings.sold.path, null, 200],
    ["product, one's own", listings.shown.path, "maker", 200],
    ["product, withdrawn", listings.withdrawn.path, null, 410],
    ["seller", null, null, 200, (page) => page.goto(listings.shown.path).then(() => press(".maker__name")(page))],
    ["sign-up", "/signup", null, 200],
    ["sign-up, wrong", "/signup", null, 200, wrongSignUp],
    ["log-in", "/login", null, 200],
    ["log-in, wrong", "/login", null, 200, wrongLogIn],
    ["studio", "/studio", "newcomer", 200],
    ["studio, colours", "/studio#color", "newcomer", 200],
    ["studio, the last step", "/studio#finish", "newcomer", 200],
    ["my page", "/me", "maker", 200],
    ["my page, empty", "/me", "newcomer", 200],
    ["a picture", `/me/${pictures.kept.id}`, "maker", 200],
    ["a picture on show", `/me/${pictures.shown.id}`, "maker", 200],
    ["publish", `/me/${pictures.kept.id}/publish`, "maker", 200],
    ["publish, wrong", `/me/${pictures.kept.id}/publish`, "maker", 200, press("form[data-island=publish] button[type=submit]")],
    ["confirm", `${listings.shown.path}/buy`, "newcomer", 200],
    ["sandbox", sandbox, "newcomer", 200],
    ["sandbox, konbini", new URL(konbini.url).pathname, "buyer", 200],
    ["orders", "/orders", "buyer", 200],
    ["orders, empty", "/orders", "maker", 200],
    ["order, delivered", `/orders/${delivered.id}`, "buyer", 200],
    ["order, konbini", `/orders/${konbini.orderId}`, "buyer", 200],
    ["order, to be paid", `/orders/${waiting.orderId}`, "newcomer", 200],
    ["receipt", `/orders/${delivered.id}/receipt`, "buyer", 200],
    ["plans", "/plans", null, 200],
    ["plans by the year", "/plans?period=year", "newcomer", 200],
    ["plan, confirm", "/plans/confirm?plan=pro&period=month", null, 200],
    ["my pages", "/admin/pages", "newcomer", 200],
    ["settings", "/admin/settings", "newcomer", 200],
    ["pack, confirm", "/admin/settings/packs/1", "newcomer", 200],
    ["mail", "/dev/mail", null, 200],
    ["API", "/api/docs", null, 200],
    ["not found", "/no/such/page", null, 404],
    ["forbidden", null, null, 403, fromElsewhere],
  ];
}

async function wrongSignUp(page) {
  await page.fill("[name=displayName]", "花");
  await page.fill("[name=email]", "hana@example.jp");
  await page.fill("[name=password]", "short");
  await Promise.all([page.waitForNavigation(), page.click("main form button[type=submit]")]);
}

async function wrongLogIn(page) {
  await page.fill("[name=email]", "nobody@example.jp");
  await page.fill("[name=password]", "not the password");
  await Promise.all([page.waitForNavigation(), page.click("main form button[type=submit]")]);
}

/** A form of a foreign site, which posts to the app. */
async function fromElsewhere(page) {
  await page.route("http://elsewhere.test/", (route) =>
    route.fulfill({ contentType: "text/html", body: `<form method="post" action="${app.url}/logout"><button>!</button></form>` }));
  await page.goto("http://elsewhere.test/");
  await Promise.all([page.waitForNavigation(), page.click("button")]);
}

/** Opens a page as the person it belongs to, and answers when it stands still. */
export async function open(page, [, path, , status, act]) {
  if (path) {
    const answer = await page.goto(path);
    if (answer && answer.status() !== status) throw new Error(`${path} answered ${answer.status()}, not ${status}`);
  }
  await act?.(page);
  await page.evaluate(() => document.fonts.ready);
}

/** One logged-in browser per person, so that nobody logs in twice. */
export async function browsers(people, make) {
  const pages = { null: await make() };
  for (const [name, person] of Object.entries(people)) {
    pages[name] = await make();
    // Who has a second factor brings a session along.
    if (person.storageState) await pages[name].context().addCookies(person.storageState.cookies);
    else await enter(pages[name], person);
  }
  return pages;
}
