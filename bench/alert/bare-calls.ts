import { Agent, request } from 'node:http'
import { inGroups } from '../../lambdas/runtime/groups.ts'
import { callBare } from '../bare-call.ts'
import type { Counts } from '../metered.ts'
import { usedBy } from '../used.ts'
import { attributesOf, sizeOf } from './sizes.ts'

/*
 * The floor of what one function does for alerts, in a process of its own: makes as many calls as
 * it made, as bare as can be. A message makes them, and is answered with what they used.
 */
const AT_ONCE = 10
const [stubUrl = '', counts = '{}'] = process.argv.slice(2)
const calls = Object.entries(JSON.parse(counts) as Counts).flatMap(([name, count]) =>
  Array<string>(count).fill(name),
)
const credentials = {
  id: 'ASIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  token: 'x'.repeat(700),
}
const agent = new Agent({ keepAlive: true })

process.on(
  'message',
  () => void usedBy(() => inGroups(calls, AT_ONCE, call)).then((used) => process.send?.(used)),
)
process.on('disconnect', () => process.exit())
process.send?.('ready')

function call(name: string): Promise<object> {
  const [service = '', operation = ''] = name.split('.')
  const { sentBytes, answeredBytes } = sizeOf(name)
  const endpoint = new URL(`/${answeredBytes}`, stubUrl)
  return callBare(
    { endpoint, service, request, agent, credentials },
    operation,
    attributesOf(sentBytes),
  )
}
