/* The room: who is there, what one sees and hears of them, and what one sends. */

(() => {
  const $ = (id) => document.getElementById(id);
  const words = JSON.parse($("words").textContent), { base, csrf, host, silent } = document.body.dataset;
  const isHost = Boolean(host), isSilent = Boolean(silent);
  const peers = new Map(), tracks = { audio: null, video: null, sharing: false };
  const UNREACHED = ["unreachable", "noRelay", "relayRefused"];
  let wire = null, mine = "", ownSeat = "", ways = {}, muted = isSilent, camera = false, screen = null, over = false, released = false, troubled = "", lacking = "";

  let spoken = ["", "info"];
  function say(word, tone = "info") {
    spoken = [word, tone];
    $("says").hidden = !word;
    $("says").className = `message tone-${tone}`;
    $("says-words").textContent = words[word] || word;
  }

  function trouble(word) {
    troubled = word;
    $("trouble").hidden = !word;
    $("trouble-words").textContent = words[word] || word;
    $("retry").hidden = word === "noBrowser" || word === "noSecure";
    $("listen").hidden = !["refused", "refusedBySystem", "noDevice", "busy"].includes(word);
    if (["refused", "noBrowser"].includes(word) && window.onlineInApp && window.onlineInApp()) window.onlineShowCan("app");
  }

  // What one sends

  async function openDevices() {
    say("asksDevices");
    const { stream, lacks } = await OnlineDevices.open();
    lacking = lacks;
    $("lacks").hidden = !lacks;
    $("lacks").textContent = words[lacks] || "";
    [tracks.audio] = stream.getAudioTracks();
    [tracks.video] = stream.getVideoTracks();
    tracks.audio = tracks.audio || null;
    tracks.video = tracks.video || null;
    camera = Boolean(tracks.video);
    muted = !tracks.audio;
    watchTracks();
    await listDevices();
  }

  /* A device that is pulled out ends its track: what is shown must say so. */
  function watchTracks() {
    if (tracks.video) tracks.video.addEventListener("ended", () => { if (camera) setCamera(false); }, { once: true });
    if (tracks.audio) tracks.audio.addEventListener("ended", () => setMuted(true), { once: true });
  }

  function sent() {
    return { audio: tracks.audio, video: screen || tracks.video, sharing: Boolean(screen) };
  }

  async function put() {
    await Promise.all([...peers.values()].map((peer) => peer.put(sent())));
    fit();
    drawMine();
    getReady();
    if (wire) wire.hurry();
  }

  /* How one looks and sounds is shown to whoever waits, and behind the button to whoever is in. */
  const isWaiting = () => document.body.dataset.state !== "in";
  function getReady() {
    if (isSilent || over) return;
    if (isWaiting() && wire) $("devices").hidden = released;
    ready.show(tracks, isWaiting());
  }

  async function setMuted(wish) {
    if (!wish && (!tracks.audio || tracks.audio.readyState === "ended")) {
      try {
        tracks.audio = await OnlineDevices.openMicrophone();
      } catch (error) {
        return trouble(error.message);
      }
    }
    muted = wish;
    if (tracks.audio) tracks.audio.enabled = !muted;
    await put();
  }

  async function setCamera(wish) {
    if (wish) {
      try {
        tracks.video = await OnlineDevices.openCamera();
        watchTracks();
      } catch (error) {
        return trouble(error.message);
      }
    } else if (tracks.video) {
      tracks.video.stop();
      tracks.video = null;
    }
    camera = wish;
    await put();
  }

  async function setShare(wish) {
    if (wish) {
      try {
        screen = await OnlineDevices.openScreen();
      } catch (error) {
        return; // somebody changed their mind
      }
      screen.addEventListener("ended", () => setShare(false), { once: true });
    } else if (screen) {
      screen.stop();
      screen = null;
    }
    await put();
  }

  async function listDevices() {
    const found = await OnlineDevices.list();
    for (const [name, rows] of Object.entries(found)) {
      const select = $(`pick-${name}`), track = name === "camera" ? tracks.video : tracks.audio;
      if (!select) continue;
      const now = track && track.getSettings().deviceId;
      select.replaceChildren(...rows.map((one, at) => new Option(one.label || `${words[name]} ${at + 1}`, one.deviceId, false, one.deviceId === now)));
      select.disabled = !rows.length;
    }
  }

  async function choose(name, id) {
    OnlineDevices.choose(name, id);
    if (name === "camera") {
      if (tracks.video) tracks.video.stop();
      await setCamera(true);
    } else {
      if (tracks.audio) tracks.audio.stop();
      tracks.audio = null;
      await setMuted(false);
    }
  }

  function drawMine() {
    button("#mic", muted, muted ? "unmute" : "mute");
    button("#cam", !camera, camera ? "cameraOff" : "cameraOn");
    button("#share", Boolean(screen), screen ? "unshare" : "share");
    stage.drawMine();
  }

  function button(selector, isOn, word) {
    const found = document.querySelector(selector);
    if (!found) return;
    found.setAttribute("aria-pressed", String(isOn));
    found.querySelector(".caption").textContent = words[word];
  }

  // The others

  function meet(one) {
    if (peers.has(one.peer) || one.peer === mine || (isSilent && one.silent)) return;
    const peer = new OnlinePeer(mine, one.peer, ways, isSilent, sent(), {
      send: (word, data) => wire.send(one.peer, word, data),
      stream: (stream) => { if (!one.silent) stage.stream(one.seat, stream); },
      state: (word) => stateOf(one, word),
      relay: trouble,
    });
    peer.seat = one.seat;
    peers.set(one.peer, peer);
    fit();
  }

  function stateOf(one, word) {
    stage.state(one.seat, word);
    const unreached = stage.isUnreached();
    if (unreached && !troubled) trouble("unreachable");
    else if (!unreached && UNREACHED.includes(troubled)) trouble("");
    if (word === "connected") fit();
  }

  const fit = () => peers.forEach((peer) => peer.fit(stage.seated().length));

  function part(name) {
    peers.get(name).end();
    peers.delete(name);
  }

  function partAll() {
    [...peers.keys()].forEach(part);
    stage.draw([]);
  }

  async function read(letter) {
    if (letter.kind === "mute" && !letter.from) {
      if (!muted) {
        await setMuted(true);
        say("mutedByHost", "warn");
      }
      return;
    }
    const peer = peers.get(letter.from);
    if (peer) await peer.read(letter.kind, letter.data).catch(() => peer.repair());
  }

  async function look() {
    for (const [name, peer] of peers) {
      const word = await peer.quality();
      if (peers.has(name)) stage.quality(peer.seat, word);
    }
  }

  // Turns

  let reading = Promise.resolve();
  const hooks = {
    heard: () => written.heard,
    me: () => ({ muted, camera, sharing: Boolean(screen) }),
    in(said) {
      if (said.ice) ways = { iceServers: said.ice, iceTransportPolicy: said.relay_only ? "relay" : "all" };
      if (mine !== said.peer) {
        mine = said.peer;
        say("");
      }
      if (spoken[0] === "offline") say("");
      if (troubled === "noMailbox") trouble("");
      if (released) takeUp();
      stage.draw(said.people);
      drawMine();
      if (said.door) stage.drawDoor(said.door);
      ownSeat = said.seat;
      written.hear(said);
      shown.show(said.shown);
      const there = new Set(said.people.map((one) => one.peer));
      for (const name of [...peers.keys()]) if (!there.has(name)) part(name);
      said.people.forEach(meet);
      for (const letter of said.letters) reading = reading.then(() => read(letter));
      if (document.body.dataset.state !== "in") entered();
    },
    waiting(said) {
      mine = "";
      partAll();
      if (said.state === "removed") release();
      document.body.dataset.state = said.state;
      getReady();
      say(said.state === "removed" ? "removed" : said.open ? "waiting" : "notYet", said.state === "removed" ? "warn" : "info");
    },
    again() {
      mine = "";
      partAll();
    },
    ended(state) {
      stop();
      document.body.dataset.state = state;
      say(state, "warn");
    },
    offline() { say("offline", "warn"); },
    refused(message, status) {
      if (status === 503) trouble("noMailbox");
      else say(message, "warn");
    },
  };

  async function act(fields) {
    const answer = await wire.act(fields).catch(() => null);
    if (!answer) say("offline", "warn");
    else if (!answer.ok) say(await sentence(answer), "warn");
    wire.hurry();
    return answer;
  }

  /* What the house said no with; an answer from something before it has no words of ours. */
  async function sentence(answer) {
    const said = await answer.json().catch(() => ({}));
    return said.message || "failed";
  }

  const told = {
    words, isHost, isSilent, act, say, sentence,
    wire: () => wire,
    seat: () => ownSeat,
    mine: () => ({ peer: mine, muted, camera, screen, video: tracks.video }),
    pictures: () => stage.pictures(),
    sounds: () => [...(tracks.audio ? [tracks.audio] : []), ...[...peers.values()].flatMap((peer) => peer.stream.getAudioTracks())].filter((track) => track.readyState === "live"),
  };
  const stage = OnlineStage.open(told), written = OnlineWritten.open(told), shown = OnlineShown.open(told), ready = isSilent ? null : OnlineReady.open(told);

  OnlineLanguage.open({ words, csrf, base, say, again: sayAgain });

  /* In the language that was just chosen. What the house says of people comes with the next turn. */
  function sayAgain() {
    say(...spoken);
    if (troubled) $("trouble-words").textContent = words[troubled] || troubled;
    $("lacks").textContent = words[lacking] || "";
    stage.again();
    drawMine();
    written.again();
    shown.again();
    if (ready) ready.again();
    if (wire) wire.hurry();
  }

  function entered() {
    document.body.dataset.state = "in";
    OnlineAwake.begin();
    if (isSilent) return;
    $("devices").hidden = true;
    $("devices-open").setAttribute("aria-expanded", "false");
    getReady();
  }

  /* Whoever was sent out is neither seen nor heard, not even by their own browser; let in again, they are. */
  function release() {
    if (released) return;
    for (const track of [tracks.audio, tracks.video, screen]) if (track) track.stop();
    tracks.audio = tracks.video = screen = null;
    released = true;
  }

  async function takeUp() {
    released = false;
    if (isSilent) return;
    try {
      await openDevices();
      say("");
      await put();
    } catch (error) {
      trouble(error.message);
    }
  }

  /* Nothing goes on running here. */
  function stop() {
    over = true;
    OnlineAwake.end();
    written.stop();
    shown.stop();
    if (ready) ready.stop();
    if ($("devices")) $("devices").hidden = true;
    partAll();
    release();
    document.querySelectorAll(".online-bar button").forEach((button) => { button.disabled = true; });
    $("door").hidden = true;
    trouble("");
  }

  function leave(word = "left") {
    if (over) return;
    if (wire) wire.leave();
    stop();
    document.body.dataset.state = "left";
    say(word);
  }

  async function begin(listens = false) {
    trouble("");
    try {
      if (isSilent || listens) OnlineDevices.check();
      else await openDevices();
    } catch (error) {
      say("");
      return trouble(error.message);
    }
    say("connecting");
    if (!wire) {
      wire = OnlineWire.open(base, csrf, hooks);
      wire.start();
      setInterval(() => { if (!over) look(); }, 3000);
    }
    if (listens) muted = true;
    put();
  }

  const on = (id, act) => { if ($(id)) $(id).addEventListener("click", act); };
  on("mic", () => setMuted(!muted));
  on("cam", () => setCamera(!camera));
  on("share", () => setShare(!screen));
  on("leave", () => { if (window.confirm(words.leaveAsk)) leave(); });
  on("close", async () => { if (window.confirm(words.closeAsk)) await act({ act: "close" }); });
  on("mute-all", () => act({ act: "mute_all" }));
  on("retry", () => (UNREACHED.includes(troubled) ? peers.forEach((peer) => peer.repair()) : begin()));
  on("listen", () => begin(true));
  on("link", () => leave());
  on("elsewhere", () => leave());
  on("devices-open", () => {
    $("devices").hidden = !$("devices").hidden;
    $("devices-open").setAttribute("aria-expanded", String(!$("devices").hidden));
    if (!$("devices").hidden) $("pick-camera").focus();
  });
  for (const name of ["camera", "microphone"]) if ($(`pick-${name}`)) $(`pick-${name}`).addEventListener("change", (event) => choose(name, event.target.value));
  if ($("share")) $("share").hidden = !OnlineDevices.canShare();
  window.addEventListener("pagehide", () => leave());
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  window.addEventListener("online", () => wire && wire.hurry());
  // For whoever looks from the browser's console why a connection is bad.
  window.onlinePeers = () => [...peers.values()];
  window.onlineTracks = () => ({ ...tracks });
  begin();
})();
