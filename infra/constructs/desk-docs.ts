import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { docsPaths } from '../../shared/contract/docs.ts';
import type { DeskApi } from './desk-api.ts';
import type { DeskContext } from './desk-context.ts';
import { DeskFunction } from './desk-function.ts';

/** The documentation: a function of its own that reaches nothing (decisions/0009-docs-by-a-function.md). */
export class DeskDocs extends Construct {
  readonly fn: DeskFunction;

  constructor(scope: Construct, id: string, { desk, api }: { desk: DeskContext; api: DeskApi }) {
    super(scope, id);
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'docs',
      description: 'The API reference, guides, and a page for each problem code.',
      timeout: Duration.seconds(10),
      environment: { PUBLIC_URL: api.publicUrl },
    });
    api.open(this, docsPaths, 'Documentation is for everybody: it holds nothing of any partner.');
  }
}
