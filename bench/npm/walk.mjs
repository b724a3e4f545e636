/* The whole intake at 360 px as a grid worker goes through it: counts what must be filled in, and lets axe look at every
   page, at the field page, and at the other pages as somebody who is not signed in. Prints one JSON object. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [, , base, session, chromium, field, ...others] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NEEDED = () => [...document.querySelectorAll("main [required]:not([type=hidden]), main [data-needed]")]
  .filter((one) => !one.closest("template")).map((one) => one.dataset.needed || one.name);
const FAULTS = () => window.axe.run({ preload: false, resultTypes: ["violations"] }).then(({ violations }) => violations
  .filter((fault) => ["serious", "critical"].includes(fault.impact)).map((fault) => `${location.pathname} ${fault.id}: ${fault.nodes.map((node) => node.target.join(" ")).join(", ")}`));

const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"] });
try {
  const phone = async (context) => {
    const page = await context.newPage();
    await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    await page.setExtraHTTPHeaders({ "Accept-Language": "zh-CN" });
    page.setDefaultTimeout(60000);
    return page;
  };
  const page = await phone(browser);
  await browser.setCookie({ name: "sessionid", value: session, domain: new URL(base).hostname, path: "/" });
  const needed = new Set(), faults = [];
  const judge = async (seen) => {
    await seen.evaluate(axe);
    faults.push(...(await seen.evaluate(FAULTS)));
  };
  const look = async () => {
    (await page.evaluate(NEEDED)).forEach((name) => needed.add(name));
    await judge(page);
  };
  const open = async (seen, path) => {
    const answer = await seen.goto(base + path, { waitUntil: "load" });
    if (!answer.ok() || new URL(seen.url()).pathname !== path) throw new Error(`${path}: ${answer.status()} at ${seen.url()}`);
    await judge(seen);
  };
  const on = async () => { await Promise.all([page.waitForNavigation(), page.click("form.card .is-primary")]); await look(); };
  await page.goto(`${base}/claims/new/`, { waitUntil: "networkidle0" });
  await look();
  await page.type("[name=who-0-name]", "李建国");
  await on();
  await page.type("[name=whom-0-aliases]", "孙老板");
  await on();
  await on();
  await page.type("[name=money-0-rate]", "3500");
  await on();
  await on();
  if (!page.url().endsWith("/check/")) throw new Error(`stopped at ${page.url()}`);
  await page.click("[name=consent]");
  await Promise.all([page.waitForNavigation(), page.click("form[method=post].card .is-primary")]);
  const said = await page.$eval("main", (main) => main.innerText);
  if (!said.includes("案件已登记")) throw new Error(`not registered, at ${page.url()}: ${said.slice(0, 500)}`);
  await judge(page);
  const fields = [...needed];
  await open(page, field);
  const stranger = await phone(await browser.createBrowserContext());
  for (const path of others) await open(stranger, path);
  console.log(JSON.stringify({ fields, faults }));
} finally {
  await browser.close();
}
