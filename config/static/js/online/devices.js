/* Camera, microphone and screen of whoever sits here. A camera that is off is really off: its light goes out. */

const OnlineDevices = (() => {
  const PICTURE = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 24 } };
  const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const wanted = { camera: "", microphone: "" };

  class Trouble extends Error {}

  /* The word that says what is wrong. */
  function word(error) {
    if (error.name === "NotAllowedError" && /system/i.test(error.message)) return "refusedBySystem";
    if (error.name === "NotAllowedError" || error.name === "SecurityError") return "refused";
    if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "noDevice";
    return error.name === "NotReadableError" || error.name === "AbortError" ? "busy" : "noBrowser";
  }

  function check() {
    if (!window.isSecureContext) throw new Trouble("noSecure");
    if (!window.RTCPeerConnection || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) throw new Trouble("noBrowser");
  }

  async function ask(what) {
    try {
      return await navigator.mediaDevices.getUserMedia(what);
    } catch (error) {
      throw new Trouble(word(error));
    }
  }

  const camera = () => ({ video: { ...PICTURE, ...(wanted.camera ? { deviceId: { exact: wanted.camera } } : { facingMode: "user" }) } });
  const microphone = () => ({ audio: { ...SOUND, ...(wanted.microphone ? { deviceId: { exact: wanted.microphone } } : {}) } });

  /* Both, or what there is of them: whoever has no camera is heard, whoever has no microphone is seen. `lacks`: the word for what is missing. */
  async function open() {
    check();
    let why = null;
    try {
      return { stream: await ask({ ...camera(), ...microphone() }), lacks: "" };
    } catch (trouble) {
      why = trouble;
    }
    for (const [what, missing] of [[microphone, "Camera"], [camera, "Microphone"]]) {
      if (!(await isWorth(why.message, missing))) continue;
      try {
        return { stream: await ask(what()), lacks: why.message + missing };
      } catch (trouble) {
        // the other one, perhaps
      }
    }
    throw why;
  }

  /* Where somebody has said no to both, they are not asked again. */
  async function isWorth(why, missing) {
    if (why === "noDevice" || why === "busy") return true;
    if (why !== "refused" || !navigator.permissions) return false;
    const state = async (name) => (await navigator.permissions.query({ name }).catch(() => ({ state: "" }))).state;
    const lost = await state(missing.toLowerCase()), other = await state(missing === "Camera" ? "microphone" : "camera");
    return lost === "denied" && other !== "denied" && other !== "";
  }

  const one = async (what) => (await ask(what)).getTracks()[0];

  async function list() {
    const found = await navigator.mediaDevices.enumerateDevices();
    return { camera: found.filter((one) => one.kind === "videoinput"), microphone: found.filter((one) => one.kind === "audioinput") };
  }

  return {
    open, list, check,
    openCamera: () => one(camera()),
    openMicrophone: () => one(microphone()),
    choose(kind, id) { wanted[kind] = id; },
    canShare: () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getDisplayMedia),
    async openScreen() { return (await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 8 } }, audio: false })).getVideoTracks()[0]; },
  };
})();
