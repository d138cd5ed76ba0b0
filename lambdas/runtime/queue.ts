/** A queue of JSON messages. */
export type Queue = {
  /**
   * Sends all messages, visible after so many seconds.
   * @throws when messages stay unsent again and again. The others are on their way by then, so
   * whoever tries again sends them twice.
   */
  send(messages: readonly object[], delaySeconds?: number): Promise<void>
  /** Sends one message as it is. */
  forward(text: string): Promise<void>
  /**
   * About how many messages there are: those that wait, those that are being worked on, and those
   * that were put off.
   */
  depth(): Promise<number>
  /**
   * Puts a received message off: it comes back after so many seconds, unless it is deleted before.
   */
  postpone(receiptHandle: string, seconds: number): Promise<void>
}

/** Queues by their URLs. */
export type QueueAt = (url: string) => Queue

/** No new message can be put off for longer. */
export const longestDelaySeconds = 900
