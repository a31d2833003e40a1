import { principalOf, rightsOf, rightsOfTool, tools } from '@instep/access';
import { serviceNames } from '@instep/contracts';

/** What the job `access` of docker-compose.yml sets at the broker: every service with its rights, and the tools, which may only look. */
export function accessFile(): string {
  const rightsByName = [
    ...serviceNames.map((service) => [service, rightsOf(service)] as const),
    ...tools.map((tool) => [tool, rightsOfTool(tool)] as const),
  ];
  const entries = rightsByName.map(([name, rights]) => ({
    principal: principalOf(name),
    passwordFile: `/run/secrets/${name}-log-password`,
    rights,
  }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}
