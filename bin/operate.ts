import { makeAsk } from './operate/asking.ts'
import { runCommand } from './operate/command.ts'

// The status is set rather than exited with, so that what is being written to a pipe still arrives.
process.exitCode = await runCommand(process.argv.slice(2), {
  answer: (text) => process.stdout.write(typeof text === 'string' ? `${text}\n` : text),
  note: console.error,
  get ask() {
    return makeAsk(process.stdin, process.stderr)
  },
})
