/* What the phone keeps: drafts and their photos, recordings, signatures, sealed with a key that never leaves the browser.
   One store for every tab; a change another tab has made in between is noticed (Stale), never overwritten. */

const FieldStore = (() => {
  const NAME = "xinan-field";
  let opened = null, owner = "";

  class Stale extends Error {}

  function open() {
    opened = opened || new Promise((done, fail) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        for (const [name, key] of [["keys", "owner"], ["drafts", "id"], ["pieces", "id"], ["sent", "id"], ["facts", "name"]]) {
          asked.result.createObjectStore(name, { keyPath: key });
        }
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = null; }; // somebody signs out
        done(asked.result);
      };
      asked.onerror = () => { opened = null; fail(asked.error); };
    });
    return opened;
  }

  /* One transaction; the result of `work` once everything is on the disk. */
  async function within(names, mode, work) {
    const base = await open();
    return new Promise((done, fail) => {
      const all = base.transaction(names, mode, { durability: "strict" });
      let result, reason;
      all.oncomplete = () => done(result);
      all.onabort = () => fail(reason || all.error || new Error("aborted"));
      const stores = Object.fromEntries(names.map((name) => [name, all.objectStore(name)]));
      const ask = (request) => new Promise((got, not) => { request.onsuccess = () => got(request.result); request.onerror = () => not(request.error); });
      const give_up = (error) => { reason = error; try { all.abort(); } catch (over) { fail(error); } };
      try { Promise.resolve(work(stores, ask)).then((value) => { result = value; }, give_up); } catch (error) { give_up(error); }
    });
  }

  const read = (name, key) => within([name], "readonly", (stores, ask) => ask(key === undefined ? stores[name].getAll() : stores[name].get(key)));
  const write = (name, row) => within([name], "readwrite", (stores, ask) => ask(stores[name].put(row)));
  const erase = (name, key) => within([name], "readwrite", (stores, ask) => ask(stores[name].delete(key)));

  /* The owner's key: made once, not extractable; of two tabs that make one at once the first wins. */
  async function key() {
    const known = await read("keys", owner);
    if (known) return known.key;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return within(["keys"], "readwrite", async (stores, ask) => {
      const first = await ask(stores.keys.get(owner));
      if (first) return first.key;
      await ask(stores.keys.put({ owner, key: made }));
      return made;
    });
  }

  async function seal(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes) };
  }

  async function unseal(sealed) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await key(), sealed.data);
  }

  async function unsealDraft(row) {
    return { ...JSON.parse(new TextDecoder().decode(await unseal(row.sealed))), id: row.id, rev: row.rev, state: row.state, at: row.at };
  }

  return {
    Stale,
    isSafe: () => Boolean(window.indexedDB && window.crypto && crypto.subtle),
    setOwner: (person) => { owner = person; },
    owner: () => owner,
    fact: async (name) => ((await read("facts", name)) || {}).value,
    setFact: (name, value) => write("facts", { name, value }),

    /* Sealed like a draft: which firms are complained of around here is nobody else's business. */
    async known() {
      const row = await read("facts", "known");
      return row && row.owner === owner ? JSON.parse(new TextDecoder().decode(await unseal(row.sealed))) : null;
    },
    async setKnown(lists) {
      return write("facts", { name: "known", owner, sealed: await seal(new TextEncoder().encode(JSON.stringify(lists))) });
    },

    async drafts() {
      const mine = (await read("drafts")).filter((row) => row.owner === owner).sort((one, other) => other.at - one.at);
      return Promise.all(mine.map(unsealDraft));
    },
    async othersDrafts() {
      return (await read("drafts")).filter((row) => row.owner !== owner).length;
    },
    async draft(id) {
      const row = await read("drafts", id);
      return row && row.owner === owner ? unsealDraft(row) : null;
    },
    /* Keeps the draft if nobody else has kept it since `draft.rev`; its new rev. */
    async keep(draft) {
      const { id, rev, state, at, ...said } = draft;
      const sealed = await seal(new TextEncoder().encode(JSON.stringify(said)));
      const fresh = rev + 1;
      await within(["drafts"], "readwrite", async (stores, ask) => {
        const row = await ask(stores.drafts.get(id));
        if ((row ? row.rev : 0) !== rev) throw new Stale();
        await ask(stores.drafts.put({ id, owner, rev: fresh, state, at: at || Date.now(), sealed }));
      });
      draft.rev = fresh;
      return fresh;
    },
    async drop(id) {
      const pieces = (await read("pieces")).filter((piece) => piece.draft === id).map((piece) => piece.id);
      return within(["drafts", "pieces"], "readwrite", async (stores, ask) => {
        await ask(stores.drafts.delete(id));
        for (const piece of pieces) await ask(stores.pieces.delete(piece));
      });
    },
    async addPiece(draft, kind, file) {
      const { iv, data } = await seal(await file.arrayBuffer());
      const row = { id: crypto.randomUUID(), draft, owner, kind, name: kind, type: file.type, size: file.size, at: new Date().toISOString(), iv, data, refused: "" };
      await write("pieces", row);
      return row;
    },
    async pieces(draft) {
      const all = await read("pieces");
      return all.filter((piece) => piece.draft === draft && piece.owner === owner).sort((one, other) => (one.at < other.at ? -1 : 1));
    },
    async fileOf(piece) {
      return new Blob([await unseal(piece)], { type: piece.type });
    },
    refusePiece: (piece, words) => write("pieces", { ...piece, refused: words }),
    dropPiece: (id) => erase("pieces", id),
    async sent() {
      return (await read("sent")).filter((row) => row.owner === owner).sort((one, other) => other.at - one.at);
    },
    /* Everything has arrived: what was typed and taken goes, the case number stays. */
    async arrived(id, answer) {
      await this.drop(id);
      await write("sent", { id, owner, number: answer.number, url: answer.url, unpromised: answer.unpromised || [], alike: answer.alike || [], at: Date.now() });
    },
  };
})();
