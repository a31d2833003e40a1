/** Code of an error that somebody was told, or what it is instead. */
export function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown } | undefined)?.code ?? error);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
