/* What is typed into minutes and has not reached the house yet, on this device: sealed with a key that never leaves the browser, one row
   for each tab, gone once it is saved, and gone when somebody signs out (phone.js).

   RoomKept.open(about, person)  which minutes, whose; answers the row that was left behind, or null
   RoomKept.put(row), RoomKept.drop()   of this tab
   Where a browser cannot keep anything, isSafe is false and the page says so. */

const RoomKept = (() => {
  const NAME = "xinan-notes", TAB = "notes-tab", STORES = { keys: "owner", texts: "id" };
  let base = null, owner = "", subject = "", tab = "", isSafe = false;

  const ask = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });

  async function opened() {
    if (!base) {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => { for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath }); };
      base = await ask(asked);
      base.onversionchange = () => { base.close(); base = null; isSafe = false; }; // somebody signs out
    }
    return base;
  }

  const store = async (name, mode) => (await opened()).transaction([name], mode, { durability: "strict" }).objectStore(name);

  async function key() {
    const known = await ask((await store("keys", "readonly")).get(owner));
    if (known) return known.key;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await ask((await store("keys", "readwrite")).add({ owner, key: made })).catch(() => { /* another tab was first */ });
    return (await ask((await store("keys", "readonly")).get(owner))).key;
  }

  /* This tab's own name, also after a reload; a tab that was duplicated takes another one. Held as long as the tab lives. */
  async function claim() {
    const held = (name) => new Promise((done) => {
      navigator.locks.request(`notes:${name}`, { ifAvailable: true }, (lock) => { done(Boolean(lock)); return lock ? new Promise(() => {}) : null; });
    });
    tab = sessionStorage.getItem(TAB) || "";
    if (!tab || !(await held(tab))) {
      tab = crypto.randomUUID();
      await held(tab);
      sessionStorage.setItem(TAB, tab);
    }
  }

  async function unsealed(row) {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await key(), row.data);
    return { ...JSON.parse(new TextDecoder().decode(bytes)), at: row.at };
  }

  async function open(about, person) {
    owner = person;
    subject = about;
    if (!(window.indexedDB && window.crypto && crypto.subtle && navigator.locks)) return null;
    try {
      await claim();
      const rows = (await ask((await store("texts", "readonly")).getAll())).filter((row) => row.owner === owner && row.about === subject);
      const alive = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
      const mine = rows.find((row) => row.tab === tab);
      const left = rows.filter((row) => !alive.has(`notes:${row.tab}`)).sort((one, other) => other.at - one.at)[0];
      isSafe = true;
      if (mine) return await unsealed(mine);
      if (!left) return null;
      const found = await unsealed(left); // of a tab that is gone: it goes on here
      await put(found);
      await ask((await store("texts", "readwrite")).delete(left.id));
      return found;
    } catch (error) {
      isSafe = false; // no room, or a browser that keeps nothing
      return null;
    }
  }

  const id = () => `${subject}:${owner}:${tab}`;

  async function put(row) {
    if (!isSafe) return false;
    try {
      const iv = crypto.getRandomValues(new Uint8Array(12)), bytes = new TextEncoder().encode(JSON.stringify(row));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes);
      await ask((await store("texts", "readwrite")).put({ id: id(), owner, about: subject, tab, at: Date.now(), iv, data }));
      return true;
    } catch (error) {
      isSafe = false;
      return false;
    }
  }

  async function drop() {
    if (isSafe) await ask((await store("texts", "readwrite")).delete(id())).catch(() => { /* it is dropped with the next save */ });
  }

  return { open, put, drop, get isSafe() { return isSafe; } };
})();
