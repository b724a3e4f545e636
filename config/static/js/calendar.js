/* Dragging a hearing of the calendar: dropped somewhere else it opens the page that moves it, filled in with day, time, room or
   mediator of that place; nothing is moved before a reason is given there. With the keyboard Shift and an arrow key do the same from the
   link inside: half an hour earlier or later and the room beside it on the page of a day, the day or mediator beside it in a week.

   data-drag="ADDRESS" data-minutes="90"   what can be dragged: the page that moves it, and how long it lasts
   data-drop='{"day": "2026-03-05"}'       a place of a week: what it sets
   .schedule                               a day: the column is a .schedule-room[data-room], the row a .schedule-time[data-clock];
                                           what stands in it says data-starts="09:30" data-at="ROOM" */

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

function move(slot, place) {
  const address = new URL(slot.dataset.drag, location.href);
  for (const [name, value] of Object.entries(place)) address.searchParams.set(name, value);
  location.assign(address);
}

document.addEventListener("drop", (event) => {
  const place = dragged && placeOf(event);
  if (!place) return;
  event.preventDefault();
  move(dragged, place);
});

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function beside(slot, across, down) {
  const cell = slot.closest("[data-drop]");
  if (cell) {
    const row = down ? cell.parentElement[down < 0 ? "previousElementSibling" : "nextElementSibling"] : cell.parentElement;
    const found = row && row.children[cell.cellIndex + across];
    return found && found.dataset.drop ? JSON.parse(found.dataset.drop) : null;
  }
  const rooms = [...document.querySelectorAll(".schedule-room[data-room]")].map((one) => one.dataset.room);
  const room = rooms[rooms.indexOf(slot.dataset.at) + across];
  const starts = Number(slot.dataset.starts.slice(0, 2)) * 60 + Number(slot.dataset.starts.slice(3)) + 30 * down;
  const ends = starts + Number(slot.dataset.minutes);
  return room && starts >= 0 && ends < 1440 ? { starts: written(starts), ends: written(ends), room } : null;
}

document.addEventListener("keydown", (event) => {
  const slot = event.shiftKey && event.key in STEPS && event.target.closest && event.target.closest("[data-drag]");
  const place = slot && beside(slot, ...STEPS[event.key]);
  if (!place) return;
  event.preventDefault();
  move(slot, place);
});

document.addEventListener("dragend", () => {
  if (dragged) dragged.classList.remove("is-dragged");
  dragged = null;
});
