/* What is written and recorded in the room. */

const OnlineWritten = (() => {
  const UPLOAD = 120000; // milliseconds a file may take on a slow line
  const $ = (id) => document.getElementById(id);
  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  /* room: { wire(), words, isHost, isSilent, seat(), act(fields), say(word, tone), pictures(), sounds() } */
  function open(room) {
    const { words } = room;
    let heard = "", unread = 0, recorder = null;

    // Written

    function write(lines, taken) {
      for (const line of lines) {
        if (line.n === heard) continue;
        heard = line.n;
        const row = make("li", "chat-line"), who = make("p", "small muted", `${line.name} ${line.at}`), said = make("p", "", line.text);
        row.dataset.n = line.n;
        row.append(who, said);
        if (room.isHost) {
          const button = make("button", "button is-small", words.take);
          button.type = "button";
          button.addEventListener("click", () => room.act({ act: "take", line: line.n }));
          row.append(button);
        }
        $("chat-lines").append(row);
        row.scrollIntoView({ block: "nearest" });
        if ($("chat").hidden) unread += 1;
      }
      for (const number of taken || []) {
        const row = $("chat-lines").querySelector(`[data-n="${number}"]`), button = row && row.querySelector("button");
        if (button && !button.disabled) Object.assign(button, { disabled: true, textContent: words.taken });
      }
      $("chat-count").textContent = unread ? String(unread) : "";
    }

    function fold(panel, opener, focus) {
      $(opener).addEventListener("click", () => {
        $(panel).hidden = !$(panel).hidden;
        $(opener).setAttribute("aria-expanded", String(!$(panel).hidden));
        if (panel === "chat") unread = 0, write([], []);
        if (!$(panel).hidden) { $(focus).focus(); $(panel).scrollIntoView({ block: "nearest" }); }
      });
    }

    // Recorded

    function consent(state) {
      $("recording").hidden = !state.on;
      $("consent").hidden = room.isSilent || !state.question;
      $("consent-ask").textContent = state.mine === true ? words.youAgreed : state.mine === false ? words.youRefused : words.asksConsent;
      $("agree").hidden = state.mine === true;
      $("refuse").hidden = state.mine === false;
      $("refuse").textContent = state.mine === true ? words.takeBack : words.refuse;
      $("consent-state").textContent = state.refused.length
        ? words.refusedBy.replace("%(who)s", state.refused.join(words.and))
        : state.waits.length ? words.waitsFor.replace("%(who)s", state.waits.join(words.and)) : words.allAgree;
      if (room.isHost) {
        $("record").querySelector(".caption").textContent = state.on ? words.stopRecording : state.agreed && state.question ? words.startRecording : words.askRecording;
        $("record").dataset.act = state.on ? "record_stop" : state.agreed && state.question ? "record_start" : "ask_recording";
        $("record").setAttribute("aria-pressed", String(Boolean(state.on)));
      }
      if (recorder && recorder.id && recorder.id !== state.on) halt();
    }

    async function record() {
      const act = $("record").dataset.act;
      if (act === "record_stop") return finish();
      if (act !== "record_start") return room.act({ act });
      if (recorder) return;
      const mime = window.MediaRecorder && ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
      const answer = await room.act({ act, mime: mime || "" });
      if (answer && answer.ok) begin((await answer.json()).recording, mime);
    }

    /* All pictures drawn into one, all sounds mixed into one. */
    function begin(id, mime) {
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), sound = new AudioContext(), mix = sound.createMediaStreamDestination();
      sound.resume().catch(() => {}); // where sound begins only after a touch
      const known = new Set();
      Object.assign(canvas, { width: 960, height: 540 });
      const draw = () => {
        const seen = room.pictures(), across = Math.ceil(Math.sqrt(seen.length || 1)), wide = canvas.width / across, high = canvas.height / Math.ceil((seen.length || 1) / across);
        pen.fillStyle = "#10181a";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        seen.forEach(({ video, name }, at) => {
          const x = (at % across) * wide, y = Math.floor(at / across) * high;
          if (video.videoWidth && !video.hidden) {
            const scale = Math.min(wide / video.videoWidth, high / video.videoHeight), w = video.videoWidth * scale, h = video.videoHeight * scale;
            pen.drawImage(video, x + (wide - w) / 2, y + (high - h) / 2, w, h);
          }
          pen.fillStyle = "#fff";
          pen.font = "18px sans-serif";
          pen.fillText(name, x + 8, y + high - 10);
        });
        for (const track of room.sounds()) {
          if (known.has(track.id)) continue;
          known.add(track.id);
          sound.createMediaStreamSource(new MediaStream([track])).connect(mix);
        }
      };
      draw();
      const stream = new MediaStream([...canvas.captureStream(10).getVideoTracks(), ...mix.stream.getAudioTracks()]);
      const machine = new MediaRecorder(stream, { mimeType: mime, videoBitsPerSecond: 700000, audioBitsPerSecond: 48000 });
      recorder = { id, machine, sound, stream, timer: setInterval(draw, 100), number: 0, sending: Promise.resolve(), dead: false };
      const mine = recorder;
      machine.addEventListener("dataavailable", (event) => {
        if (event.data.size) mine.sending = mine.sending.then(() => send(mine, event.data));
      });
      machine.start(4000);
    }

    async function send(mine, piece) {
      for (let tries = 0; tries < 20 && !mine.dead; tries += 1) {
        const answer = await room.wire().post(`recordings/${mine.id}/${mine.number}/`, piece, { "Content-Type": "application/octet-stream" }, UPLOAD).catch(() => null);
        if (answer && answer.ok) {
          mine.number += 1;
          return;
        }
        if (answer && answer.status < 500) {
          mine.dead = true;
          const why = answer.status === 409 ? await room.sentence(answer) : "";
          if (why && recorder === mine) { // a full disk: what is there is kept, and nobody believes that it goes on
            recorder = null;
            shut(mine);
            await room.act({ act: "record_stop" });
          }
          if (why) room.say(why, "warn");
          return;
        }
        await new Promise((done) => setTimeout(done, 1500));
      }
    }

    function shut(mine) {
      clearInterval(mine.timer);
      if (mine.machine.state !== "inactive") mine.machine.stop();
      mine.stream.getTracks().forEach((track) => track.stop());
      mine.sound.close().catch(() => {});
    }

    /* By the mediator: the last piece goes first. */
    async function finish() {
      const mine = recorder;
      recorder = null;
      if (mine) {
        const last = new Promise((done) => mine.machine.addEventListener("stop", done, { once: true }));
        shut(mine);
        await last;
        await mine.sending;
      }
      await room.act({ act: "record_stop" });
    }

    /* Ended by the house: somebody does not agree any more. */
    function halt() {
      const mine = recorder;
      recorder = null;
      mine.dead = true;
      shut(mine);
    }

    if (!room.isSilent) {
      fold("show", "show-open", "show-file");
      $("agree").addEventListener("click", () => room.act({ act: "consent", agrees: "yes" }));
      $("refuse").addEventListener("click", () => room.act({ act: "consent", agrees: "no" }));
      $("chat-form").addEventListener("submit", async (event) => {
        event.preventDefault();
        const answer = await room.act({ act: "say", text: $("chat-text").value });
        if (answer && answer.ok) $("chat-text").value = "";
      });
    }
    fold("chat", "chat-open", room.isSilent ? "chat" : "chat-text");
    if (room.isHost) $("record").addEventListener("click", record);

    return {
      get heard() { return heard; },
      again() {
        for (const button of $("chat-lines").querySelectorAll("button")) button.textContent = button.disabled ? words.taken : words.take;
      },
      hear(said) {
        write(said.chat, said.taken);
        consent(said.recording);
      },
      stop() {
        if (recorder) halt();
        for (const id of ["consent", "recording", "chat", "show"]) if ($(id)) $(id).hidden = true;
      },
    };
  }

  return { open };
})();
