import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Given to standard input. */
  readonly input?: string;
}

/** Runs a program to its end and collects what it says. Rejects only when it cannot be started. */
export function runProgram(command: string, args: readonly string[], { cwd, env, input }: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...(cwd && { cwd }), ...(env && { env }), stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.on('error', () => undefined); // it may end without reading
    child.stdin.end(input);
  });
}

/** The same, and throws with the last of what it said when it fails. Gives standard output. */
export async function mustRun(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args, options);
  if (code !== 0) {
    const said = (stderr.trim() || stdout.trim()).split('\n').slice(-8).join('\n');
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed (${code}):\n${said}`);
  }
  return stdout;
}

/** Whether a program answers. */
export async function answers(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await runProgram(command, args)).code === 0;
  } catch {
    return false;
  }
}
