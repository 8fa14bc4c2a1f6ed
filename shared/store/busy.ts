/**
 * What DynamoDB says while it can take no more, and what the SDK says when it got no answer in time, or was told to stop asking. It has been
 * tried again by then: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const busy =
  /^(ProvisionedThroughputExceeded|Throttling|RequestLimitExceeded|ServiceUnavailable|InternalServer|TransactionInProgress|Timeout|Abort)(Exception|Error)?$/;

/** Whether an error is one that passes: the same request may go well in a moment. It may have been written all the same. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (busy.test(error.name)) return true;
  const reasons = 'CancellationReasons' in error ? error.CancellationReasons : null;
  return Array.isArray(reasons) && reasons.some(({ Code }) => busy.test(String(Code)));
}
