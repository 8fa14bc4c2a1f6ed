import type { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { named } from './desk-context.ts';

/** The runbooks there are, each `infra/runbooks/<name>.md`. */
type Runbook = 'api' | 'coverage' | 'followers' | 'outbox' | 'pages' | 'sms' | 'timers' | 'webhooks';

/** What an alarm tells the person whom it wakes. */
export interface AlarmText {
  /** What it means for people, in a sentence: who is not reached, what is not kept. */
  readonly impact: string;
  readonly runbook: Runbook;
}

export interface DeskAlarmProps extends AlarmText {
  readonly config: StageConfig;
  readonly name: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Default: at or above the threshold. */
  readonly comparison?: ComparisonOperator;
  /** Default 1. */
  readonly periods?: number;
  /** No data is itself the fault. Default false. */
  readonly silenceIsBad?: boolean;
}

/** The one way to make an alarm: it states its human impact and names its runbook. */
export class DeskAlarm extends Construct {
  constructor(scope: Construct, id: string, props: DeskAlarmProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: named(props.config, props.name),
      alarmDescription: `${props.impact} Runbook: infra/runbooks/${props.runbook}.md`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    if (props.config.alarmTopicArn) {
      const action = new SnsAction(Topic.fromTopicArn(this, 'Topic', props.config.alarmTopicArn));
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

/** What a function counted with its log (`metrics.addMetric`). */
export function counted(functionName: string, metricName: string, period: Duration): Metric {
  return new Metric({
    namespace: 'Nightdesk',
    metricName,
    dimensionsMap: { service: functionName },
    period,
    statistic: 'Sum',
  });
}
