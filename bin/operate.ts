#!/usr/bin/env node
import { runCommand } from './operate/command.ts'

// Set, not exited with: what is still being written to a pipe arrives.
process.exitCode = await runCommand(process.argv.slice(2), {
  answer: (text) => process.stdout.write(typeof text === 'string' ? `${text}\n` : text),
  note: console.error,
})
