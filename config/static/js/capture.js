/* What a phone takes in: photos made smaller, words recorded, a name written with the finger. Every one of them ends as
   a file in an ordinary file field, which is also there without this script.

   data-shrinks     around a file field: photos larger than a page needs are drawn smaller
   data-records     around a file field: [data-record] starts and stops a recording
   data-signs       around [data-signs-file] (the field) and [data-signs-pad] (the canvas), of which one is shown */

const LONGEST_SIDE = 1600, QUALITY = 0.82, SMALL_ENOUGH = 400 * 1024;

function say(around, words) {
  around.querySelector("[data-says]").textContent = words;
}

function put(input, files) {
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  input.files = kept.files;
  input.dispatchEvent(new Event("captured", { bubbles: true }));
}

function kilobytes(files) {
  return `${Math.round(files.reduce((sum, file) => sum + file.size, 0) / 1024)} KB`;
}

/* The photo as it is if it cannot be read, is small, or would not get smaller. Turned upright by the browser; what the
   camera wrote beside the picture (place, device) is left behind. */
async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what was see-through
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch (error) {
    return file;
  }
}

function readyToShrink(around) {
  const input = around.querySelector('input[type="file"]');
  input.addEventListener("change", async () => {
    const form = input.form, chosen = [...input.files], send = (event) => { event.preventDefault(); event.stopPropagation(); };
    form.addEventListener("submit", send); // not before the photos are ready
    const files = await Promise.all(chosen.map(smaller));
    put(input, files);
    form.removeEventListener("submit", send);
    say(around, files.some((file, at) => file !== chosen[at]) ? `${around.dataset.smaller} ${kilobytes(files)}` : "");
  });
}

function readyToRecord(around) {
  const button = around.querySelector("[data-record]"), words = button.querySelector("span"), says = around.querySelector("[data-says]");
  const start = words.textContent, input = around.querySelector('input[type="file"]');
  if (!window.MediaRecorder || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  button.hidden = false;
  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts = [];
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 24000 });
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => {
        stream.getTracks().forEach((track) => track.stop());
        const type = recorder.mimeType.split(";")[0], extension = type.includes("mp4") ? "m4a" : type.includes("ogg") ? "ogg" : "webm";
        const name = `recording-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${extension}`;
        const file = new File(parts, name, { type });
        put(input, [...input.files, file]);
        recorder = null;
        words.textContent = start;
        say(around, `${says.dataset.done} ${kilobytes([file])}`);
      });
      recorder.start(1000);
      words.textContent = button.dataset.stop;
      say(around, "");
    } catch (error) {
      recorder = null;
      say(around, says.dataset.refused);
    }
  });
}

function readyToSign(around) {
  const file = around.querySelector("[data-signs-file]"), input = file.querySelector("input"), pad = around.querySelector("[data-signs-pad]");
  const canvas = pad.querySelector("canvas"), pen = canvas.getContext("2d"), says = pad.querySelector("[data-says]");
  const wipe = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: "#111", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    put(input, []);
    say(pad, "");
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  };
  let writes = false;
  const stop = () => {
    if (!writes) return;
    writes = false;
    canvas.toBlob((blob) => {
      put(input, [new File([blob], "signature.png", { type: "image/png" })]);
      say(pad, says.dataset.done);
    }, "image/png");
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    writes = true;
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!writes) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  around.querySelector("[data-wipes]").addEventListener("click", wipe);
  around.querySelector("[data-signs-on-paper]").addEventListener("click", () => {
    wipe();
    pad.hidden = true;
    file.hidden = false;
    input.focus();
  });
  around.addEventListener("restart", () => {
    wipe();
    pad.hidden = false;
    file.hidden = true;
  });
  around.dispatchEvent(new Event("restart"));
}

document.querySelectorAll("[data-shrinks]").forEach(readyToShrink);
document.querySelectorAll("[data-records]").forEach(readyToRecord);
document.querySelectorAll("[data-signs]").forEach(readyToSign);
