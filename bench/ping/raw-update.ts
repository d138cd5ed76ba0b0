import { Agent, request } from 'node:https'
import { callBare, type Target } from '../bare-call.ts'
import { update } from './update.ts'

const {
  AWS_ENDPOINT_URL_DYNAMODB = '',
  AWS_ACCESS_KEY_ID = '',
  AWS_SECRET_ACCESS_KEY = '',
  AWS_SESSION_TOKEN = '',
} = process.env
const dynamodb: Target = {
  endpoint: new URL(AWS_ENDPOINT_URL_DYNAMODB),
  service: 'dynamodb',
  request,
  agent: new Agent({ keepAlive: true }),
  credentials: { id: AWS_ACCESS_KEY_ID, secret: AWS_SECRET_ACCESS_KEY, token: AWS_SESSION_TOKEN },
}

/** The floor: one request for one purpose. */
export function handler(): Promise<object> {
  return callBare(dynamodb, 'DynamoDB_20120810.UpdateItem', update)
}
