/* Version {{ version }}. Keeps the shell of the field page and static files, so that intake starts without a network.
   Pages of cases pass through and are never kept. */
{% autoescape off %}const VERSION = "xinan-{{ version }}", SHELL = "{{ shell }}", BEGINNING = "{{ beginning }}", STATIC = "{{ static }}", KEPT = {{ kept }};{% endautoescape %}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("xinan-") && name !== VERSION).map((name) => caches.delete(name)))).then(() => self.clients.claim())));

async function fill() {
  const cache = await caches.open(VERSION);
  await cache.addAll([...KEPT, SHELL].map((address) => new Request(address, { cache: "reload" })));
}

async function shell(request) {
  const cache = await caches.open(VERSION);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(SHELL, answer.clone());
    return answer.status >= 500 ? (await cache.match(SHELL)) || answer : answer;
  } catch (error) {
    return (await cache.match(SHELL)) || Response.error();
  }
}

/* Without a network the app starts at intake, wherever it was opened; other pages say by themselves that there is none. */
async function beginning(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return Response.redirect(SHELL, 302);
  }
}

async function kept(request) {
  return (await (await caches.open(VERSION)).match(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === SHELL) event.respondWith(shell(request));
  else if (request.mode === "navigate" && [BEGINNING, "/"].includes(address.pathname)) event.respondWith(beginning(request));
  else if (address.pathname.startsWith(STATIC)) event.respondWith(kept(request));
});
