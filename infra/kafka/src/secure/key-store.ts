import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Java } from '../java.ts';

const run = promisify(execFile);
const alias = 'broker';

export type KeyStore = {
  /** PKCS12, with the broker's key and certificate; trusts exactly that certificate. */
  readonly file: string;
  readonly password: string;
  /** PEM, for clients: the certificate that they must trust. */
  readonly certificate: string;
};

/** A new key and a certificate for localhost, signed by itself, made by the keytool that comes with every Java. For one machine and its tests. */
export async function makeKeyStore(java: Java, file: string, password: string): Promise<KeyStore> {
  const keytool = keytoolOf(java);
  const store = ['-keystore', file, '-storetype', 'PKCS12', '-storepass', password, '-alias', alias];
  const subject = ['-dname', 'CN=broker', '-ext', 'san=dns:localhost,ip:127.0.0.1', '-ext', 'bc=ca:true', '-validity', '365'];
  await run(keytool, ['-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', ...subject, ...store]);
  const { stdout } = await run(keytool, ['-exportcert', '-rfc', ...store]);
  return { file, password, certificate: stdout };
}

/** The store once more as a trust store: a PKCS12 entry with a key is not trusted by itself. */
export async function makeTrustStore(java: Java, keyStore: KeyStore, certificateFile: string, file: string): Promise<void> {
  const keytool = keytoolOf(java);
  const into = ['-keystore', file, '-storetype', 'PKCS12', '-storepass', keyStore.password];
  await run(keytool, ['-importcert', '-noprompt', '-alias', alias, '-file', certificateFile, ...into]);
}

/** Beside the Java that runs the broker. */
function keytoolOf({ command }: Java): string {
  const folder = dirname(command);
  return folder === '.' ? 'keytool' : join(folder, 'keytool');
}
