import { parseAllDocuments } from 'yaml';

import type { Manifest } from './manifest.ts';

/** The objects of a file with one or more documents. Throws when it is not YAML; `name` is for the message. */
export function parseManifests(text: string, name: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [mistake] = document.errors;
    if (mistake) throw new Error(`${name}: ${mistake.message}`);
    const object = document.toJS() as Manifest | null;
    return object === null ? [] : [object];
  });
}
