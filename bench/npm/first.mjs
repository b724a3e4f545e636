/* The first visit to a page with an empty cache, until nothing is under way any more: the worker that keeps the shell too. */
import puppeteer from "puppeteer-core";

const [, , url, session, chromium] = process.argv;
const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"] });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  await page.setExtraHTTPHeaders({ "Accept-Language": "zh-CN" });
  await browser.setCookie({ name: "sessionid", value: session, domain: new URL(url).hostname, path: "/" });
  await page.goto(url, { waitUntil: "networkidle0", timeout: 60000 });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => 1));
  await new Promise((done) => setTimeout(done, 1500));
  console.log(JSON.stringify({ address: page.url() }));
} finally {
  await browser.close();
}
