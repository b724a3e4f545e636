/* The page of the field: the outbox, and one draft at a time. */

const FieldApp = (() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const words = (name) => { const said = $("#words").content.querySelector(`[data-word="${name}"]`); return said ? said.textContent : name; };
  const form = $("#draft-form"), outbox = $("#outbox"), steps = [...form.querySelectorAll("[data-step]")];
  const labels = Object.fromEntries([...form.querySelectorAll("[data-label]")].map((one) => [one.dataset.label, one.dataset.words]));
  let draft = null, timer = 0, loading = false, saving = Promise.resolve();

  function make(tag, attributes = {}, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "act") made.addEventListener("click", value);
      else made.setAttribute(name, value);
    }
    made.append(...inside);
    return made;
  }

  function show(part) {
    for (const id of ["outbox-part", "draft-part", "conflict-part"]) $(`#${id}`).hidden = id !== part;
    window.scrollTo(0, 0);
  }

  function alarm(text, is_bad = true) {
    const box = $("#alarm");
    box.hidden = !text;
    box.className = `message tone-${is_bad ? "bad" : "good"}`;
    $("#alarm-words").textContent = text;
  }

  function trouble(error) {
    if (error.name === "QuotaExceededError") alarm(words("quota"));
    else alarm(`${words("not_saved")} (${error.name || error})`);
  }

  /* The day here, by this phone's clock; the server says no to one that has not come. */
  function day(back = 0) {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date(Date.now() - back * 86400000));
  }

  /* Outbox */

  async function list() {
    const drafts = await FieldStore.drafts(), sent = await FieldStore.sent();
    const rows = await Promise.all(drafts.map(async (one) => row(one, await FieldStore.pieces(one.id))));
    outbox.replaceChildren(...rows);
    $("#outbox-empty").hidden = drafts.length > 0;
    $("#send-all").hidden = !drafts.some((one) => ["ready", "files"].includes(one.state));
    $("#sent-part").hidden = sent.length === 0;
    $("#sent").replaceChildren(...sent.slice(0, 20).map((one) => make("li", { class: "row-item" }, make("div", { class: "row-main" },
      make("p", {}, make("a", { class: "row-link", href: one.url }, one.number)), make("p", { class: "small muted" }, new Date(one.at).toLocaleString()),
      ...((one.alike || []).length ? [make("p", { class: "small" }, make("span", { class: "badge tone-warn" }, words("alike")), " ", ...one.alike.flatMap((other) => [make("a", { class: "is-above", href: other.url }, other.number), " "]))] : []),
      ...(one.unpromised || []).map((sentence) => make("p", { class: "error" }, `${words("unpromised")}${sentence}`))))));
    const others = await FieldStore.othersDrafts();
    $("#others").hidden = !others;
    $("#others-words").textContent = words("others").replace("{n}", others);
  }

  function row(one, pieces) {
    const title = [one.fields.name, one.fields.firm || one.fields.called].filter(Boolean).join(" · ") || words("nameless");
    const main = make("div", { class: "row-main" }, make("p", { class: "strong" }, title), make("p", { class: "small" },
      make("span", { class: `badge tone-${{ refused: "bad", conflict: "warn", writing: "plain", kept: "info" }[one.state] || "info"}` }, words(`state_${one.state}`)), " ",
      make("span", { class: "muted" }, `${new Date(one.at).toLocaleString()}${pieces.length ? ` · ${words("pieces").replace("{n}", pieces.length)}` : ""}`)));
    if (one.answer) main.append(make("p", { class: "small" }, `${words("registered_as")} ${one.answer.number}`));
    if (one.why) main.append(make("p", { class: "small muted" }, words(`why_${one.why}`), ...(one.why === "signed_out" ? [" ", make("a", { href: "/sign-in/?next=/field/" }, words("sign_in"))] : [])));
    if (one.message) main.append(make("p", { class: "error" }, one.message));
    for (const [name, sentences] of Object.entries(one.errors || {})) main.append(make("p", { class: "error" }, `${labels[name] ? `${labels[name]}${words("colon")}` : ""}${sentences.join(" ")}`));
    for (const piece of pieces.filter((each) => each.refused)) {
      main.append(make("p", { class: "error" }, `${words(`kind_${piece.kind}`)}${words("colon")}${piece.refused}`),
        button("drop_piece", async () => { await FieldStore.dropPiece(piece.id); await send(one.id); }));
    }
    const buttons = make("p", { class: "buttons" });
    if (one.state === "conflict") buttons.append(button("compare", () => compare(one), "is-primary"));
    else if (one.state !== "files") buttons.append(button(one.state === "refused" ? "mend" : "go_on", () => edit(one.id)));
    if (["ready", "files"].includes(one.state)) buttons.append(button("send", () => send(one.id), "is-primary"));
    buttons.append(button("drop", () => { if (window.confirm(words("drop_sure"))) FieldStore.drop(one.id).then(list, trouble); }, "is-quiet"));
    main.append(buttons);
    return make("li", { class: "row-item", "data-draft": one.id, "data-state": one.state }, main);
  }

  const button = (word, act, look = "") => make("button", { class: `button is-small ${look}`, type: "button", act }, words(word));

  async function send(id, only_keep = false) {
    alarm("");
    try {
      const result = await FieldSend.send(id, only_keep);
      if (result === "sent") alarm(words("arrived"), false);
      if (result === "kept") alarm(words("kept"), false);
      heard();
    } catch (error) { trouble(error); }
    await look();
  }

  async function sendAll() {
    for (const one of await FieldStore.drafts()) if (["ready", "files"].includes(one.state)) await FieldSend.send(one.id);
    heard();
    await look();
  }

  async function sendBySelf() {
    if (navigator.onLine && !draft && (await FieldStore.fact("auto"))) await sendAll().catch(trouble);
  }

  /* One draft */

  function fill() {
    loading = true;
    form.reset();
    for (const input of form.querySelectorAll("[data-field]")) {
      const value = draft.fields[input.dataset.field];
      if (input.type === "radio") input.checked = input.value === (value || "open");
      else input.value = value || "";
    }
    form.elements.consent.checked = Boolean(draft.consent);
    FieldPromise.fill(form, draft.promise, day);
    form.querySelectorAll("[data-signs]").forEach((pad) => pad.dispatchEvent(new Event("restart")));
    showErrors();
    sayAmount();
    loading = false;
  }

  function showErrors() {
    form.querySelectorAll("[data-error]").forEach((one) => {
      const sentences = (draft.errors || {})[one.dataset.error] || [];
      one.textContent = sentences.join(" ");
      one.hidden = !sentences.length;
      const field = form.querySelector(`[data-field="${one.dataset.error}"]`);
      if (field) field.toggleAttribute("aria-invalid", false);
      if (field && sentences.length) field.setAttribute("aria-invalid", "true");
    });
  }

  function said() {
    const fields = {};
    for (const input of form.querySelectorAll("[data-field]")) {
      if (input.type !== "radio" || input.checked) fields[input.dataset.field] = input.value.trim();
    }
    return fields;
  }

  /* One after the other; what another tab kept meanwhile is put beside this. */
  function save(change = {}) {
    clearTimeout(timer);
    timer = 0;
    saving = saving.then(async () => {
      if (!draft) return true;
      const fields = said(), consent = form.elements.consent.checked, promise = FieldPromise.said(form);
      const version = consent && !draft.consent ? form.dataset.version : draft.version; // of the text that stood there when it was ticked
      Object.assign(draft, { fields, consent, version, promise, written_at: new Date().toISOString(), at: Date.now() }, change);
      try {
        await FieldStore.keep(draft);
        $("#saved").textContent = `${words("saved")} ${new Date().toLocaleTimeString()}`;
        heard();
        return true;
      } catch (error) {
        if (!(error instanceof FieldStore.Stale)) { trouble(error); return false; }
        const other = await FieldStore.draft(draft.id);
        if (!other) { draft.rev = 0; return FieldStore.keep(draft).then(() => true, (again) => { trouble(again); return false; }); }
        if (JSON.stringify(other.fields) === JSON.stringify(fields)) { draft = { ...other, consent, version, promise, ...change }; return FieldStore.keep(draft).then(() => true, (again) => { trouble(again); return false; }); }
        compare({ ...draft, rev: other.rev, conflict: { theirs: other.fields, differ: Object.keys(labels).filter((name) => (other.fields[name] || "") !== (fields[name] || "")), in_tab: true } });
        draft = null;
        return false;
      }
    });
    return saving;
  }

  function later() {
    if (loading || !draft) return;
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  }

  async function begin() {
    const regions = [...form.querySelector('[data-field="region"]').options]; // the own township comes first, unless there are several
    draft = {
      id: crypto.randomUUID(), rev: 0, state: "writing", at: Date.now(), base: "", decided: "", consent: false, version: form.dataset.version,
      fields: { received: day(), region: regions.length ? regions[0].value : "", contact_rule: "open", role: "employer" }, errors: {}, message: "", why: "",
    };
    await edited();
  }

  async function edit(id) {
    draft = await FieldStore.draft(id);
    if (draft) await edited();
  }

  async function edited() {
    alarm("");
    if ((draft.errors || {}).consent) draft.consent = false; // to be read out again
    for (const chip of form.querySelectorAll("[data-back]")) chip.dataset.value = day(Number(chip.dataset.back));
    fill();
    await listPieces();
    const wrong = form.querySelector("[data-error]:not([hidden])");
    step(wrong ? steps.indexOf(wrong.closest("[data-step]")) : 0);
    show("draft-part");
  }

  function step(number) {
    steps.forEach((one, at) => { one.hidden = at !== number; });
    document.querySelectorAll("#draft-steps li").forEach((one, at) => {
      one.classList.toggle("is-done", at < number);
      if (at === number) one.setAttribute("aria-current", "step"); else one.removeAttribute("aria-current");
    });
    const first = steps[number].querySelector("input:not([type=hidden]), select, textarea");
    if (first && first.type !== "file") first.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  async function listPieces() {
    if (!draft) return;
    const pieces = await FieldStore.pieces(draft.id);
    $("#pieces").replaceChildren(...pieces.map((piece) => make("li", { class: "row-item" }, make("div", { class: "row-main" }, make("p", {}, `${words(`kind_${piece.kind}`)} · ${Math.max(1, Math.round(piece.size / 1024))} KB`)),
      make("div", { class: "row-end" }, make("button", { class: "button is-small is-quiet", type: "button", act: () => FieldStore.dropPiece(piece.id).then(listPieces, trouble) }, words("drop"))))));
  }

  async function take(input) {
    if (loading || !draft) return;
    const kind = input.dataset.kind, files = [...input.files];
    if (kind === "signature") for (const old of await FieldStore.pieces(draft.id)) if (old.kind === kind) await FieldStore.dropPiece(old.id);
    try {
      if (files.length) await save();
      for (const file of files) await FieldStore.addPiece(draft.id, kind, file);
    } catch (error) { trouble(error); }
    if (kind !== "signature" && files.length) input.value = "";
    await listPieces();
  }

  async function close() {
    const is_kept = !draft || !touched() || (await save());
    if (!is_kept) return;
    draft = null;
    await look();
  }

  const touched = () => draft.rev > 0 || ["name", "firm", "called", "amount", "story"].some((name) => said()[name]);

  async function finish(only_keep) {
    if (!(await save({ state: "ready", errors: {}, message: "" }))) return;
    const id = draft.id;
    draft = null;
    if (only_keep || navigator.onLine) await send(id, only_keep);
    else await look();
  }

  /* Both sides */

  function compare(one) {
    FieldConflict.compare(one, { make, words, labels, form, alarm, edit, send });
    alarm("");
    show("conflict-part");
  }

  /* The whole page */

  const channel = window.BroadcastChannel ? new BroadcastChannel("xinan-field") : null;
  const heard = () => channel && channel.postMessage("changed");

  async function look() {
    if (!draft && $("#conflict-part").hidden) show("outbox-part");
    if (!draft && !$("#conflict-part").hidden && !(await FieldStore.drafts()).some((one) => one.id === FieldConflict.id() && one.conflict)) show("outbox-part");
    await list();
  }

  function showNetwork() {
    $("#network").textContent = words(navigator.onLine ? "online" : "offline");
    $("#network").className = `badge tone-${navigator.onLine ? "good" : "warn"}`;
  }

  /* Who works here: the person signed in now, or without a network the last one. */
  async function meet() {
    const who = navigator.onLine ? await FieldSend.me() : { status: 0 };
    if (who.status === 200) {
      await FieldStore.setFact("me", { person: who.person, name: who.name, regions: who.regions, may: who.may });
    }
    const me = await FieldStore.fact("me");
    FieldStore.setOwner(me ? me.person : "");
    $("#who").textContent = me ? me.name : "";
    $("#stranger").hidden = Boolean(me);
    $("#new-draft").hidden = $("#outbox-card").hidden = !me;
    $("#signed-out").hidden = who.status !== 401 || !me;
    const region = form.querySelector('[data-field="region"]'), before = region.value;
    region.replaceChildren(...(me ? me.regions : []).map(([code, name]) => make("option", { value: code }, name)));
    if (before) region.value = before;
    return Boolean(me);
  }

  async function start() {
    if (!FieldStore.isSafe()) { $("#unsafe").hidden = false; return; }
    showNetwork();
    const is_known = await meet();
    $("#auto").checked = Boolean(await FieldStore.fact("auto"));
    if (is_known) await look();
    if (is_known) FieldKnown.load().catch(() => { /* typing goes on without */ });
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    document.body.dataset.ready = "yes";
    if (is_known) await sendBySelf();
    setInterval(() => sendBySelf().catch(trouble), 20000);
  }

  const sayAmount = FieldAmount.ready(form);
  FieldKnown.ready(form);
  form.addEventListener("input", later);
  form.addEventListener("change", (event) => { if (event.target.type === "file") { if (!event.target.closest("[data-shrinks]")) take(event.target).catch(trouble); } else later(); });
  form.addEventListener("captured", (event) => take(event.target).catch(trouble), true);
  form.addEventListener("submit", (event) => { event.preventDefault(); finish(false).catch(trouble); });
  form.addEventListener("click", (event) => {
    const move = event.target.closest("[data-move]");
    if (move) { save(); step(steps.indexOf(move.closest("[data-step]")) + Number(move.dataset.move)); }
  });
  $("#new-draft").addEventListener("click", () => begin().catch(trouble));
  $("#close-draft").addEventListener("click", () => close().catch(trouble));
  $("#keep-draft").addEventListener("click", () => finish(true).catch(trouble));
  $("#send-all").addEventListener("click", () => sendAll().catch(trouble));
  $("#conflict-done").addEventListener("click", () => FieldConflict.decide().catch(trouble));
  $("#conflict-fill").addEventListener("click", () => FieldConflict.fill().catch(trouble));
  $("#conflict-later").addEventListener("click", () => { show("outbox-part"); list().catch(trouble); });
  $("#auto").addEventListener("change", (event) => FieldStore.setFact("auto", event.target.checked).then(sendBySelf).catch(trouble));
  window.addEventListener("online", () => { showNetwork(); meet().then(sendBySelf).catch(trouble); FieldKnown.load().catch(() => { /* next time */ }); });
  window.addEventListener("offline", showNetwork);
  window.addEventListener("pagehide", () => { if (timer) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });
  if (channel) channel.onmessage = () => { if (!draft) list().catch(() => { /* looked at again later */ }); };
  start().catch(trouble);
  return { list, sendAll };
})();
