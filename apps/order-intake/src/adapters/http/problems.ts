/** HTTP status of each refusal. */
export const problems = {
  'order/unknown': 404,
  'order/already-placed': 409,
  'order/already-cancelled': 409,
  'order/kept-by-channel': 409,
  'order/held': 409,
  'order/not-held': 409,
  'order/nothing-to-ship': 409,
  'order/still-held': 422,
  'order/line-needs-no-item': 422,
  'order/more-than-left': 422,
  'order/more-than-ordered': 422,
  'order/more-than-received': 422,
} as const;
