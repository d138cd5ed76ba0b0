import { makeAsk } from './asking.ts'
import type { Terminal } from './command-answer.ts'

/** The outputs of this process, and whoever sits before its input. */
export const ownTerminal: Terminal = {
  answer: (text) => process.stdout.write(typeof text === 'string' ? `${text}\n` : text),
  note: console.error,
  get ask() {
    return makeAsk(process.stdin, process.stderr)
  },
}
