// The telephone: texts as they come, and a box to write in.

const log = document.getElementById("texts");
const box = document.getElementById("body");
const failure = document.getElementById("failure");

new EventSource("/texts").addEventListener("message", ({ data }) => {
  const { mine, body } = JSON.parse(data);
  const line = document.createElement("li");
  line.className = mine ? "mine" : "theirs";
  for (const part of body.split(/(https?:\/\/\S+)/)) line.append(part.startsWith("http") ? link(part) : part);
  log.append(line);
  log.scrollTop = log.scrollHeight;
});

function link(address) {
  const found = document.createElement("a");
  found.href = address;
  found.target = "_blank";
  found.rel = "noreferrer";
  found.textContent = address;
  return found;
}

async function send() {
  const body = box.value.trim();
  if (!body) return;
  box.value = "";
  const answer = await fetch("/texts", { method: "POST", body: JSON.stringify({ body }) }).catch(() => null);
  failure.hidden = Boolean(answer?.ok);
  failure.textContent = "The text was not sent. Is previsit still running?";
  if (!answer?.ok) box.value = body;
}

document.getElementById("write").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  send();
});
