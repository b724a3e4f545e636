/* The phone's side of every page: keeps the shell for a start without a network, and leaves nothing behind on sign-out.

   data-signs-out="WORDS"  the form that signs out; WORDS with {n} ask first if drafts wait on this phone */

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => { /* not here: pages work without */ }));
}

const PhoneData = {
  stores: { "xinan-field": "drafts", "xinan-notes": "texts" }, // what waits in each: drafts of claims, minutes not saved yet

  async here() {
    if (!window.indexedDB) return [];
    if (!indexedDB.databases) return Object.keys(this.stores);
    const known = new Set((await indexedDB.databases()).map((base) => base.name));
    return Object.keys(this.stores).filter((name) => known.has(name));
  },

  async waiting() {
    const counts = await Promise.all((await this.here()).map((name) => this.count(name)));
    return counts.reduce((sum, one) => sum + one, 0);
  },

  count(name) {
    return new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onupgradeneeded = () => asked.transaction.abort();
      asked.onerror = () => done(0);
      asked.onsuccess = () => {
        const base = asked.result, counted = base.transaction([this.stores[name]]).objectStore(this.stores[name]).count();
        counted.onsuccess = () => { base.close(); done(counted.result); };
        counted.onerror = () => { base.close(); done(0); };
      };
    });
  },

  async wipe() {
    await Promise.all((await this.here()).map((name) => this.drop(name)));
  },

  drop(name) {
    return new Promise((done) => {
      const asked = indexedDB.deleteDatabase(name);
      asked.onsuccess = asked.onerror = () => done();
      asked.onblocked = () => { /* the other tab closes its end by itself */ };
      setTimeout(done, 3000);
    });
  },
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-signs-out]") || form.dataset.wiped) return;
  event.preventDefault();
  const n = await PhoneData.waiting();
  if (n && !window.confirm(form.dataset.signsOut.replace("{n}", n))) return;
  await PhoneData.wipe();
  form.dataset.wiped = "yes";
  form.submit();
});
