export type PlatformFaultCode =
  | 'platform/already-running'
  | 'platform/bad-option'
  | 'platform/bad-port'
  | 'platform/database-failed'
  | 'platform/disk-full'
  | 'platform/java-missing'
  | 'platform/java-too-old'
  | 'platform/kafka-failed'
  | 'platform/maven-missing'
  | 'platform/maven-failed'
  | 'platform/port-taken'
  | 'platform/service-failed'
  | 'platform/unsupported-machine';

/** Something the machine lacks or forbids. The message is one sentence that says what to do about it. */
export class PlatformFault extends Error {
  readonly code: PlatformFaultCode;

  constructor(code: PlatformFaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PlatformFault';
    this.code = code;
  }
}
