/* From the phone to the server. The draft's id is the key under which the server accepts it once, however often it is
   sent; so after an answer that never came it is simply sent again. */

const FieldSend = (() => {
  const PATIENCE = 30000, QUIETLY = { headers: { "x-quiet": "1" } }, /* that nobody is signed in is no error of the page */ busy = new Set();

  async function ask(path, options) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(path, { cache: "no-store", credentials: "same-origin", redirect: "error", signal: stop.signal, ...options });
      const is_json = (answer.headers.get("content-type") || "").includes("json"), said = is_json ? await answer.json() : {};
      return { status: said.state === "signed_out" ? 401 : answer.status, said };
    } catch (error) {
      return { status: 0, said: {} };
    } finally {
      clearTimeout(timer);
    }
  }

  async function me() {
    const { status, said } = await ask("/field/me/", QUIETLY);
    return { status, ...said };
  }

  /* Of two tabs, or two taps, one sends; the other has nothing to do. */
  async function alone(id, work) {
    if (navigator.locks) return navigator.locks.request(`xinan-field:${id}`, { ifAvailable: true }, (lock) => (lock ? work() : "busy"));
    if (busy.has(id)) return "busy";
    busy.add(id);
    try { return await work(); } finally { busy.delete(id); }
  }

  const post = (path, token, body, more = {}) => ask(path, { method: "POST", body, headers: { "x-csrftoken": token, ...more } });

  /* One of: sent, kept, refused, conflict, waiting (with `why` on the draft: network, server, signed_out), busy. */
  const send = (id, only_keep = false) => alone(id, async () => {
    const draft = await FieldStore.draft(id);
    if (!draft) return "sent";
    const who = await me();
    if (who.status !== 200) return wait(draft, who.status === 401 ? "signed_out" : who.status ? "server" : "network");
    if (who.person !== FieldStore.owner()) return wait(draft, "other_person");
    const parcel = {
      fields: draft.fields, base: draft.base || "", decided: draft.decided || "", consent: draft.consent, version: draft.version,
      written_at: draft.written_at, sent_at: new Date().toISOString(), only_keep, promise: draft.promise || null,
    };
    const { status, said } = await post(`/field/${id}/send/`, who.token, JSON.stringify(parcel), { "content-type": "application/json" });
    if (status === 200 || status === 201) return said.state === "kept" ? kept(draft, said) : registered(draft, said, who.token);
    if (said.state === "conflict") return settle(draft, { state: "conflict", conflict: said, errors: {}, message: "", why: "" }, "conflict");
    if (said.state === "wrong" || said.state === "refused") return settle(draft, { state: "refused", errors: said.errors || {}, message: said.message, why: "" }, "refused");
    return wait(draft, status === 401 ? "signed_out" : status ? "server" : "network");
  });

  /* Whoever goes on typing meanwhile keeps what they typed: only what the answer says is written. */
  async function settle(draft, change, result) {
    for (let tries = 0; tries < 5; tries += 1) {
      try {
        await FieldStore.keep(Object.assign(draft, change));
        return result;
      } catch (error) {
        if (!(error instanceof FieldStore.Stale)) throw error;
        draft = await FieldStore.draft(draft.id);
        if (!draft) return "sent";
      }
    }
    return result;
  }

  const wait = (draft, why) => settle(draft, { why }, "waiting");
  const kept = (draft, said) => settle(draft, { state: "kept", base: said.version, decided: "", conflict: null, errors: {}, message: "", why: "" }, "kept");

  async function registered(draft, said, token) {
    const words = JSON.stringify(draft.fields), now = await FieldStore.draft(draft.id);
    if (now && JSON.stringify(now.fields) !== words) return settle(now, { state: "ready", why: "" }, "waiting"); // changed meanwhile: asked again, and shown
    await settle(draft, { state: "files", answer: { number: said.number, url: said.url }, conflict: null, errors: {}, message: "", why: "" }, "");
    for (const piece of await FieldStore.pieces(draft.id)) {
      if (piece.refused) continue;
      const body = new FormData();
      body.append("file", await FieldStore.fileOf(piece), `${piece.kind}-${piece.id.slice(0, 8)}`);
      body.append("kind", piece.kind);
      body.append("written_at", piece.at);
      body.append("version", draft.version);
      const answer = await post(`/field/${draft.id}/file/`, token, body);
      if (answer.status === 200 || answer.status === 201) await FieldStore.dropPiece(piece.id);
      else if (answer.said.state === "refused") await FieldStore.refusePiece(piece, answer.said.message);
      else return wait(draft, answer.status === 401 ? "signed_out" : answer.status ? "server" : "network");
    }
    if ((await FieldStore.pieces(draft.id)).length) return "refused";
    await FieldStore.arrived(draft.id, said);
    return "sent";
  }

  async function known() {
    const { status, said } = await ask("/field/known/", QUIETLY);
    return { status, ...said };
  }

  async function fill(id, fields) {
    const who = await me();
    if (who.status !== 200) return { status: who.status, said: {} };
    return post(`/field/${id}/fill/`, who.token, JSON.stringify({ fields }), { "content-type": "application/json" });
  }

  return { me, known, fill, send };
})();
