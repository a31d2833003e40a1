const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** 32 bits of a text (FNV-1a), never 0. Two different ids are taken for one once in four thousand million. */
export function fingerprint(text: string): number {
  let hash = offsetBasis;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  return hash >>> 0 || 1;
}
