// The telephone: texts as they come, and a box to write in. `?phone=2` is another one.

const screen = document.getElementById("screen");
const log = document.getElementById("texts");
const box = document.getElementById("body");
const failure = document.getElementById("failure");
const phone = Number(new URLSearchParams(location.search).get("phone")) || 1;
const texts = `/texts?phone=${phone}`;

document.getElementById("another").href = `?phone=${phone + 1}`;

const news = new EventSource(texts);
news.addEventListener("anew", () => log.replaceChildren());
news.addEventListener("message", ({ data }) => {
  const { by, body, picture } = JSON.parse(data);
  const line = document.createElement("li");
  line.className = by;
  if (picture) line.append(drawn());
  for (const part of body.split(/(https?:\/\/\S+)/)) line.append(part.startsWith("http") ? link(part) : part);
  log.append(line);
  screen.scrollTop = screen.scrollHeight;
});

function link(address) {
  const found = document.createElement("a");
  found.href = address;
  found.target = "_blank";
  found.rel = "noreferrer";
  found.textContent = address;
  return found;
}

function drawn() {
  const found = document.createElement("span");
  found.className = "picture";
  found.textContent = "Picture";
  return found;
}

async function send(picture = false) {
  const body = box.value.trim();
  if (!body && !picture) return;
  show("");
  const answer = await fetch(texts, { method: "POST", body: JSON.stringify({ body, picture }) }).catch(() => null);
  failure.hidden = Boolean(answer?.ok);
  failure.textContent = "The text was not sent. Is previsit still running?";
  if (!answer?.ok) show(body);
}

function show(text) {
  box.value = text;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

document.getElementById("write").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
document.getElementById("picture").addEventListener("click", () => send(true));
for (const example of document.querySelectorAll(".example")) {
  example.addEventListener("click", () => {
    show(example.textContent);
    box.focus();
  });
}
box.focus({ preventScroll: true });
box.addEventListener("input", () => show(box.value));
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
