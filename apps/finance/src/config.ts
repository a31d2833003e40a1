/** Port of finance, unless told otherwise. */
export const port = 7005;
