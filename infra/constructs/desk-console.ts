import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { consolePaths } from '../../shared/contract/console.ts';
import type { DeskApi } from './desk-api.ts';
import type { DeskContext } from './desk-context.ts';
import { DeskFunction, decides } from './desk-function.ts';

/**
 * What people, and their calendars, open without an API key: a function of its own, so that the API's stays
 * small. Each path is a route of the HTTP API for any method: what a path does not offer, the function says.
 */
export class DeskConsole extends Construct {
  readonly fn: DeskFunction;

  constructor(scope: Construct, id: string, { desk, api }: { desk: DeskContext; api: DeskApi }) {
    super(scope, id);
    const { config } = desk;
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'console',
      description:
        'What is opened without an API key: the link in a page, the number of pages as a contact, calendar feeds.',
      timeout: Duration.seconds(10),
      environment: {
        PUBLIC_URL: api.publicUrl,
        ...(config.originationNumber ? { ORIGINATION_NUMBER: config.originationNumber } : {}),
      },
    }).grantTable(decides);

    api.open(
      this,
      consolePaths,
      'A phone and a calendar send no header: what is not for everybody has in its address the secret that admits, and the function checks it.',
      [consolePaths.link],
    );
  }
}
