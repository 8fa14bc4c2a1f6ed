/**
 * Stands for `@smithy/core/event-streams`: the SDK loads it for operations that stream events, which neither
 * DynamoDB nor SNS nor SQS has. Were one called, this says so.
 */
function none(): never {
  throw new Error('Event streams are left out of the bundles: see infra/decisions/0006-stand-ins.md.');
}

export const EventStreamSerde = none;
export const eventStreamSerdeProvider = none;
