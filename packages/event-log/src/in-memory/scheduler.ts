/** All that happens later in the log in memory happens through this, so that a simulation can order it by its own seed and clock. */
export interface Scheduler {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs the task in a later turn, never within the call. */
  soon(task: () => void): void;
  after(ms: number, task: () => void): void;
}

export const wallClock: Scheduler = {
  now: () => Date.now(),
  soon: (task) => void setImmediate(task),
  // A paused partition must not keep a finished process alive.
  after: (ms, task) => void setTimeout(task, ms).unref(),
};
