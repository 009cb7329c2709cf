// The survey on people's own phones in a real browser: accessible in every language and state,
// usable by keys alone, magnified, without script, and one answer however often it is sent.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const base = process.env.KAIKU_SURVEY_URL;
const taken = process.env.KAIKU_SURVEY_TAKEN;
const units = process.env.KAIKU_SURVEY_UNITS.split(" ");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const languages = ["fi", "sv", "en"];
const phone = { width: 390, height: 844 };
let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.KAIKU_CHROMIUM ?? "/usr/bin/chromium",
    chromiumSandbox: process.getuid() !== 0,
  });
});
after(() => browser.close());

/// A page of its own; fails at its end if anything was asked of another origin, or kept.
async function visit(work, options = {}) {
  const context = await browser.newContext({ viewport: phone, ...options });
  const elsewhere = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(base)) elsewhere.push(request.url());
  });
  const page = await context.newPage();
  try {
    await work(page);
    assert.deepEqual(elsewhere, [], "requests to other origins");
    assert.deepEqual(await context.cookies(), [], "cookies");
  } finally {
    await context.close();
  }
}

async function violations(page, only = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate((options) => globalThis.axe.run(document, options), {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    ...only,
  });
  assert.ok(found.passes.length > 5, "axe looked at the page");
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((n) => n.target).join(", ")}`);
}

async function checkPage(page, state) {
  assert.deepEqual(await violations(page), [], state);
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${state}: scrolls sideways by ${wide} px`);
  const small = await page.evaluate(() => [...document.querySelectorAll("button, .choice, textarea")]
    .filter((each) => each.tabIndex >= 0 || each.matches(".choice"))
    .map((each) => [each.textContent, each.getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name));
  assert.deepEqual(small, [], `${state}: targets under 44 px`);
}

const send = (page) => page.locator("button.main[name=go]").click();
const address = (unit, language) => `${base}/s/${unit}?lang=${language}`;

for (const unit of units) {
  test(`${unit}: form, error and thanks pass axe in every language`, () => visit(async (page) => {
    for (const language of languages) {
      await page.goto(address(unit, language));
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      await checkPage(page, `${unit} form ${language}`);
      await send(page); // nothing answered: an error that says so
      await page.locator("[role=alert]").waitFor();
      await checkPage(page, `${unit} error ${language}`);
      for (const group of await page.locator("fieldset").all()) {
        await group.locator(".choice").first().click();
      }
      await page.locator("textarea").first().fill("x".repeat(2001));
      await send(page);
      await checkPage(page, `${unit} too long ${language}`);
      await page.locator("textarea").first().fill("Kiitos!");
      await send(page);
      await page.waitForURL(/\/done/);
      await checkPage(page, `${unit} thanks ${language}`);
    }
  }));
}

test("an unknown code is told in three languages and passes axe", () => visit(async (page) => {
  const answer = await page.goto(`${base}/s/NOBODY`);
  assert.equal(answer.status(), 404);
  await checkPage(page, "unknown code");
}));

test("axe finds what is planted", () => visit(async (page) => {
  await page.goto(address(units[0], "fi"));
  await page.evaluate(() => document.querySelector("label[for]").remove());
  assert.notDeepEqual(await violations(page), []);
}));

/// The states of one survey, one after the other, up to its thanks; nothing is sent.
async function checkStates(page, language, size) {
  await page.goto(address(units[1], language));
  await checkPage(page, `${size} form ${language}`);
  await page.locator("textarea").first().fill("x".repeat(2001));
  await send(page);
  await page.locator("[role=alert]").waitFor();
  await checkPage(page, `${size} too long ${language}`);
  await page.goto(`${base}/s/${units[1]}/done?lang=${language}`);
  await checkPage(page, `${size} thanks ${language}`);
}

test("1280 pixels and 200 % and 400 % of them reflow, in forced colours and without motion too",
  async () => {
    for (const width of [1280, 640, 320]) {
      for (const forcedColors of ["none", "active"]) {
        await visit(async (page) => {
          for (const language of languages) {
            await checkStates(page, language, `${width} px ${forcedColors}`);
            const moves = await page.evaluate(() => document.getAnimations().length);
            assert.equal(moves, 0);
          }
          await page.goto(`${base}/s/NOBODY`);
          await checkPage(page, `${width} px ${forcedColors} unknown code`);
        }, { viewport: { width, height: 800 }, forcedColors, reducedMotion: "reduce" });
      }
    }
  });

test("forced colours still tell which language and which answer is chosen", () =>
  visit(async (page) => {
    await page.goto(address(units[0], "sv"));
    await page.locator("input[value='9']").first().check();
    const style = (selector) => page.locator(selector).first().evaluate((it) => {
      const { borderWidth, outlineStyle } = getComputedStyle(it);
      return { borderWidth, outlineStyle };
    });
    const [chosen, other] = [await style("button[lang=sv]"), await style("button[lang=fi]")];
    assert.ok(parseFloat(chosen.borderWidth) > parseFloat(other.borderWidth));
    assert.equal((await style(".choice:has(input[value='9'])")).outlineStyle, "solid");
    assert.equal((await style(".choice:has(input[value='8'])")).outlineStyle, "none");
  }, { forcedColors: "active" }));

test("an answer taken along passes axe, goes on in every language and is sent once", () =>
  visit(async (page) => {
    const kept = async (state) => {
      await checkPage(page, state);
      assert.ok(await page.locator("input[value='9']").first().isChecked(), state);
      assert.equal(await page.locator("textarea").inputValue(), "Hyvä hoito", state);
    };
    await page.goto(taken);
    await page.locator("[role=status]").waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "fi");
    await kept("taken along");
    for (const language of [...languages].reverse()) {
      await page.locator(`button[name=to][value=${language}]`).click();
      await page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
      await kept(`taken along ${language}`);
    }
    await page.setViewportSize({ width: 320, height: 800 });
    await kept("taken along, 400 %");
    await send(page);
    await page.waitForURL(/\/done/);
    for (const language of languages) { // whoever has the phone next and goes back
      await page.goto(`${taken}&lang=${language}`);
      assert.equal(await page.locator("form, input, textarea").count(), 0);
      assert.ok(!(await page.content()).includes("hoito"));
      await checkPage(page, `an answer that was sent before ${language}`);
    }
    for (const language of languages) {
      await page.goto(`${address("TAKEN", language)}&t=AAAA`);
      await page.locator("[role=status]").waitFor();
      await checkPage(page, `a code that is no longer valid ${language}`);
    }
  }));

test("the keyboard alone answers, and what has the focus is seen", () => visit(async (page) => {
  await page.goto(address("KEYS", "fi"));
  const seen = [];
  for (let step = 0; step < 40; ++step) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const it = document.activeElement;
      const style = getComputedStyle(it);
      return { name: it.name, value: it.value, outline: parseFloat(style.outlineWidth),
        hidden: it.getAttribute("aria-hidden") };
    });
    assert.ok(focus.outline >= 2, `no outline on ${focus.name}`);
    assert.equal(focus.hidden, null);
    seen.push(focus.name);
    if (focus.name === "a.nps") {
      for (let left = 0; left < 3; ++left) await page.keyboard.press("ArrowUp");
    }
    if (focus.name === "a.text") await page.keyboard.type("Näppäimillä");
    if (focus.name === "go") break;
  }
  assert.deepEqual(seen, ["to", "to", "to", "a.nps", "a.text", "go"]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/done/);
}));

test("without script the form works, and a double press and a reload change nothing", () =>
  visit(async (page) => {
    await page.goto(address("PLAIN", "sv"));
    await page.locator("input[value='9']").first().check();
    await page.locator("textarea").fill("Tack!");
    await page.locator("button[value=en]").click(); // another language keeps the answers
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.ok(await page.locator("input[value='9']").first().isChecked());
    assert.equal(await page.locator("textarea").inputValue(), "Tack!");
    await page.locator("button.main[name=go]").dblclick({ noWaitAfter: true });
    await page.waitForURL(/\/done/);
    await page.reload();
    await page.waitForURL(/\/done/);
  }, { javaScriptEnabled: false }));

test("back after sending shows an empty form: the answer is gone from the phone", () =>
  visit(async (page) => {
    await page.goto(address("BACK", "fi"));
    await page.locator("input[value='3']").first().check();
    await page.locator("textarea").fill("Odotin kauan");
    await send(page);
    await page.waitForURL(/\/done/);
    await page.goBack();
    assert.equal(await page.locator("textarea").inputValue(), "");
    assert.ok(!await page.locator("input[value='3']").first().isChecked());
  }));
