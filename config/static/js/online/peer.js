/* The connection to one other browser. Of each two, the one with the greater name calls, and the other one answers: they never
   call at once. What is sent changes by replacing tracks, so that nothing is negotiated again. */

const ONLINE_PATIENCE = 15000; // milliseconds until a connection must stand
const ONLINE_GRACE = 4000; // for which a lost one may come back by itself
const ONLINE_TRIES = 4;

class OnlinePeer {
  /* ways: RTCConfiguration. hooks: send(kind, data), stream(stream), state(word), relay(word) */
  constructor(mine, theirs, ways, silent, tracks, hooks) {
    Object.assign(this, { theirs, silent, tracks, hooks, calls: mine > theirs, early: [], found: [], tries: 0, timer: 0, posting: 0, ended: false, last: null });
    this.stream = new MediaStream();
    this.line = new RTCPeerConnection({ ...ways, bundlePolicy: "max-bundle" });
    this.line.addEventListener("icecandidateerror", (event) => { if ([401, 403, 438].includes(event.errorCode)) this.refused = true; });
    this.line.addEventListener("icegatheringstatechange", () => this.gathered(ways));
    this.line.addEventListener("icecandidate", (event) => this.note(event.candidate));
    this.line.addEventListener("track", (event) => {
      this.stream.addTrack(event.track);
      hooks.stream(this.stream);
    });
    this.line.addEventListener("connectionstatechange", () => this.changed());
    hooks.state("connecting");
    this.watch(ONLINE_PATIENCE);
    if (this.calls) this.call(false);
  }

  async call(again) {
    if (!this.line.getTransceivers().length) {
      const direction = this.silent ? "recvonly" : "sendrecv";
      this.line.addTransceiver("audio", { direction });
      this.line.addTransceiver("video", { direction });
      await this.put();
    }
    await this.line.setLocalDescription(await this.line.createOffer({ iceRestart: again }));
    this.hooks.send("offer", this.line.localDescription.toJSON());
  }

  async read(kind, data) {
    if (this.ended) return;
    if (kind === "offer" && !this.calls) await this.answer(data);
    else if (kind === "answer" && this.calls && this.line.signalingState === "have-local-offer") await this.hear(data);
    else if (kind === "candidates") await this.add(data);
    else if (kind === "again" && this.calls && this.line.signalingState === "stable") await this.call(true);
  }

  async answer(offer) {
    await this.hear(offer);
    if (!this.silent) for (const part of this.line.getTransceivers()) part.direction = "sendrecv";
    await this.put();
    await this.line.setLocalDescription(await this.line.createAnswer());
    this.hooks.send("answer", this.line.localDescription.toJSON());
  }

  async hear(description) {
    await this.line.setRemoteDescription(description);
    const early = this.early.splice(0);
    await this.add(early);
  }

  async add(candidates) {
    if (!this.line.remoteDescription) {
      this.early.push(...candidates);
      return;
    }
    for (const one of candidates) await this.line.addIceCandidate(one).catch(() => {}); // of a call before this one
  }

  /* Candidates go in bundles: a browser finds a dozen within a moment. */
  note(candidate) {
    if (!candidate) return;
    this.found.push(candidate.toJSON());
    clearTimeout(this.posting);
    this.posting = setTimeout(() => this.hooks.send("candidates", this.found.splice(0)), 80);
  }

  /* A relay that is the only way, and is none: nobody needs to wait for what cannot come. */
  gathered(ways) {
    if (this.ended || this.line.iceGatheringState !== "complete") return;
    const lines = this.line.localDescription ? this.line.localDescription.sdp : "";
    if (ways.iceTransportPolicy === "relay" && !lines.includes(" typ relay")) {
      this.tries = ONLINE_TRIES;
      this.hooks.state("unreached");
      this.hooks.relay(this.refused ? "relayRefused" : "noRelay");
    }
  }

  sender(kind) {
    const part = this.line.getTransceivers().find((one) => one.receiver.track.kind === kind);
    return part && part.sender;
  }

  /* What is sent from now on: {audio, video}, each a track or null. */
  async put(tracks = this.tracks) {
    this.tracks = tracks;
    if (this.silent || this.ended) return;
    await Promise.all(["audio", "video"].map((kind) => this.sender(kind) && this.sender(kind).replaceTrack(tracks[kind]).catch(() => {})));
  }

  /* The more people, the smaller the picture each of them is sent. */
  async fit(people) {
    const sender = this.sender("video");
    if (this.silent || !sender) return;
    const said = sender.getParameters();
    if (!said.encodings || !said.encodings.length) return;
    const many = people > 3, share = this.tracks.video && this.tracks.sharing;
    said.encodings[0].maxBitrate = share ? 900000 : many ? 180000 : 500000;
    said.encodings[0].scaleResolutionDownBy = many && !share ? 2 : 1;
    await sender.setParameters(said).catch(() => {});
  }

  changed() {
    const state = this.line.connectionState;
    if (this.ended) return;
    if (state === "connected") {
      clearTimeout(this.timer);
      this.tries = 0;
      this.hooks.state("connected");
    } else if (state === "disconnected") {
      this.hooks.state("lost");
      this.watch(ONLINE_GRACE);
    } else if (state === "failed") {
      this.repair();
    }
  }

  watch(patience) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.repair(), patience);
  }

  repair() {
    if (this.ended || this.line.connectionState === "connected") return;
    this.tries += 1;
    this.hooks.state(this.tries >= ONLINE_TRIES ? "unreached" : "lost");
    if (this.calls) this.call(true).catch(() => {});
    else this.hooks.send("again", null);
    this.watch(ONLINE_PATIENCE);
  }

  /* How well it goes: by the way there and back, and what is lost of the picture and the sound. */
  async quality() {
    if (this.line.connectionState !== "connected") return "";
    let way = 0, lost = 0, got = 0;
    for (const row of (await this.line.getStats()).values()) {
      if (row.type === "candidate-pair" && row.nominated && row.currentRoundTripTime) way = row.currentRoundTripTime;
      if (row.type === "inbound-rtp") {
        lost += row.packetsLost || 0;
        got += row.packetsReceived || 0;
      }
    }
    const before = this.last || { lost: 0, got: 0 };
    this.last = { lost, got };
    const share = (lost - before.lost) / Math.max(1, got - before.got + lost - before.lost);
    return way > 0.6 || share > 0.1 ? "poor" : way > 0.3 || share > 0.03 ? "fair" : "good";
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    clearTimeout(this.posting);
    this.line.close();
    for (const track of this.stream.getTracks()) track.stop();
  }
}
