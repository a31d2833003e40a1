import type { Socket } from 'node:net';

import { delayOf, isBlocked, type Way, type Weather } from './weather.ts';

interface Piece {
  readonly bytes: Buffer;
  /** Milliseconds of `performance.now()`. */
  readonly due: number;
}

export interface LaneParts {
  readonly from: Socket;
  readonly to: Socket;
  readonly way: Way;
  weather(): Weather;
  /** Resolves when the weather is another. */
  changed(): Promise<void>;
  random(): number;
}

const mostWaitingBytes = 4 * 1024 * 1024;

/** One way of one connection: pieces leave in the order they came, none before it is due. */
export class Lane {
  readonly #parts: LaneParts;
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  #lastDue = 0;
  #pumping = false;
  #ended = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    parts.to.on('drain', () => parts.from.resume());
  }

  push(bytes: Buffer): void {
    const { weather, random, from, to } = this.#parts;
    const now = performance.now();
    const delay = delayOf(weather(), random);
    if (!this.#pumping && delay === 0 && this.#passesFreely()) {
      if (!to.write(bytes)) from.pause();
      return;
    }
    this.#lastDue = Math.max(this.#lastDue, now + delay);
    this.#waiting.push({ bytes, due: this.#lastDue });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > mostWaitingBytes) from.pause();
    void this.#pump();
  }

  /** The sender has said all; said on when everything has left. */
  end(): void {
    this.#ended = true;
    if (!this.#pumping) this.#parts.to.end();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    const { to, from, way, weather, changed } = this.#parts;
    for (let piece = this.#waiting.shift(); piece; piece = this.#waiting.shift()) {
      await sleep(piece.due - performance.now());
      while (isBlocked(weather(), way)) await changed();
      const { bytesPerSecond } = weather();
      if (bytesPerSecond !== undefined) await sleep((piece.bytes.length / bytesPerSecond) * 1_000);
      this.#waitingBytes -= piece.bytes.length;
      if (to.destroyed) break;
      if (to.write(piece.bytes)) from.resume();
    }
    this.#waiting = [];
    this.#pumping = false;
    if (this.#ended) to.end();
  }

  #passesFreely(): boolean {
    const { weather, way } = this.#parts;
    return !isBlocked(weather(), way) && weather().bytesPerSecond === undefined;
  }
}

function sleep(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
