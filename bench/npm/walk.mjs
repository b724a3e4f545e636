/* The whole intake at 360 px as a grid worker goes through it: counts what must be filled in, and lets axe look at every
   page, also those it is told. Prints one JSON object. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [, , base, session, chromium, ...others] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NEEDED = () => [...document.querySelectorAll("main [required]:not([type=hidden]), main [data-needed]")]
  .filter((one) => !one.closest("template")).map((one) => one.dataset.needed || one.name);
const FAULTS = () => window.axe.run({ preload: false, resultTypes: ["violations"] }).then(({ violations }) => violations
  .filter((fault) => ["serious", "critical"].includes(fault.impact)).map((fault) => `${location.pathname} ${fault.id}: ${fault.nodes.map((node) => node.target.join(" ")).join(", ")}`));

const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"] });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
  page.setDefaultTimeout(60000);
  await browser.setCookie({ name: "sessionid", value: session, domain: new URL(base).hostname, path: "/" });
  const needed = new Set(), faults = [];
  const look = async () => {
    (await page.evaluate(NEEDED)).forEach((name) => needed.add(name));
    await page.evaluate(axe);
    faults.push(...(await page.evaluate(FAULTS)));
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
  const registered = await page.$eval("main", (main) => main.innerText.includes("案件已登记"));
  const fields = [...needed];
  for (const path of others) {
    await page.goto(base + path, { waitUntil: "load" });
    await look();
  }
  console.log(JSON.stringify({ fields, registered, faults }));
} finally {
  await browser.close();
}
