/* Camera, microphone and screen of whoever sits here. A camera that is off is really off: its light goes out. */

const OnlineDevices = (() => {
  const PICTURE = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 24 } };
  const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const wanted = { camera: "", microphone: "" };

  class Trouble extends Error {}

  /* The word that says what is wrong. */
  function word(error) {
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

  /* Both, or what there is of them. */
  async function open() {
    check();
    try {
      return await ask({ ...camera(), ...microphone() });
    } catch (trouble) {
      if (trouble.message !== "noDevice") throw trouble;
    }
    try {
      return await ask(microphone());
    } catch (trouble) {
      if (trouble.message !== "noDevice") throw trouble;
    }
    return ask(camera());
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
