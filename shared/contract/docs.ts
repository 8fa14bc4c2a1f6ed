/**
 * The documentation's paths: open to everybody. API Gateway sends exactly these to the function `docs`; what they do
 * not have, that function says.
 */
export const docsPaths = {
  reference: '/docs',
  page: '/docs/{page}',
  inFolder: '/docs/{folder}/{page}',
} as const;
