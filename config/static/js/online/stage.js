/* Who is seen: a tile for each of those who speak, a line for those who only watch, and who waits before the door. */

const OnlineStage = (() => {
  const $ = (id) => document.getElementById(id);
  const SOFT = 0.15, trial = document.createElement("video");
  trial.volume = SOFT;
  const canSoften = trial.volume < 1; // an iPhone plays everything as loud as its keys say

  /* room: { words, isHost, isSilent, act(fields), say(word, tone), mine() → {peer, muted, camera, screen, video} } */
  function open(room) {
    const { words } = room, tiles = new Map();
    let people = [], softly = false;

    function tile(seat) {
      if (!tiles.has(seat)) {
        const made = $("tile").content.firstElementChild.cloneNode(true);
        made.dataset.seat = seat;
        tiles.set(seat, made);
        $("stage").append(made);
        made.querySelector(".soften").addEventListener("click", () => {
          softly = !softly;
          draw(people);
        });
        made.querySelector(".remove").addEventListener("click", () => room.act({ act: "remove", seat }));
      }
      return tiles.get(seat);
    }

    function play(video, stream) {
      if (video.srcObject !== stream) video.srcObject = stream;
      video.play().catch(() => {
        if (video.muted) return;
        video.muted = true; // a browser that plays no sound before somebody has touched the page
        video.play().catch(() => {});
        room.say("tapForSound", "warn");
        document.addEventListener("click", () => {
          video.muted = false;
          video.play().catch(() => {});
          room.say("");
        }, { once: true });
      });
    }

    function drawMine() {
      const { peer, muted, camera, screen, video: seen } = room.mine(), own = people.find((one) => one.peer === peer);
      if (!own || room.isSilent) return;
      const box = tile(own.seat), video = box.querySelector("video"), shown = screen || seen;
      video.muted = true;
      if (shown && (!video.srcObject || video.srcObject.getVideoTracks()[0] !== shown)) play(video, new MediaStream([shown]));
      if (!shown) video.srcObject = null;
      fill(box, { ...own, muted, camera, sharing: Boolean(screen) }, true);
    }

    function fill(box, one, isMine) {
      box.classList.toggle("is-mine", isMine);
      box.classList.toggle("is-sharing", one.sharing);
      box.classList.toggle("has-picture", one.camera || one.sharing);
      box.classList.toggle("is-muted", one.muted);
      box.dataset.muted = one.muted ? "yes" : "no";
      box.dataset.camera = one.camera ? "yes" : "no";
      box.querySelector(".who").textContent = one.name + (isMine ? words.you : "");
      box.querySelector(".role").textContent = one.role;
      box.querySelector(".mic-words").textContent = one.muted ? words.muted : one.sharing ? words.shares : "";
      hush(box);
      soften(box, one, isMine);
      const remove = box.querySelector(".remove");
      remove.hidden = !room.isHost || isMine;
      remove.textContent = words.remove;
      remove.setAttribute("aria-label", `${words.remove} ${one.name}`);
    }

    /* Two voices at once, and one of them in one's own language: whoever listens to the interpreter hears the others softly. Only here. */
    function soften(box, one, isMine) {
      const button = box.querySelector(".soften"), isTheirs = one.kind === "interpreter" && !isMine;
      button.hidden = !isTheirs || !canSoften;
      button.textContent = softly ? words.hearAll : words.hearInterpreter;
      button.setAttribute("aria-pressed", String(softly));
      if (!isMine) box.querySelector("video").volume = softly && !isTheirs ? SOFT : 1;
    }

    function draw(list) {
      people = list;
      if (!list.some((one) => one.kind === "interpreter")) softly = false;
      const seated = list.filter((one) => !one.silent), watching = list.filter((one) => one.silent);
      for (const one of seated) if (one.peer !== room.mine().peer) fill(tile(one.seat), one, false);
      for (const [seat, box] of tiles) {
        if (seated.some((one) => one.seat === seat)) continue;
        box.querySelector("video").srcObject = null;
        box.remove();
        tiles.delete(seat);
      }
      $("stage").dataset.count = seated.length;
      $("watch").hidden = !watching.length;
      const said = watching.map((one) => words.watching.replace("%(who)s", one.name).replace("%(role)s", one.role).replace("%(since)s", one.since));
      if ([...$("watch").children].map((row) => row.textContent).join() !== said.join()) {
        $("watch").replaceChildren(...said.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
      }
      drawMine();
    }

    function drawDoor(rows) {
      $("door").hidden = !rows.length;
      const state = JSON.stringify(rows);
      if ($("door-rows").dataset.state === state) return; // whoever is about to press a button keeps it
      $("door-rows").dataset.state = state;
      $("door-rows").replaceChildren(...rows.map((one) => {
        const row = document.createElement("li"), said = document.createElement("div"), button = document.createElement("button");
        row.className = "row-item";
        said.className = "row-main";
        said.textContent = `${one.name} · ${one.role}${one.removed ? ` · ${words.removedOnce}` : ""}`;
        Object.assign(button, { className: "button is-small is-primary", type: "button", textContent: words.admit });
        button.setAttribute("aria-label", `${words.admit} ${one.name}`);
        button.addEventListener("click", () => room.act({ act: "admit", seat: one.seat }));
        row.append(said, button);
        return row;
      }));
    }

    /* Nothing is said of somebody whose microphone and line are as they should be. */
    function hush(box) {
      const isSaid = box.classList.contains("is-muted") || [".net", ".mic-words"].some((part) => box.querySelector(part).textContent);
      box.querySelector(".tile-state").hidden = !isSaid;
    }

    /* How far the connection to somebody has come, and how good it is. */
    function state(seat, word) {
      const box = tiles.get(seat);
      if (!box) return;
      box.dataset.net = word;
      delete box.dataset.quality;
      box.querySelector(".net").textContent = word === "connected" ? "" : words[word];
      hush(box);
    }

    function quality(seat, word) {
      const box = tiles.get(seat);
      if (!box || !word) return;
      box.dataset.quality = word;
      box.querySelector(".net").textContent = words[word];
      hush(box);
    }

    /* In the language that was just chosen. */
    function again() {
      for (const box of tiles.values()) {
        const { net, quality: good } = box.dataset;
        box.querySelector(".net").textContent = words[good] || (net === "connected" ? "" : words[net] || "");
      }
      delete $("door-rows").dataset.state;
      draw(people);
    }

    return {
      draw, drawMine, drawDoor, state, quality, again,
      stream(seat, stream) { play(tile(seat).querySelector("video"), stream); },
      isUnreached: () => [...tiles.values()].some((box) => box.dataset.net === "unreached"),
      seated: () => people.filter((one) => !one.silent),
      pictures: () => people.filter((one) => !one.silent && tiles.has(one.seat)).map((one) => ({ video: tiles.get(one.seat).querySelector("video"), name: `${one.name} ${one.role}` })),
    };
  }

  return { open };
})();
