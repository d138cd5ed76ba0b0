import type { SQSRecord } from 'aws-lambda'
import { warn } from '../runtime/log.ts'
import type { Queue } from '../runtime/queue.ts'

/** Puts a message among the dead letters. */
export type Park = (record: Pick<SQSRecord, 'messageId' | 'body'>) => Promise<void>

/**
 * Parks unreadable messages at once, each as it came: no further attempt would fare better, and an
 * alarm is due.
 */
export function makePark(deadLetters: Pick<Queue, 'forward'>): Park {
  return async ({ messageId, body }) => {
    await deadLetters.forward(body)
    warn('message-unreadable', { message: messageId })
  }
}
