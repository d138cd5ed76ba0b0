#!/usr/bin/env node
import { runCommand } from './operate/command.ts'

// Set, not exited with: what is still being written to a pipe arrives.
process.exitCode = await runCommand(process.argv.slice(2), { answer: console.log, tell: console.error })
