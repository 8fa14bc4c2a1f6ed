import * as z from 'zod';

/** A phone number in E.164, the only form SNS takes. */
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number such as +12025550147');

const origin = z
  .string()
  .regex(
    /^https:\/\/[a-z0-9.-]+(:\d+)?$|^http:\/\/localhost:\d+$/,
    'must be an origin such as https://console.partner.example',
  );

const reservedConcurrency = z.object({
  outbox: z.int().min(1),
  pageOnCall: z.int().min(2),
  timer: z.int().min(2),
});

const throttle = z.object({ rate: z.int().positive(), burst: z.int().positive() });

const stageConfig = z.strictObject({
  /** Part of every name, so that two stages can live in one account. */
  stage: z.string().regex(/^[a-z][a-z0-9]{1,15}$/),
  /** Where people reach the desk. Left out: the address that API Gateway gives the API. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /**
   * Where the links in pages lead: a short address of the same API, without a path. Left out: pages carry no link.
   * Longer, it would leave no room for the callback, and the link would be left out of most pages.
   */
  linkUrl: z
    .string()
    .max(40)
    .regex(
      /^https:\/\/[a-z0-9.-]+$|^http:\/\/localhost:\d+$/,
      'must be an address such as https://desk.example',
    )
    .optional(),
  /** The number that pages come from and are answered to. Left out: no two-way topic, nobody can answer by SMS. */
  originationNumber: phone.optional(),
  /** This stage owns what an account has once in a Region: the SMS delivery log and the SMS settings. */
  smsOwner: z.boolean(),
  /** The account's monthly SMS spend quota in USD, to warn before SNS silently drops pages. */
  smsSpendQuotaUsd: z.number().positive().optional(),
  /** The one origin outside the address rule that webhooks may go to: the local cloud's own receiver. */
  webhookLocalOrigin: z.url({ protocol: /^http$/, hostname: /^(localhost|127\.0\.0\.1)$/ }).optional(),
  /** Who gets the desk's alerts by e-mail: in business hours, and when nobody on call can be paged. */
  deskAlertEmails: z.array(z.email()),
  /** An SNS topic of this Region that operations watch, made beforehand. Left out: alarms show in CloudWatch only. */
  alarmTopicArn: z.string().startsWith('arn:').optional(),
  /** Data outlives its stack, and neither stack nor table can be deleted by mistake. */
  protectData: z.boolean(),
  /**
   * Lambda capacity kept for what pages people. AWS keeps 100 of an account's concurrency unreserved, so the
   * sum must leave that: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  reservedConcurrency: reservedConcurrency.optional(),
  /**
   * What one API key may send in a minute to one instance of the function: requests, and tickets it opens beside
   * them. Escalations are never counted.
   */
  rateLimits: z.object({ requests: z.int().positive(), tickets: z.int().positive() }),
  /** Where partners' consoles live, whose scripts may call the API from a browser. */
  corsOrigins: z.array(origin).default([]),
  /** Requests a second of all partners together, what is urgent aside, and the burst above it. */
  throttle,
  /**
   * The same for each urgent route by itself: to open a ticket, to press, to look, to take, the link in a page. High
   * enough that no loop of one partner fills it; an account has 10,000 a second in all, unless AWS raises it.
   */
  emergencyThrottle: throttle,
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN']),
  logRetentionDays: z.union([z.literal(7), z.literal(30), z.literal(180)]),
});

/** Everything in which one stage differs from another. */
export type StageConfig = Readonly<z.infer<typeof stageConfig>>;

type Env = Readonly<Record<string, string | undefined>>;
type Settings = Omit<z.input<typeof stageConfig>, 'stage'>;

const common = {
  throttle: { rate: 50, burst: 100 },
  emergencyThrottle: { rate: 1_000, burst: 1_000 },
  rateLimits: { requests: 600, tickets: 60 },
  logLevel: 'INFO',
  logRetentionDays: 7,
  protectData: false,
} as const;

const stages: Readonly<Record<string, (env: Env) => Settings>> = {
  /** The local cloud (`npm start`). */
  local: (env) => {
    const origin = `http://localhost:${env.PORT || '4000'}`;
    return {
      ...common,
      publicUrl: origin,
      linkUrl: origin,
      originationNumber: '+12025550100',
      smsOwner: true,
      webhookLocalOrigin: origin,
      deskAlertEmails: ['desk@nightdesk.example'],
      throttle: { rate: 5000, burst: 5000 },
      emergencyThrottle: { rate: 5000, burst: 5000 },
      // Measures and demonstrations run with one key.
      rateLimits: { requests: 1_000_000, tickets: 1_000_000 },
      corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
    };
  },

  dev: () => ({ ...common, smsOwner: false, deskAlertEmails: [] }),

  /** Before the first deployment: set what `missingForDeployment` names, and `corsOrigins` where consoles run scripts. */
  prod: () => ({
    ...common,
    smsOwner: true,
    deskAlertEmails: [],
    protectData: true,
    reservedConcurrency: { outbox: 20, pageOnCall: 25, timer: 20 },
    throttle: { rate: 200, burst: 400 },
    rateLimits: { requests: 1_200, tickets: 120 },
    logRetentionDays: 180,
  }),
};

/** A stage that is not configured, or configured wrongly; the message says what to do. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** The stages that this file configures. */
export const stageNames: readonly string[] = Object.keys(stages);

/** The configuration of a stage, checked. `env` is read for `PORT`, by stage `local` only. */
export function loadConfig(stage: string, env: Env = process.env): StageConfig {
  const settings = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (!settings) {
    throw new ConfigError(
      `There is no stage "${stage}". infra/config.ts has: ${stageNames.join(', ')}. Choose one with -c stage=… or STAGE=…`,
    );
  }
  return parseConfig({ stage, ...settings(env) });
}

/**
 * The settings that a stage needs before it may be deployed and does not have: without them somebody would wait for a
 * page, an answer or an alarm that goes nowhere. Only a stage that protects its data is asked; others are for trying.
 */
export function missingForDeployment(config: StageConfig): string[] {
  if (!config.protectData) return [];
  const needed = {
    publicUrl: config.publicUrl,
    linkUrl: config.linkUrl,
    originationNumber: config.originationNumber,
    deskAlertEmails: config.deskAlertEmails[0],
    alarmTopicArn: config.alarmTopicArn,
    // Without it no alarm warns before SNS drops every page in silence.
    ...(config.smsOwner && { smsSpendQuotaUsd: config.smsSpendQuotaUsd }),
  };
  return Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
}

/** Checks a whole configuration; for tests and for stages made elsewhere. */
export function parseConfig(input: unknown): StageConfig {
  const parsed = stageConfig.safeParse(input);
  if (!parsed.success) {
    throw new ConfigError(`infra/config.ts cannot be used.\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
