import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App, Tags } from 'aws-cdk-lib';
import { bundleFunctions } from './bundle.ts';
import { ConfigError, loadConfig, missingForDeployment, type StageConfig } from './config.ts';
import { DataStack } from './stacks/data.ts';
import { DeskStack } from './stacks/desk.ts';

/** The two stacks of a stage and the app that they stand in; `app.synth()` writes the cloud assembly. */
export interface NightdeskApp {
  readonly app: App;
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly desk: DeskStack;
}

export interface BuildOptions {
  /** A stage's name or a configuration. Default: CDK context `stage`, else `STAGE`, else `dev`. */
  readonly stage?: string | StageConfig;
  /** Where the assembly goes. Default: what the CDK CLI says, else a new temporary directory. */
  readonly outdir?: string;
  /** Where the functions lie bundled. Default: they are bundled for this app. */
  readonly bundles?: string;
  /** Check the templates against CloudFormation's own schemas (1.5 s); what it finds stops the synthesis. Default true. */
  readonly validate?: boolean;
  /**
   * The account that this is for, if any: then a stage that is not ready is refused, and else warned of. Default: the one
   * whose credentials the CDK CLI found.
   */
  readonly account?: string | undefined;
}

/**
 * Bundles the functions and builds the app of one stage. Needs neither an account nor a Region: the stacks are
 * environment-agnostic and look nothing up.
 * @throws ConfigError for a stage that is not there, or not ready for the account that it is for
 */
export function buildApp(options: BuildOptions = {}): NightdeskApp {
  const app = new App({
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
    analyticsReporting: false,
    treeMetadata: false,
    builtinCloudFormationValidation: options.validate ?? true,
    // Here and not in cdk.json, which only the CLI reads: every way to synthesize gives the same template.
    postCliContext: {
      '@aws-cdk/core:checkSecretUsage': true,
      // Exports: the data stack cannot take away what the desk stack stands on.
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:stackRelativeExports': true,
      '@aws-cdk/aws-iam:minimizePolicies': true,
      '@aws-cdk/aws-lambda:recognizeVersionProps': true,
    },
  });
  const wanted = options.stage ?? app.node.tryGetContext('stage') ?? process.env.STAGE ?? 'dev';
  const config = typeof wanted === 'string' ? loadConfig(wanted) : (wanted as StageConfig);
  const { account = process.env.CDK_DEFAULT_ACCOUNT } = options;
  const notReady = whatIsMissing(config);
  if (notReady && account) throw new ConfigError(notReady);

  // Assets are copied into the assembly while the stacks are built: the bundles are not needed after that.
  const made = options.bundles === undefined ? mkdtempSync(join(tmpdir(), 'nightdesk-bundles-')) : null;
  try {
    if (made) bundleFunctions(made);
    const bundles = options.bundles ?? made ?? '';
    const data = new DataStack(app, `nightdesk-${config.stage}-data`, { config });
    const desk = new DeskStack(app, `nightdesk-${config.stage}-desk`, { config, bundles, table: data.table });
    Tags.of(app).add('nightdesk:stage', config.stage);
    if (notReady) Annotations.of(desk).addWarningV2('nightdesk:not-ready', notReady);
    return { app, config, data, desk };
  } finally {
    if (made) rmSync(made, { recursive: true, force: true });
  }
}

function whatIsMissing(config: StageConfig): string | null {
  const missing = missingForDeployment(config);
  if (missing.length === 0) return null;
  return `Stage ${config.stage} cannot be deployed yet: set ${missing.join(', ')} of "${config.stage}" in infra/config.ts (README, "Deploy it to AWS").`;
}

if (import.meta.main) {
  try {
    buildApp().app.synth();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
