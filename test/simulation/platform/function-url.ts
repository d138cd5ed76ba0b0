import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { aRequest } from '../../support/requests.ts'
import { isIn } from '../faults.ts'
import type { Process } from '../process.ts'
import type { World } from '../world.ts'
import type { Invocations } from './invocations.ts'

/** What a caller is told; status 0 when nothing came before the caller gave up. */
export type Answered = {
  readonly status: number
  readonly body: string
  readonly requestId: string
}

export type Asked = {
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly key?: string
  readonly body?: string
  /** After what time its sender gives it up. */
  readonly timeoutMs?: number
}

const CLIENT_TIMEOUT_MS = 10_000

/**
 * Function URLs, as clients meet them: over a network, with Lambda's own answers where a function
 * has none.
 */
export class FunctionUrls {
  readonly #world: World
  readonly #invocations: Invocations
  /** When pings failed, as the function's metrics count them. */
  readonly failedPingsAt: number[] = []

  constructor(world: World, invocations: Invocations) {
    this.#world = world
    this.#invocations = invocations
  }

  /** Sends one request; each has an id of its own. */
  ask(client: Process, functionName: 'ping' | 'api', asked: Asked): Promise<Answered> {
    const { dice, faults } = this.#world
    const requestId = dice.uuid()
    return this.#world.suspend(client, (answer: (value: Answered) => void) => {
      let isOpen = true
      const tell = (afterMs: number, status: number, body = '') => {
        this.#world.after(afterMs, () => {
          if (isOpen) answer({ status, body, requestId })
          isOpen = false
        })
      }
      tell(asked.timeoutMs ?? CLIENT_TIMEOUT_MS, 0)
      if (functionName === 'ping' && isIn(faults.noPings, this.#world.now) && !faults.isOver) {
        this.failedPingsAt.push(this.#world.now)
        tell(dice.between(5, 50), 503)
        return
      }
      if (faults.strikes('refused')) {
        tell(dice.between(5, 50), 429)
        return
      }
      const isUnheard = faults.strikes('unheard')
      if (isUnheard && dice.chance(0.5)) return
      this.#world.after(dice.between(1, 50), () => {
        this.#invocations.invoke(functionName, eventOf(asked, requestId), (ended) => {
          if (isUnheard) return
          if (ended.state === 'failed') {
            if (functionName === 'ping') this.failedPingsAt.push(this.#world.now)
            tell(dice.between(1, 50), 502)
            return
          }
          const { statusCode = 200, body } = ended.value as APIGatewayProxyStructuredResultV2
          tell(dice.between(1, 50), statusCode, body ?? '')
        })
      })
    })
  }
}

function eventOf(
  { method, path, query = '', key, body }: Asked,
  requestId: string,
): APIGatewayProxyEventV2 {
  const headers = { 'user-agent': 'curl/8.5.0', ...(key === undefined ? {} : { 'x-api-key': key }) }
  return aRequest({
    ...{ method, path, query, headers, requestId, domainName: 'api.example.com' },
    ...(body === undefined ? {} : { body }),
  })
}
