import http from 'node:http';

type Json = Record<string, unknown>;

/** What DynamoDB answered instead of what was asked. */
export class DynamoError extends Error {
  override name = 'DynamoError';
  /** Without its namespace: `ResourceNotFoundException`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** Calls DynamoDB Local in its own JSON, which is also what Lambda hands on from a stream. */
export interface Dynamo {
  readonly port: number;
  /** Whose tables these are: where a server is shared, each access key has a database of its own. */
  readonly accessKeyId: string;
  table<T = Json>(action: string, body: Json): Promise<T>;
  stream<T = Json>(action: string, body: Json): Promise<T>;
}

/** DynamoDB Local wants a signature's form and checks nothing of it. */
const signature = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local`;

/** Calls to the DynamoDB Local on this port. An access key is of letters and digits only. */
export function dynamoOn(port: number, accessKeyId = 'local'): Dynamo {
  const authorization = signature(accessKeyId);
  const agent = new http.Agent({ keepAlive: true });
  const call = <T>(target: string, body: Json) =>
    new Promise<T>((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(text),
        'x-amz-target': target,
        authorization,
      };
      const request = http.request(
        { host: '127.0.0.1', port, method: 'POST', agent, headers },
        (response) => {
          let answer = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => {
            answer += chunk;
          });
          response.on('error', reject);
          response.on('end', () => {
            const parsed = JSON.parse(answer);
            if (response.statusCode === 200) return resolve(parsed);
            const code = String(parsed.__type).split('#').at(-1) ?? '';
            reject(new DynamoError(code, parsed.message ?? parsed.Message ?? ''));
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
  return {
    port,
    accessKeyId,
    table: (action, body) => call(`DynamoDB_20120810.${action}`, body),
    stream: (action, body) => call(`DynamoDBStreams_20120810.${action}`, body),
  };
}
