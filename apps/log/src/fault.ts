/** How a verb ends. */
export const exitCodes = { fine: 0, wrong: 1, input: 2, unreachable: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type FaultCode = 'log-tool/bad-input' | 'log-tool/nothing-there' | 'log-tool/unreachable' | 'log-tool/refused';

/** Ends the tool with one sentence that says what is wrong, where, and what to do. */
export class ToolFault extends Error {
  readonly transient = false;
  readonly code: FaultCode;
  readonly exitCode: ExitCode;

  constructor(code: FaultCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
    this.exitCode =
      code === 'log-tool/unreachable' ? exitCodes.unreachable : code === 'log-tool/refused' ? exitCodes.wrong : exitCodes.input;
  }
}

export function badInput(sentence: string): ToolFault {
  return new ToolFault('log-tool/bad-input', sentence);
}
