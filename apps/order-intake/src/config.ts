/** Port of order-intake, unless told otherwise. */
export const port = 7001;
