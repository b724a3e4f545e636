/* redact.js — rectangles drawn over a picture become lines of four hundredths in the form's field.
   data-redact="ID"    around the picture and its svg; ID: the field
   data-redact-undo    takes the last rectangle away */

for (const frame of document.querySelectorAll("[data-redact]")) {
  const field = document.getElementById(frame.dataset.redact);
  const sheet = frame.querySelector("svg");
  let from = null, drawn = null;

  const place = (event) => {
    const edge = sheet.getBoundingClientRect();
    const part = (at, start, length) => Math.min(100, Math.max(0, (100 * (at - start)) / length));
    return [part(event.clientX, edge.left, edge.width), part(event.clientY, edge.top, edge.height)];
  };
  const show = (rect, [left, top, width, height]) => {
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) rect.setAttribute(name, `${value}%`);
  };
  const add = (box) => {
    const rect = sheet.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
    show(rect, box);
    return rect;
  };
  const lines = () => field.value.split("\n").filter((line) => line.trim());
  const redraw = () => {
    sheet.replaceChildren();
    for (const line of lines()) {
      const box = line.trim().split(/[\s,\uff0c]+/).map(Number);
      if (box.length === 4 && box.every(Number.isFinite)) add(box);
    }
  };
  const between = ([x1, y1], [x2, y2]) => [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];

  sheet.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    from = place(event);
    drawn = add([...from, 0, 0]);
  });
  sheet.addEventListener("pointermove", (event) => from && show(drawn, between(from, place(event))));
  sheet.addEventListener("pointerup", (event) => {
    if (!from) return;
    const box = between(from, place(event));
    from = null;
    if (box[2] > 0.3 && box[3] > 0.3) field.value = [...lines(), box.map((value) => value.toFixed(2)).join(" ")].join("\n");
    redraw();
  });
  sheet.addEventListener("pointercancel", () => { from = null; redraw(); });
  field.addEventListener("input", redraw);
  document.querySelector("[data-redact-undo]")?.addEventListener("click", () => { field.value = lines().slice(0, -1).join("\n"); redraw(); });
  redraw();
}
