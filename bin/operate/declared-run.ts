import type { DeclaredCommand } from './declared-command.ts'

export const declaredRun: DeclaredCommand = {
  name: 'run',
  description: 'run a command, and tell its check when it begins and how it ends',
  load: async () => (await import('./run/commands.ts')).addRunCommand,
}
