/** Something that stops the local cloud and that a person can put right: its message is all that is shown. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}

/** A question that the control API refuses; `detail` says why. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
