/** Time as appending needs it, so that a simulation can put its own in place. */
export interface Timing {
  /** Milliseconds, from any start. */
  now(): number;
  /** Runs the task once the input of this turn of the event loop has been read. */
  soon(task: () => void): void;
  /** Runs the task after so many milliseconds, unless the returned function is called before. */
  after(ms: number, task: () => void): () => void;
}

export const systemTiming: Timing = {
  now: () => performance.now(),
  soon: (task) => void setImmediate(task),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
