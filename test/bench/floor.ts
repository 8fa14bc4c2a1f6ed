import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';

/** What any function over DynamoDB must import at least: the floor that `cold.ts` measures against. */
export const floor = {
  client: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  commands: [GetCommand, PutCommand, QueryCommand, TransactWriteCommand],
};
