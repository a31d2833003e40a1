/**
 * Kinds of streams whose versions also rise through events of other streams: between their own events versions are left out, so these
 * rise but need not follow each other. The scenarios compare this list with what the departments define.
 */
export const sharedStreams: ReadonlySet<string> = new Set(['item', 'reservation']);
