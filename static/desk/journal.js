/*
 * What was written and is not with the server yet, kept on this computer: for a crash, a lost network, a closed lid.
 *
 * One entry for each opened page, named by account and story; nobody is offered another account's. It is written at
 * rest and taken out when the server has acknowledged exactly that text. A browser that keeps nothing (a private window)
 * is said to, and writing goes on.
 */
const NAME = "newsroom";
const STORE = "journal";

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function act(mode, does) {
  const store = (await open()).transaction(STORE, mode).objectStore(STORE);
  return new Promise((resolve, reject) => {
    const asked = does(store);
    store.transaction.oncomplete = () => resolve(asked.result);
    store.transaction.onerror = store.transaction.onabort = () => reject(store.transaction.error);
  });
}

/* The journal of one opened page. `failed` is called once where nothing can be kept. */
export function journalOf({ user, sender, failed }) {
  const key = (uid) => `${user}/${uid}/${sender}`;
  let works = true;
  const attempt = async (does) => {
    if (!works) return undefined;
    try {
      return await does();
    } catch {
      works = false;
      failed();
      return undefined;
    }
  };
  // As long as this page lives, no other page offers its words.
  navigator.locks?.request(`journal ${sender}`, () => new Promise(() => {}));

  return {
    keep: (uid, entry) => attempt(() => act("readwrite", (store) => store.put({ ...entry, key: key(uid), user, uid, sender }))),
    forget: (uid) => attempt(() => act("readwrite", (store) => store.delete(key(uid)))),
    drop: (entry) => attempt(() => act("readwrite", (store) => store.delete(entry.key))),
    /*
     * What this account's other pages keep of a story, the oldest first; of no story: of those never begun. `left` is
     * what pages left behind, `held` is of pages that live.
     */
    async others(uid) {
      const all = (await attempt(() => act("readonly", (store) => store.getAll()))) ?? [];
      const alive = new Set((await navigator.locks?.query())?.held.map(({ name }) => name));
      const theirs = all
        .filter((entry) => entry.user === user && entry.sender !== sender)
        .filter((entry) => (uid ? entry.uid === uid : entry.isNew))
        .sort((one, other) => (one.at < other.at ? -1 : 1));
      const lives = (entry) => alive.has(`journal ${entry.sender}`);
      return { left: theirs.filter((entry) => !lives(entry)), held: theirs.filter(lives) };
    },
    /* Resolves when the page that keeps `entry` is gone. */
    gone: (entry) => navigator.locks.request(`journal ${entry.sender}`, { mode: "shared" }, () => {}),
  };
}
