/* Both sides of a draft that was changed twice: on the phone and on the server, in two tabs, or after it was registered. */

const FieldConflict = (() => {
  const $ = (selector) => document.querySelector(selector);
  let at = null; // { one, tools, picked }

  /* tools: make, words, labels, form and what to do next (alarm, edit, send), from the page. */
  function compare(one, tools) {
    const other = one.conflict;
    at = { one, tools, picked: Object.fromEntries(other.differ.map((name) => [name, other.is_registered ? "theirs" : ""])) };
    const said = other.is_registered ? "conflict_registered" : other.in_tab ? "conflict_tab" : "conflict_draft";
    $("#conflict-why").textContent = tools.words(said).replace("{number}", other.number || "");
    $("#conflict-rows").replaceChildren(...other.differ.map((name) => tools.make("fieldset", { class: "field conflict" }, tools.make("legend", {}, tools.labels[name] || name),
      option(name, "mine", one.fields[name], other), option(name, "theirs", other.theirs[name], other))));
    $("#conflict-done").textContent = tools.words(other.is_registered ? "conflict_take_theirs" : "conflict_choose");
    $("#conflict-fill").hidden = !(other.is_registered && other.differ.some((name) => one.fields[name] && !other.theirs[name]));
    $("#conflict-done").classList.toggle("is-primary", $("#conflict-fill").hidden);
    $("#conflict-page").hidden = !other.is_registered;
    if (other.is_registered) $("#conflict-page").href = other.complete || other.url;
  }

  function option(name, side, value, other) {
    const { make, words } = at.tools;
    const input = make("input", { type: "radio", name: `choice-${name}`, value: side, ...(other.is_registered ? { disabled: "" } : {}) });
    input.checked = other.is_registered && side === "theirs";
    input.addEventListener("change", () => { at.picked[name] = side; });
    const from = side === "mine" ? "side_mine" : other.is_registered ? "side_registered" : other.in_tab ? "side_tab" : "side_theirs";
    return make("label", {}, input, make("span", {}, make("span", { class: "small muted" }, words(from)), make("br"), shown(name, value)));
  }

  /* A choice by its label. */
  function shown(name, value) {
    const field = `[data-field="${name}"]`, escaped = CSS.escape(value || "");
    const listed = at.tools.form.querySelector(`select${field} option[value="${escaped}"]`);
    const ticked = at.tools.form.querySelector(`input[type="radio"]${field}[value="${escaped}"]`);
    return ((listed || (ticked && ticked.closest("label"))) && value ? (listed || ticked.closest("label")).textContent.trim() : value) || "—";
  }

  /* Every field is chosen: the draft goes on with that. */
  async function decide() {
    const { one, picked, tools } = at, other = one.conflict;
    if (Object.values(picked).includes("")) return tools.alarm(tools.words("conflict_open"));
    for (const [name, side] of Object.entries(picked)) if (side === "theirs") one.fields[name] = other.theirs[name] || "";
    await FieldStore.keep(Object.assign(one, { state: other.in_tab ? "writing" : "ready", conflict: null, decided: other.version || "", base: other.version || one.base }));
    return other.in_tab ? tools.edit(one.id) : tools.send(one.id);
  }

  /* Into the registered claim goes what it does not know; what it knows otherwise stays here until somebody looks. */
  async function fill() {
    const { one, tools } = at, other = one.conflict;
    const { status, said } = await FieldSend.fill(one.id, one.fields);
    if (status !== 200) return tools.alarm(said.errors ? sentences(said.errors) : said.message || tools.words(status === 401 ? "why_signed_out" : status ? "why_server" : "why_network"));
    for (const name of said.filled) other.theirs[name] = one.fields[name];
    if (!said.left.length) {
      await FieldStore.keep(Object.assign(one, { state: "ready", conflict: null }));
      return tools.send(one.id);
    }
    await FieldStore.keep(Object.assign(one, { conflict: { ...other, differ: said.left } }));
    compare(one, tools);
    return tools.alarm(tools.words("conflict_filled").replace("{names}", said.filled.map((name) => tools.labels[name] || name).join(tools.words("comma"))), false);
  }

  const sentences = (errors) => Object.entries(errors).map(([name, all]) => `${at.tools.labels[name] || name}${at.tools.words("colon")}${all.join(" ")}`).join(" ");

  return { compare, decide, fill, id: () => at && at.one.id };
})();
