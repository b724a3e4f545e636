/* Dragging a hearing of the calendar: dropped somewhere else it opens the page that moves it, filled in with day, time, room or
   mediator of that place; nothing is moved before a reason is given there. Without a pointer the link inside does the same.

   data-drag="ADDRESS" data-minutes="90"   what can be dragged: the page that moves it, and how long it lasts
   data-drop='{"day": "2026-03-05"}'       a place of a week: what it sets
   .schedule                               a day: the column is a .schedule-room[data-room], the row a .schedule-time[data-clock] */

let dragged = null;

function clockAt(schedule, y) {
  let found = null;
  for (const mark of schedule.querySelectorAll(".schedule-time[data-clock]")) {
    const top = mark.getBoundingClientRect().top;
    if (top <= y) found = { clock: mark.dataset.clock, past: y - top, height: found ? top - found.top : 84, top };
  }
  if (!found) return null;
  const half = found.past > found.height / 2 ? 30 : 0;
  return Number(found.clock.slice(0, 2)) * 60 + half;
}

function roomAt(schedule, x) {
  for (const head of schedule.querySelectorAll(".schedule-room[data-room]")) {
    const box = head.getBoundingClientRect();
    if (x >= box.left && x <= box.right) return head.dataset.room;
  }
  return null;
}

const written = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

function placeOf(event) {
  const cell = event.target.closest("[data-drop]");
  if (cell) return JSON.parse(cell.dataset.drop);
  const schedule = event.target.closest(".schedule");
  if (!schedule) return null;
  const starts = clockAt(schedule, event.clientY);
  const room = roomAt(schedule, event.clientX);
  if (starts === null || room === null) return null;
  return { starts: written(starts), ends: written(starts + Number(dragged.dataset.minutes)), room };
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest && event.target.closest("[data-drag]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.drag);
  dragged.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest("[data-drop], .schedule")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const place = dragged && placeOf(event);
  if (!place) return;
  event.preventDefault();
  const address = new URL(dragged.dataset.drag, location.href);
  for (const [name, value] of Object.entries(place)) address.searchParams.set(name, value);
  location.assign(address);
});

document.addEventListener("dragend", () => {
  if (dragged) dragged.classList.remove("is-dragged");
  dragged = null;
});
