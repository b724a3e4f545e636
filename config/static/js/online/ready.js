/* Before one goes in, and later behind “devices”: how one looks, whether one is heard, and whether the line carries. */

const OnlineReady = (() => {
  const $ = (id) => document.getElementById(id);
  const OFTEN = 120, QUIET = 5000, LOUD = 4; // milliseconds; of a hundred
  const LINE = 8000; // milliseconds a channel may take

  /* room: { words, act(fields) } */
  function open(room) {
    const { words } = room;
    let sound = null, timer = 0, heardAt = 0, track = null;

    const isShown = () => !$("devices").hidden;

    function preview(video) {
      const box = $("preview");
      $("preview-none").hidden = Boolean(video);
      box.hidden = !video;
      if (!video) box.srcObject = null;
      else if (!box.srcObject || box.srcObject.getVideoTracks()[0] !== video) {
        box.srcObject = new MediaStream([video]);
        box.play().catch(() => {});
      }
    }

    function listen(audio) {
      if (audio === track) return;
      quiet();
      track = audio;
      const Sound = window.AudioContext || window.webkitAudioContext;
      if (!audio || !Sound) return;
      sound = new Sound();
      const ear = sound.createAnalyser(), wave = new Uint8Array(512);
      ear.fftSize = 512;
      sound.createMediaStreamSource(new MediaStream([audio])).connect(ear);
      wake();
      heardAt = Date.now();
      timer = setInterval(() => measure(ear, wave), OFTEN);
    }

    /* Some browsers make no sound and hear none before somebody has touched the page. */
    function wake() {
      if (sound && sound.state === "suspended") sound.resume().catch(() => {});
    }

    function measure(ear, wave) {
      if (!isShown() || !sound) return;
      ear.getByteTimeDomainData(wave);
      let sum = 0;
      for (const point of wave) sum += ((point - 128) / 128) ** 2;
      const level = Math.min(100, Math.round(Math.sqrt(sum / wave.length) * 300));
      $("level").value = level;
      if (level >= LOUD) heardAt = Date.now();
      const word = !track.enabled ? "levelMuted" : Date.now() - heardAt < QUIET ? "levelGood" : "levelQuiet";
      if ($("level-says").dataset.word !== word) Object.assign($("level-says"), { textContent: words[word] }).dataset.word = word;
    }

    function quiet() {
      clearInterval(timer);
      if (sound) sound.close().catch(() => {});
      sound = track = null;
      $("level").value = 0;
      $("level-says").textContent = words.levelNone;
      $("level-says").dataset.word = "levelNone";
    }

    // The line

    const told = (text, tone) => {
      $("line-says").textContent = text;
      $("line-says").className = `message tone-${tone}`;
      $("line-says").hidden = false;
    };

    async function tryLine() {
      $("try-line").disabled = true;
      told(words.lineTries, "info");
      try {
        const begun = performance.now(), answer = await room.act({ act: "try_line" });
        if (!answer || !answer.ok) return told(words.lineHouse, "warn");
        const way = Math.round(performance.now() - begun), said = await answer.json();
        const hasRelay = said.ice.some((one) => [].concat(one.urls).some((url) => url.startsWith("turn")));
        const word = await channel({ iceServers: said.ice, iceTransportPolicy: said.relay_only || hasRelay ? "relay" : "all" });
        told(word ? words[word] : words[way > 800 ? "lineSlow" : "lineGood"].replace("%(way)s", way), word || way > 800 ? "warn" : "good");
      } catch (error) {
        told(words.lineHouse, "warn");
      } finally {
        $("try-line").disabled = false;
      }
    }

    /* From here to here, by the way that sound and picture would take. "" if it carries. */
    async function channel(ways) {
      const one = new RTCPeerConnection(ways), two = new RTCPeerConnection(ways);
      let refused = false;
      try {
        for (const [from, to] of [[one, two], [two, one]]) {
          from.addEventListener("icecandidate", (event) => { if (event.candidate) to.addIceCandidate(event.candidate).catch(() => {}); });
          from.addEventListener("icecandidateerror", (event) => { if ([401, 403, 438].includes(event.errorCode)) refused = true; });
        }
        const line = one.createDataChannel("line"), opened = new Promise((done) => line.addEventListener("open", () => done(true)));
        await one.setLocalDescription(await one.createOffer());
        await two.setRemoteDescription(one.localDescription);
        await two.setLocalDescription(await two.createAnswer());
        await one.setRemoteDescription(two.localDescription);
        const carries = await Promise.race([opened, new Promise((done) => setTimeout(() => done(false), LINE))]);
        return carries ? "" : refused ? "relayRefused" : ways.iceTransportPolicy === "relay" ? "noRelay" : "unreachable";
      } finally {
        one.close();
        two.close();
      }
    }

    $("try-line").addEventListener("click", tryLine);
    document.addEventListener("click", wake);
    return {
      show(tracks, isWaiting) {
        preview(isWaiting ? tracks.video : null);
        $("preview-box").hidden = !isWaiting;
        listen(tracks.audio);
      },
      again() {
        const word = $("level-says").dataset.word;
        if (word) $("level-says").textContent = words[word];
        $("line-says").hidden = true;
      },
      stop() { quiet(); preview(null); },
    };
  }

  return { open };
})();
