import { LakeFault } from '../fault.ts';
import type { LakeFile } from './lake-file.ts';

/** One step in the life of a lake: these files are now part of it, and those no more. All of it or nothing. */
export interface Change {
  readonly added: readonly LakeFile[];
  /** Paths. */
  readonly retired: readonly string[];
}

/** The files that make up a lake: the fold of its changes. */
export class Manifest {
  readonly #partitions = new Map<string, LakeFile[]>();
  readonly #retired = new Set<string>();
  #changes = 0;

  /** Number of changes so far. */
  get generation(): number {
    return this.#changes;
  }

  /** Paths that were part of the lake once and are not any more; a file of that name may still lie there. */
  get retired(): ReadonlySet<string> {
    return this.#retired;
  }

  /** Files of one partition by offset. They follow each other without gap or overlap, from offset 0 on. */
  partition(topic: string, partition: number): readonly LakeFile[] {
    return this.#partitions.get(nameOf(topic, partition)) ?? [];
  }

  /** All files, by topic, partition and offset. */
  files(): readonly LakeFile[] {
    return [...this.#partitions.values()]
      .flat()
      .sort((one, two) => compare(one.topic, two.topic) || one.partition - two.partition || one.first - two.first);
  }

  /** Throws `LakeFault` when the change leaves a gap or an overlap; then nothing of it is applied. */
  apply({ added, retired }: Change): void {
    const gone = new Set(retired);
    const touched = new Map<string, LakeFile[]>();
    for (const [name, files] of this.#partitions) {
      if (files.some(({ path }) => gone.has(path)))
        touched.set(
          name,
          files.filter(({ path }) => !gone.has(path)),
        );
    }
    for (const file of added) {
      const name = nameOf(file.topic, file.partition);
      const files = touched.get(name) ?? [...(this.#partitions.get(name) ?? [])];
      files.push(file);
      touched.set(name, files);
    }
    for (const [name, files] of touched) {
      files.sort((one, two) => one.first - two.first);
      assertContiguous(name, files);
    }
    for (const [name, files] of touched) this.#partitions.set(name, files);
    for (const path of retired) this.#retired.add(path);
    for (const { path } of added) this.#retired.delete(path);
    this.#changes += 1;
  }
}

function assertContiguous(name: string, files: readonly LakeFile[]): void {
  let next = 0;
  for (const file of files) {
    if (file.first !== next || file.rows !== file.last - file.first + 1)
      throw new LakeFault(
        'lake/manifest-damaged',
        `The manifest has ${file.path} with ${file.rows} rows where ${name} goes on at offset ${next}: restore the manifest, or export into a new folder.`,
      );
    next = file.last + 1;
  }
}

/** The offset that the lake wants next of a partition. */
export function nextOffset(files: readonly LakeFile[]): number {
  return (files.at(-1)?.last ?? -1) + 1;
}

function nameOf(topic: string, partition: number): string {
  return `${topic}/${String(partition)}`;
}

function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}
