/* The phone's side of every page: keeps the shell for a start without a network, and leaves nothing behind on sign-out.

   data-signs-out="WORDS"  the form that signs out; WORDS with {n} ask first if drafts wait on this phone */

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => { /* not here: pages work without */ }));
}

const PhoneData = {
  name: "xinan-field",

  async exists() {
    if (!window.indexedDB) return false;
    if (!indexedDB.databases) return true;
    return (await indexedDB.databases()).some((base) => base.name === this.name);
  },

  async waiting() {
    if (!(await this.exists())) return 0;
    return new Promise((done) => {
      const asked = indexedDB.open(this.name);
      asked.onupgradeneeded = () => asked.transaction.abort();
      asked.onerror = () => done(0);
      asked.onsuccess = () => {
        const base = asked.result, counted = base.transaction(["drafts"]).objectStore("drafts").count();
        counted.onsuccess = () => { base.close(); done(counted.result); };
        counted.onerror = () => { base.close(); done(0); };
      };
    });
  },

  wipe() {
    return new Promise((done) => {
      const asked = indexedDB.deleteDatabase(this.name);
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
  if (await PhoneData.exists()) await PhoneData.wipe();
  form.dataset.wiped = "yes";
  form.submit();
});
