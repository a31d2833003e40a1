import { serviceNames, type ServiceName } from '@instep/contracts';
import { PlatformFault } from '@instep/local-process';

export type Ports = {
  readonly services: Readonly<Record<ServiceName, number>>;
  readonly kafka: number;
  readonly kafkaController: number;
  readonly postgres: number;
};

export const defaultPortBase = 7000;

/**
 * One block of ports: services from `base` on, the embedded parts at `base` + 50. INSTEP_<NAME>_PORT in `environment`
 * moves a single one. Errors: `platform/bad-port` for what is no port number.
 */
export function portsFrom(base: number, environment: NodeJS.ProcessEnv): Ports {
  const port = (name: string, offset: number): number => {
    const variable = portVariable(name);
    return checked(environment[variable] ?? String(base + offset), variable);
  };
  const services = Object.fromEntries(serviceNames.map((name, index) => [name, port(name, index)]));
  return {
    services: services as Record<ServiceName, number>,
    kafka: port('kafka', 50),
    kafkaController: port('kafka-controller', 51),
    postgres: port('postgres', 52),
  };
}

/** INSTEP_ORDER_INTAKE_PORT of "order-intake". */
export function portVariable(name: string): string {
  return `INSTEP_${name.toUpperCase().replaceAll('-', '_')}_PORT`;
}

function checked(text: string, where: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new PlatformFault('platform/bad-port', `"${text}" (${where}) is not a port: give a whole number from 1 to 65535.`);
}
