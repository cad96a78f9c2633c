// A chat that somebody was invited to: its id and token come in the address's fragment, which no server sees, and are
// taken out of it at once, so that they are not in the history of a shared computer.

export function invited() {
  const [id, token] = location.hash.slice(1).split(".");
  if (!id || !token) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return { id, token };
}
