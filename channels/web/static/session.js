// Where the id and token of this chat are kept: in this tab only, so that they are gone when the tab is closed and
// the next person at a shared computer finds nothing. Where the browser forbids storage, in memory.

const KEY = "previsit";
let inMemory = null;

export function saved() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? inMemory;
  } catch {
    return inMemory;
  }
}

export function save(session) {
  inMemory = session;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Storage is forbidden here; a reload will start anew.
  }
}

export function forget() {
  inMemory = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored.
  }
}
