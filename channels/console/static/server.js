// How the script speaks to the server. Knows nothing about what it asks for.

export function signedOut() {
  // Nothing that a patient wrote stays on the screen of a session that has ended.
  location.replace(`/console/sign-in?ended=1&next=${encodeURIComponent(document.body.dataset.page)}`);
}

export async function post(address, fields = {}) {
  const body = new URLSearchParams({ token: document.body.dataset.token, ...fields });
  const headers = address.endsWith("/take") ? { "X-Previsit-Background": "1" } : {};
  const answer = await fetch(address, { method: "POST", body, headers });
  if (answer.status === 401) signedOut();
  return answer;
}

export async function page() {
  const headers = { "X-Previsit-Background": "1" };
  const answer = await fetch(document.body.dataset.page, { headers, cache: "no-store" });
  if (answer.status === 401) signedOut();
  if (answer.status === 404) location.replace("/console");
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
