import { CheckIfPhoneNumberIsOptedOutCommand, SNSClient } from '@aws-sdk/client-sns';

/** Asking whether somebody opted out must never hold a page. */
const askTimeOutMs = 1000;

/** Whether SNS says that a phone has opted out. @throws when it does not say. */
export type OptedOut = (phone: string) => Promise<boolean>;

export function asksOptedOut(client: SNSClient = new SNSClient({ maxAttempts: 1 })): OptedOut {
  return async (phone) => {
    const { isOptedOut } = await client.send(
      new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: phone }),
      { abortSignal: AbortSignal.timeout(askTimeOutMs) },
    );
    return isOptedOut === true;
  };
}
