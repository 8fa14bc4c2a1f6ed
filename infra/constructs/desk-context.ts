import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { StageConfig } from '../config.ts';

/** What every part of the desk is built from. */
export interface DeskContext {
  readonly config: StageConfig;
  /** The directory with each function's bundle in `<name>/index.mjs`. */
  readonly bundles: string;
  readonly table: Table;
}

/** A physical name: the stage is in every one. */
export function named(config: StageConfig, name: string): string {
  return `nightdesk-${config.stage}-${name}`;
}
