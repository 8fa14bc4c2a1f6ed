import type { ClientRequest } from 'node:http';
import { Duplex } from 'node:stream';

/** An answer that is made up here instead of fetched. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Answers a request that has not been given a connection yet: through a socket that swallows the request and
 * says these bytes, so that everything above it, Node's parser included, is real.
 */
export function answerInstead(request: ClientRequest, { status, headers, body }: Answer): void {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  });
  const head = [`HTTP/1.1 ${status} Local`, ...lines.map(([name, value]) => `${name}: ${value}`)].join(
    '\r\n',
  );
  request.onSocket(new AnsweringSocket(`${head}\r\n\r\n${body}`) as never);
}

class AnsweringSocket extends Duplex {
  private answer: string | null;

  constructor(answer: string) {
    super();
    this.answer = answer;
  }

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    if (this.answer) this.push(this.answer);
    this.answer = null;
    done();
  }

  // What an HTTP client asks of a real socket.
  setTimeout(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const describe = (what: string) => JSON.stringify({ message: what, Message: what });

/** How each service words an error. */
export function awsError(
  call: { service: string; action: string; items: number },
  code: string,
  message: string,
  status: number,
): Answer {
  const headers = { 'x-amzn-requestid': crypto.randomUUID() };
  if (call.service === 'sns') {
    const type = status < 500 ? 'Sender' : 'Receiver';
    const text = message.replace(/[<&]/g, '');
    return {
      status,
      headers: { ...headers, 'content-type': 'text/xml' },
      body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>${type}</Type><Code>${code}</Code><Message>${text}</Message></Error><RequestId>${headers['x-amzn-requestid']}</RequestId></ErrorResponse>`,
    };
  }
  const json = { ...headers, 'content-type': 'application/x-amz-json-1.0' };
  if (call.service === 'sqs') {
    const fault = status < 500 ? 'Sender' : 'Receiver';
    return {
      status,
      headers: { ...json, 'x-amzn-query-error': `${code};${fault}` },
      body: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }),
    };
  }
  if (code === 'TransactionConflict' && call.action === 'TransactWriteItems') {
    // Which item met the conflict is for DynamoDB to say; here it is the first.
    const reasons = Array.from({ length: call.items }, (_, index) =>
      index === 0
        ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }
        : { Code: 'None' },
    );
    const named = reasons.map(({ Code }) => Code).join(', ');
    return {
      status: 400,
      headers: json,
      body: JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${named}]`,
        CancellationReasons: reasons,
      }),
    };
  }
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${code}`, ...JSON.parse(describe(message)) };
  return { status, headers: json, body: JSON.stringify(body) };
}
