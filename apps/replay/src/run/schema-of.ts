/** Name of the schema of a sandbox that holds the tables of a department. */
export function schemaOf(service: string): string {
  return service.replaceAll('-', '_');
}
