/* Employers and sites the grid knows, offered while somebody types one, without a network too: a short list of what lies
   around the person's township, nearest first, sealed like the drafts and renewed when there is a network. */

const FieldKnown = (() => {
  const SHOWN = 6, RENEWED = 10 * 60 * 1000;
  let lists = { employers: [], sites: [], rings: [] }, renewed = 0;

  const squeezed = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

  /* What is kept is there at once; what is new comes when it comes. */
  async function load() {
    lists = (await FieldStore.known()) || lists;
    if (!navigator.onLine || Date.now() - renewed < RENEWED) return;
    const fresh = await FieldSend.known();
    if (fresh.status !== 200 || fresh.person !== FieldStore.owner()) return;
    renewed = Date.now();
    lists = { employers: fresh.employers, sites: fresh.sites, rings: fresh.rings };
    await FieldStore.setKnown(lists);
  }

  /* Of a field left empty those of the place that is chosen, so that one tap may be enough. */
  function found(kind, typed, near) {
    const wanted = squeezed(typed), ring = kind === "sites" ? 3 : 2;
    if (!wanted) return kind === "sites" ? lists.sites.filter((one) => near.startsWith(one[1])).slice(0, SHOWN) : [];
    return lists[kind].filter((one) => squeezed(one[0]).includes(wanted) && squeezed(one[0]) !== wanted)
      .sort((one, other) => one[ring] - other[ring]).slice(0, SHOWN);
  }

  function show(around, region) {
    const kind = around.dataset.known, input = document.getElementById(around.dataset.for);
    const rows = found(kind, input.value, region.value);
    around.replaceChildren(...(rows.length ? [list(kind, rows, (one) => choose(around, input, region, kind, one))] : []));
  }

  function list(kind, rows, act) {
    const all = document.createElement("ul");
    all.className = "rows known-names";
    for (const one of rows) {
      const row = document.createElement("li"), button = document.createElement("button"), where = document.createElement("span");
      const ring = lists.rings[one[kind === "sites" ? 3 : 2]] || "";
      button.type = "button";
      button.className = "known-one";
      button.append(one[0]);
      where.className = "small muted";
      where.textContent = [kind === "sites" ? one[2] : one[1], ring].filter(Boolean).join(" · ");
      button.append(where);
      button.addEventListener("click", () => act(one));
      row.append(button);
      all.append(row);
    }
    return all;
  }

  /* A site brings its township, unless a village of it is chosen already. */
  function choose(around, input, region, kind, one) {
    input.value = one[0];
    if (kind === "sites" && !region.value.startsWith(one[1]) && [...region.options].some((option) => option.value === one[1])) region.value = one[1];
    input.dispatchEvent(new Event("input", { bubbles: true }));
    around.replaceChildren();
    input.focus();
  }

  function ready(form) {
    const region = form.querySelector('[data-field="region"]');
    for (const around of form.querySelectorAll("[data-known]")) {
      const input = document.getElementById(around.dataset.for);
      input.addEventListener("input", () => show(around, region));
      input.addEventListener("focus", () => show(around, region));
    }
    region.addEventListener("change", () => form.querySelectorAll("[data-known]").forEach((around) => show(around, region)));
  }

  return { load, ready };
})();
