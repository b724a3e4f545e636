/* The paper everybody looks at, in the room itself: a picture, or a PDF page by page. Whoever leads turns the page for all; the
   others follow, or look alone until they follow again. */

const OnlineShown = (() => {
  const UPLOAD = 120000; // milliseconds a file may take on a slow line
  const WAIT = 1200, TRIES = 30; // for a page that is being drawn
  const $ = (id) => document.getElementById(id);

  /* room: as OnlineWritten's */
  function open(room) {
    const { words } = room;
    let now = null, page = 0, follows = true, asked = 0, address = "";

    const leads = () => Boolean(now) && (room.isHost || now.seat === room.seat());
    const say = (text) => { $("leaf-says").textContent = text; $("leaf-says").hidden = !text; };

    function show(shown) {
      const isNew = !now || !shown || now.id !== shown.id;
      now = shown;
      $("shown").hidden = !shown;
      if (!shown) return clear();
      if (isNew) begin();
      if (now.pages && follows && page !== now.page) turn(now.page);
      else bar();
    }

    function clear() {
      asked += 1;
      page = 0;
      follows = true;
      if (address) URL.revokeObjectURL(address);
      address = "";
      $("shown-picture").removeAttribute("src");
      $("shown-picture").hidden = true;
      say("");
    }

    function name() {
      $("shown-title").textContent = words.showsPaper.replace("%(who)s", now.by).replace("%(what)s", now.title);
      $("shown-open").textContent = now.kind === "image" ? words.openPicture : words.openPdf;
    }

    function begin() {
      clear();
      const path = `${room.wire().base}shown/${now.id}/`;
      name();
      $("shown-open").href = path;
      $("take-down").hidden = !leads();
      $("leaf-bar").hidden = now.pages < 2;
      $("lacks-faces").hidden = !now.lacks_faces;
      if (now.kind === "image") picture(path, now.title);
    }

    function picture(source, title) {
      Object.assign($("shown-picture"), { src: source, alt: title, hidden: false });
    }

    /* Turned quickly, only the last page counts. */
    async function turn(wish) {
      page = wish;
      bar();
      asked += 1;
      const mine = asked, path = `${room.wire().base}shown/${now.id}/${page}/`;
      for (let tries = 0; tries < TRIES && mine === asked; tries += 1) {
        const answer = await fetch(path, { cache: "no-store" }).catch(() => null);
        if (mine !== asked) return;
        if (answer && answer.status === 200) return paint(mine, await answer.blob());
        if (answer && answer.status === 404) return;
        if (answer && answer.status === 422) break;
        say(words.drawing);
        await new Promise((done) => setTimeout(done, WAIT));
      }
      if (mine !== asked) return;
      $("shown-picture").hidden = true;
      say(words.undrawn);
    }

    function paint(mine, content) {
      if (mine !== asked) return;
      if (address) URL.revokeObjectURL(address);
      address = URL.createObjectURL(content);
      say("");
      picture(address, `${now.title} ${place(page)}`);
    }

    const place = (number) => words.leafOf.replace("%(page)s", number).replace("%(pages)s", now.pages);

    function bar() {
      if (!now.pages) return;
      $("leaf-place").textContent = place(page);
      $("leaf-back").disabled = page <= 1;
      $("leaf-on").disabled = page >= now.pages;
      $("follow").hidden = follows || leads();
      $("follow").textContent = words.follow.replace("%(page)s", now.page);
      $("leaf-who").textContent = leads() ? words.youLead : follows ? words.youFollow : words.youLookAlone;
    }

    async function step(by) {
      if (!now || page + by < 1 || page + by > now.pages) return;
      if (leads()) {
        turn(page + by);
        const answer = await room.act({ act: "turn_page", page });
        if (answer && answer.ok && now) now.page = page;
      } else {
        follows = false;
        turn(page + by);
      }
    }

    async function bring(event) {
      event.preventDefault();
      const answer = await room.wire().post("show/", new FormData(event.target), {}, UPLOAD).catch(() => null);
      if (!answer) return room.say("offline", "warn");
      if (!answer.ok) return room.say(await room.sentence(answer), "warn");
      event.target.reset();
      $("show").hidden = true;
      $("show-open").setAttribute("aria-expanded", "false");
      $("show-open").focus();
      room.wire().hurry();
    }

    $("leaf-back").addEventListener("click", () => step(-1));
    $("leaf-on").addEventListener("click", () => step(1));
    $("follow").addEventListener("click", () => {
      follows = true;
      $("leaf-on").focus();
      turn(now.page);
    });
    $("take-down").addEventListener("click", () => room.act({ act: "take_down" }));
    if (!room.isSilent) $("show").addEventListener("submit", bring);

    function again() {
      if (!now) return;
      name();
      bar();
    }

    return { show, again, stop() { show(null); } };
  }

  return { open };
})();
