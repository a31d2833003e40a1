export { PlatformFault, type PlatformFaultCode } from './fault.ts';
export { spawnGuarded, type Exit, type GuardedOptions, type GuardedProcess } from './guarded-process.ts';
export { logLength, logSince } from './log-tail.ts';
export { claimPidFile, holderOf, withLock, type PidFile } from './pid-file.ts';
export { freePort, portIsFree, requireFreePort } from './ports.ts';
export { identify, isRunning, type ProcessIdentity } from './process-identity.ts';
export { answers, mustRun, runProgram, type Ran, type RunOptions } from './run-program.ts';
