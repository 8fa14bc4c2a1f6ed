/**
 * Stands for `@aws-sdk/credential-provider-node` in the functions' bundles: Lambda hands a function its
 * role's credentials in these variables and never otherwise, so that the ways over profiles, SSO, containers
 * and instances are 137 KB that every cold start would read for nothing.
 * Source: AWS Lambda Developer Guide, "Defined runtime environment variables".
 */
export const defaultProvider = () => async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
});
