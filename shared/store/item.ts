/** A row as the document client gives and takes it: JSON. */
export type Item = Record<string, unknown>;
