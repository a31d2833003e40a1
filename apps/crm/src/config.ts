/** Port of crm, unless told otherwise. */
export const port = 7003;
