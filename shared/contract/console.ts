/**
 * The paths that people and their calendars open without an API key. API Gateway sends exactly these to the
 * function `console` and everything else to `api`.
 */
export const consolePaths = {
  /** The link in a page: shows on GET, takes on POST. */
  link: '/p/{token}',
  /** The number that pages come from, as a contact. */
  pager: '/v1/pager.vcf',
} as const;

export const linkPath = (token: string): string => consolePaths.link.replace('{token}', token);
