// What goes wrong in daily life: a session that ends in the middle of a form, a wish that is refused, a stream that breaks,
// money that takes its time. Nothing typed is lost, and every page says what comes next.
import assert from "node:assert/strict";
import test from "node:test";
import { account, api, draw, enter, password, press, publish, visitor } from "./app.mjs";

const phone = { viewport: { width: 360, height: 740 } };
const submit = (page, selector = "main form button[type=submit]") => Promise.all([page.waitForNavigation(), page.click(selector)]);

test("a session that ends in the middle of the form of publication loses nothing typed", async () => {
  const maker = await account("町屋 花", "maker");
  const picture = await draw(maker);
  const page = await visitor("ja", phone);
  await enter(page, maker);
  await page.goto(`/me/${picture.id}/publish`);
  const typed = { title: "消えては困る題名", price: "3400", tags: "春、旅", description: "長い説明。".repeat(200) };
  for (const [name, value] of Object.entries(typed)) await page.fill(`[name=${name}]`, value);
  await page.check("[name=licenseType][value=exclusive]");
  await page.context().clearCookies();
  await submit(page, "form[data-island=publish] button[type=submit]");

  const shown = await page.locator("main").innerText();
  for (const value of [typed.title, typed.tags, typed.description]) assert.ok(shown.includes(value.trim()), value);
  const [door] = await Promise.all([page.context().waitForEvent("page"), page.click("main a[href^='/login']")]);
  await door.fill("[name=email]", maker.email);
  await door.fill("[name=password]", password);
  await submit(door);
  await door.close();
  await submit(page, "main form button[type=submit]");
  assert.match(new URL(page.url()).pathname, /^\/d\//);
  assert.match(await page.locator("main").innerText(), /3,400/);

  await page.goto(`/me/${picture.id}`);
  await submit(page, "a[href$='/product']");
  assert.equal(await page.locator("h1").innerText(), typed.title, "the picture's own page leads to the shop");
  await page.context().close();
});

test("the summary of a form says which field is meant", async () => {
  const maker = await account("町屋 花", "maker");
  const picture = await draw(maker);
  const page = await visitor("ja", phone);
  await enter(page, maker);
  await page.goto(`/me/${picture.id}/publish`);
  await page.fill("[name=title]", "evil \u202Egnp.exe");
  await page.fill("[name=price]", "10");
  await submit(page, "form[data-island=publish] button[type=submit]");
  const errors = await page.locator(".error-summary li").allInnerTexts();
  assert.equal(errors.length, 2);
  assert.match(errors[0], /^タイトル：/);
  assert.match(errors[1], /^価格：/);
  await page.context().close();
});

test("a refusal is said in its own words; a broken stream is taken up again", async () => {
  const maker = await account("Hana", "maker");
  const page = await visitor("en", phone);
  await enter(page, maker);
  await page.goto("/studio#finish");
  await page.waitForSelector("form.studio[data-ready]");
  await page.fill("[name=extra]", `linen ${process.pid}`);
  const refusal = { type: "about:blank", title: "This could not be made", status: 422, error: "refused_safety", detail: "Please change the words." };
  await page.route("**/api/nano/generate", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify(refusal) }), { times: 1 });
  await page.click("[data-generate]");
  const failed = page.locator("[data-result-failed]");
  await failed.waitFor({ state: "visible" });
  assert.match(await failed.innerText(), /This could not be made\s+Please change the words\./);
  assert.ok(await page.locator("[data-result-frame]").isHidden(), "no empty frame waits for a picture that does not come");

  let cuts = 0;
  await page.route("**/api/jobs/*/events", async (route) => {
    cuts += 1;
    return cuts > 2 ? route.continue() : route.abort();
  });
  await page.click("[data-result-failed] [data-retry]");
  await page.locator("[data-result-done]").waitFor({ state: "visible", timeout: 30_000 });
  assert.ok(cuts > 2, "the stream was broken twice");
  await page.context().close();
});

test("money on its way is called so in the list and on the order, and the sandbox leads back", async () => {
  const [maker, buyer] = await Promise.all([account("町屋 花", "maker"), account("青木 蓮", "buyer")]);
  const listing = await publish(maker, await draw(maker));
  const { orderId, url } = await api(buyer, "POST", "/api/checkout", { listingId: listing.id });
  await press(url, "konbini_later");
  const page = await visitor("ja", phone);
  await enter(page, buyer);
  await page.goto(url);
  await submit(page, "main a.button");
  assert.equal(new URL(page.url()).pathname, `/orders/${orderId}`);
  await page.locator("[data-order-state=processing]").waitFor();
  const onTheOrder = await page.locator("#order-state [role=status]").innerText();
  await page.goto("/orders");
  assert.equal(await page.locator("#orders .badge").innerText(), onTheOrder);
  await page.context().close();
});

test("pictures of every proportion fill their frames, and a row of them is one height", async () => {
  // A new account may make three pictures, so two people make the five.
  const makers = await Promise.all([account("町屋 花", "maker"), account("青木 蓮", "maker")]);
  for (const [place, aspectRatio] of ["3:4", "16:9", "1:1", "9:16", "4:3"].entries()) {
    const maker = makers[place % makers.length];
    await publish(maker, await draw(maker, { aspectRatio }), { tags: ["形"] });
  }
  for (const width of [360, 800, 1280]) {
    const page = await visitor("ja", { viewport: { width, height: 800 } });
    await page.goto("/gallery?tag=形");
    const frames = await page.locator("#pictures .frame").evaluateAll((all) =>
      all.map((frame) => ({ height: frame.getBoundingClientRect().height, fit: getComputedStyle(frame.querySelector("img")).objectFit })));
    assert.equal(frames.length, 5);
    for (const { height, fit } of frames) {
      assert.equal(fit, "cover");
      assert.ok(Math.abs(height - frames[0].height) < 1, `${height} beside ${frames[0].height} at ${width} px`);
    }
    assert.equal(await page.locator("#pictures .picture-card--wide").count(), 2);
    await page.context().close();
  }
});
