/**
 * What `read` gives, once `assertSound` lets it pass. A file of an older list may be gone: where this user may not say that it reads, nobody
 * waits for it. Then the list is another one by now, and that counts. Rejects as `assertSound` does when the list is still the same.
 */
export async function newestSound<List>(
  read: () => List,
  changesOf: (list: List) => number,
  assertSound: (list: List) => Promise<void>,
): Promise<List> {
  for (let list = read(); ;) {
    try {
      await assertSound(list);
      return list;
    } catch (error) {
      const newer = read();
      if (changesOf(newer) === changesOf(list)) throw error;
      list = newer;
    }
  }
}
