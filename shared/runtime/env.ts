/** The environment, read by name; a missing variable stops the function at its start with its name. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`The environment variable ${name} is missing: the function is deployed wrongly.`);
  return value;
}

/** A variable that only some stages have; null when it is absent or empty. */
export function optional(name: string): string | null {
  return process.env[name] || null;
}
