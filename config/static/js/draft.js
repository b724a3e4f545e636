/* A draft that is saved while it is written: a form with data-autosave is sent a moment after the last change, with do=auto; the
   answer brings the version the page then shows. A page that is no longer the newest stops, and says so: what was typed stays,
   and the button sends it. */

const PAUSE = 2500;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const says = form.querySelector("[data-autosave-says]");
  const version = form.elements.version;
  let timer = 0;
  let sending = false;
  let again = false;
  let stopped = false;

  const say = (text) => { if (says) says.textContent = text; };

  async function save() {
    if (stopped || form.dataset.sent) return;
    if (sending) { again = true; return; }
    sending = true;
    const data = new FormData(form);
    data.set("do", "auto");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: data, credentials: "same-origin" });
      const told = await answer.json();
      if (answer.ok) version.value = told.version;
      else stopped = true;
      say(told.said);
    } catch (error) { /* no network: the next change tries again, and the button is there */ }
    sending = false;
    if (again) { again = false; save(); }
  }

  form.addEventListener("input", () => {
    if (!stopped) say(form.dataset.autosave);
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) { event.preventDefault(); delete form.dataset.sent; timer = setTimeout(() => form.requestSubmit(event.submitter), 300); }
  });
}
