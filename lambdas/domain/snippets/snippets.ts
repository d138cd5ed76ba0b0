import { ansible, compose, crontab, github, kubernetes, systemd } from './schedulers.ts'
import { bash, node, powershell, python } from './scripts.ts'
import { type Snippet, type SnippetFacts, type SnippetKind, snippetKinds } from './snippet.ts'
import { taskScheduler } from './task-scheduler.ts'

/** Code that pings a check from one kind of place; undefined where it can't be pinged so. */
export function snippetOf(kind: SnippetKind, facts: SnippetFacts): Snippet | undefined {
  return makers[kind](facts)
}

/** The kinds of snippets there are for a check. */
export function kindsFor({ mailAddress }: Pick<SnippetFacts, 'mailAddress'>) {
  return snippetKinds.filter((kind) => kind !== 'mail' || mailAddress !== undefined)
}

export const snippetTitles: Readonly<Record<SnippetKind, string>> = {
  crontab: 'crontab',
  bash: 'bash',
  systemd: 'systemd',
  powershell: 'PowerShell',
  python: 'Python',
  node: 'Node',
  github: 'GitHub Actions',
  kubernetes: 'Kubernetes',
  compose: 'Docker',
  ansible: 'Ansible',
  taskscheduler: 'Windows Task Scheduler',
  mail: 'E-mail',
}

const makers: Readonly<Record<SnippetKind, (facts: SnippetFacts) => Snippet | undefined>> = {
  crontab,
  bash,
  systemd,
  powershell,
  python,
  node,
  github,
  kubernetes,
  compose,
  ansible,
  taskscheduler: taskScheduler,
  mail,
}

/** The address is made of a UUID, or of a ping key and a slug. */
function mail({ mailAddress }: SnippetFacts): Snippet | undefined {
  if (mailAddress === undefined) return undefined
  return {
    text: mailAddress,
    note: 'Each mail to this address is a success, unless words in its subject or body say otherwise: see the rules of the check. A mail may be minutes on its way, so give the check some grace.',
  }
}
