import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { errorName, outcomeOf } from './aws-errors.ts';
import { asksOptedOut, type OptedOut } from './opted-out.ts';

/** SNS answers within a fifth of a second; what takes longer than this may or may not have been sent. */
const publishTimeOutMs = 3000;

export type SendResult =
  | { sent: true; messageId: string }
  /** Certainly not sent, and would not be sent the next time. */
  | { sent: false; why: 'refused'; failure: string }
  /** Certainly not sent: throttled, or SNS was not reached. */
  | { sent: false; why: 'not_taken'; failure: string }
  /** It may have been sent. */
  | { sent: false; why: 'unknown'; failure: string };

/** The way to phones and to the desk's alerts. Nothing is tried twice here: a second try may be a second SMS. */
export interface Carrier {
  text(phone: string, words: string): Promise<SendResult>;
  alertDesk(words: string): Promise<SendResult>;
  optedOut: OptedOut;
}

export function createCarrier(options: {
  deskAlertsTopicArn: string;
  /** null where the account picks the number (the SMS sandbox). */
  originationNumber: string | null;
  client?: SNSClient;
}): Carrier {
  const client =
    options.client ?? new SNSClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1000 } });

  async function publish(input: PublishCommandInput): Promise<SendResult> {
    try {
      const { MessageId } = await client.send(new PublishCommand(input), {
        abortSignal: AbortSignal.timeout(publishTimeOutMs),
      });
      return { sent: true, messageId: MessageId ?? '' };
    } catch (error) {
      return { sent: false, why: outcomeOf(error), failure: failureOf(error) };
    }
  }

  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });

  return {
    text: (phone, words) =>
      publish({
        PhoneNumber: phone,
        Message: words,
        MessageAttributes: {
          'AWS.SNS.SMS.SMSType': attribute('Transactional'),
          ...(options.originationNumber && {
            'AWS.MM.SMS.OriginationNumber': attribute(options.originationNumber),
          }),
        },
      }),

    alertDesk: (words) =>
      publish({ TopicArn: options.deskAlertsTopicArn, Subject: subjectOf(words), Message: words }),

    optedOut: asksOptedOut(client),
  };
}

const failures: Record<string, string> = {
  OptedOutException: 'opted out',
  OptedOut: 'opted out',
  InvalidParameterException: 'bad number',
  InvalidParameter: 'bad number',
  InvalidParameterValueException: 'bad number',
  AbortError: 'time-out',
  TimeoutError: 'time-out',
};

function failureOf(error: unknown): string {
  const name = errorName(error);
  return failures[name] ?? name;
}

/** SNS takes subjects of printable ASCII, shorter than 100 characters. */
function subjectOf(words: string): string {
  const [line = ''] = words.split('\n', 1);
  const plain = line.replace(/[^\x20-\x7e]/g, '?').trim();
  return plain.length < 100 ? plain : `${plain.slice(0, 96)}...`;
}
