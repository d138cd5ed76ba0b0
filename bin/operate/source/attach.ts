import { freeChecks, type FreeChecksDeps } from '../../../lambdas/managing/free-checks.ts'
import { theOperator } from '../author.ts'
import type { CommandAnswer } from '../command-answer.ts'
import type { Deployment } from '../target.ts'

const LONGEST_NAME = 200

/** Lets the database write a project. @throws when that can't be. */
export async function attachProject(
  { attachments, mirror }: Deployment,
  projectId: string,
  name: string,
): Promise<CommandAnswer> {
  if (name === '' || name.length > LONGEST_NAME)
    throw new Error(`--as takes a text of 1–${LONGEST_NAME} characters`)
  const outcome = await attachments.attach({ projectId, name })
  if (outcome === 'name-taken')
    throw new Error(`another project is attached as ${name}; overdue source status shows all`)
  if (outcome === 'missing') throw noProject(projectId)
  const next =
    mirror === undefined
      ? 'This deployment has no source yet; docs/sources.md says how to give it one.'
      : 'overdue source now brings its checks along.'
  const text = `Rows of the project ${name} are checks of ${projectId}. ${next}`
  return { text, json: { project: projectId, name } }
}

/** Takes a project from the database, and gives the checks that it has to people. */
export async function detachProject(
  deployment: FreeChecksDeps & Pick<Deployment, 'attachments' | 'mirror'>,
  projectId: string,
): Promise<CommandAnswer> {
  if ((await deployment.attachments.detach(projectId)) === 'missing') throw noProject(projectId)
  // Attached again, it begins with nothing that was held back.
  await deployment.mirror?.holds.release(projectId)
  const { freed, left } = await freeChecks(deployment, projectId, theOperator)
  const text = `The database says nothing of ${projectId} any more. People keep its ${freed} checks from now on.`
  const json = { project: projectId, freed, left }
  const failure = `${left} checks changed meanwhile; run the command again in a minute`
  return left === 0 ? { text, json } : { text, json, failure }
}

function noProject(projectId: string): Error {
  return new Error(`there is no project ${projectId}; overdue project list shows all`)
}
