import type { DeclaredCommand } from './declared-command.ts'
import { declaredRun } from './declared-run.ts'

/** In the order in which `overdue --help` names them. */
export const declaredCommands: readonly DeclaredCommand[] = [
  {
    name: 'deploy',
    description: 'deploy Overdue into your AWS account, or bring it up to date, by the CDK',
    load: async () => (await import('./deploy/commands.ts')).addDeployCommand,
  },
  {
    name: 'synth',
    description: 'print the CloudFormation template that deploy would deploy',
    load: async () => (await import('./deploy/commands.ts')).addSynthCommand,
  },
  {
    name: 'project',
    description: 'make, list and delete projects',
    load: async () => (await import('./project-commands.ts')).addProjectCommands,
  },
  {
    name: 'keys',
    description: 'make, list, replace and end the keys of projects',
    load: async () => (await import('./key-commands.ts')).addKeyCommands,
  },
  {
    name: 'user',
    description: 'say who may use the dashboard, and in which role',
    load: async () => (await import('./user-commands.ts')).addUserCommands,
  },
  {
    name: 'check',
    description: 'make, list, change, pause and delete checks, and show their pings, by the API',
    load: async () => (await import('./check/commands.ts')).addCheckCommands,
  },
  {
    name: 'channel',
    description: 'make, test, list and delete channels, by the API',
    load: async () => (await import('./channel/commands.ts')).addChannelCommands,
  },
  {
    name: 'window',
    description: 'make, list, change and delete maintenance windows, by the API',
    load: async () => (await import('./window/commands.ts')).addWindowCommands,
  },
  {
    name: 'snooze',
    description: 'have the alerts of a check wait, by the API',
    load: async () => (await import('./check/snooze-command.ts')).addSnoozeCommand,
  },
  {
    name: 'ping',
    description: 'ping a check once',
    load: async () => (await import('./ping/commands.ts')).addPingCommand,
  },
  {
    name: 'apply',
    description: 'make a project as a file says, by the API; shows the plan first',
    load: async () => (await import('./apply/commands.ts')).addApplyCommand,
  },
  {
    name: 'import',
    description: 'bring checks along from elsewhere; safe to run again',
    load: async () => (await import('./import/commands.ts')).addImportCommands,
  },
  declaredRun,
  {
    name: 'export',
    description:
      'write all projects, channels, checks and keys as one JSON document; what pings have left, and the log, are no part of it',
    load: async () => (await import('./export-command.ts')).addExportCommand,
  },
  {
    name: 'log',
    description:
      'show the last pings of a check, its changes, and the missed runs it tolerated; by the key of a project: check log',
    load: async () => (await import('./deployment-commands.ts')).addLogCommand,
  },
  {
    name: 'reconcile',
    description: 'compare all heartbeats with the registry, and repair what differs',
    load: async () => (await import('./deployment-commands.ts')).addReconcileCommand,
  },
  {
    name: 'source',
    description: 'keep checks equal to the rows of a database, which says what they are',
    load: async () => (await import('./source/commands.ts')).addSourceCommands,
  },
  {
    name: 'redrive',
    description: 'send once more what is parked because it failed for too long; tells nobody twice',
    load: async () => (await import('./deployment-commands.ts')).addRedriveCommand,
  },
]
