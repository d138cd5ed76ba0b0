import { runCommand } from './operate/command.ts'
import { ownTerminal } from './operate/own-terminal.ts'

// The status is set rather than exited with, so that what is being written to a pipe still arrives.
process.exitCode = await runCommand(process.argv.slice(2), ownTerminal)
