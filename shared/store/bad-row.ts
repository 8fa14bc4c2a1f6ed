/** A row that is not what its schema says. It names the row by its key and the fields by their paths, never their values. */
export class BadRow extends Error {
  override readonly name = 'BadRow';
  readonly pk: string;
  readonly sk: string;
  readonly fields: readonly string[];

  constructor(row: { pk?: unknown; sk?: unknown }, fields: readonly string[]) {
    const [pk, sk] = [String(row.pk), String(row.sk)];
    super(`The row ${pk} / ${sk} cannot be read: ${fields.join('; ')}`);
    this.pk = pk;
    this.sk = sk;
    this.fields = fields;
  }
}
