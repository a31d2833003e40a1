// Starts a program that would run for ever, says its number, and waits to be killed.
import { spawnGuarded } from '../src/guarded-process.ts';

const [logFile = '', ...command] = process.argv.slice(2);
const child = await spawnGuarded({ command: command[0] ?? '', args: command.slice(1), logFile });
console.log(child.pid);
