/**
 * The process of one function. It loads the function's bundle, gives it the stack's clock, and runs
 * its handler for each message from the stack.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientRequest } from 'node:http'
import { subscribe } from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import { createRequire, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { hostClock } from '../../../lambdas/runtime/clock.ts'
import { FunctionClock } from './function-clock.ts'
import type {
  FromFunction,
  FunctionError,
  InvocationContext,
  Stillness,
  ToFunction,
} from './messages.ts'

type Handler = (event: unknown, context: unknown) => unknown

/** How many turns the event loop gets before the process counts as still. */
const TURNS = 4

/** Resources that don't mean work. Requests without an answer are counted by themselves. */
const idleResources = new Set([
  'PipeWrap',
  'TCPSocketWrap',
  'TLSWrap',
  'TTYWrap',
  'Timeout',
  'Immediate',
  'SignalWrap',
  'MessagePort',
])

const invocations = new AsyncLocalStorage<number>()
const clock = new FunctionClock(() => invocations.getStore() ?? 0)
const requests = new Set<unknown>()
let handler: Handler

Object.assign(globalThis, { [hostClock]: clock })
// A log entry is one line.
Object.assign(inspect.defaultOptions, { breakLength: Infinity, compact: true })

subscribe('http.client.request.created', (message) => {
  const { request } = message as { request: ClientRequest }
  requests.add(request)
  request.once('close', () => requests.delete(request))
})
subscribe('undici:request:create', (message) =>
  requests.add((message as { request: unknown }).request),
)
for (const end of ['trailers', 'error']) {
  subscribe(`undici:request:${end}`, (message) =>
    requests.delete((message as { request: unknown }).request),
  )
}

// Ctrl-C reaches all processes of the group. This one ends when its parent disconnects.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', (message: ToFunction) => void take(message))

async function take(message: ToFunction): Promise<void> {
  switch (message.kind) {
    case 'load':
      return load(message)
    case 'clock': {
      clock.setOffset(message.offsetMs)
      return
    }
    case 'invoke':
      return invocations.run(message.id, () => invoke(message.id, message.event, message.context))
    case 'probe':
      for (let turn = 0; turn < TURNS; turn += 1)
        await new Promise((resolve) => setImmediate(resolve))
      {
        post({ kind: 'probed', id: message.id, ...stillness() })
        return
      }
  }
}

async function load({
  bundle,
  handler: name,
  offsetMs,
}: Extract<ToFunction, { kind: 'load' }>): Promise<void> {
  clock.setOffset(offsetMs)
  const [file = '', exported = ''] = name.split('.')
  try {
    const found = (await moduleIn(bundle, file))[exported]
    if (found === undefined) throw new Error(`${name} is not in the bundle`)
    handler = found
    post({ kind: 'loaded' })
    // At its end the process is killed, which would keep nothing.
    flushCompileCache()
  } catch (error) {
    post({ kind: 'load-failed', error: errorOf(error) })
  }
}

/** A bundle is CommonJS, or an ES module, which may wait while it is loaded. */
async function moduleIn(
  bundle: string,
  file: string,
): Promise<Readonly<Record<string, Handler | undefined>>> {
  const path = join(bundle, file)
  if (!existsSync(`${path}.mjs`))
    return createRequire(import.meta.url)(`${path}.js`) as Record<string, Handler | undefined>
  return (await import(pathToFileURL(`${path}.mjs`).href)) as Record<string, Handler | undefined>
}

async function invoke(
  id: number,
  event: unknown,
  { deadlineAt, ...context }: InvocationContext,
): Promise<void> {
  try {
    const result = await handler(event, {
      ...context,
      getRemainingTimeInMillis: () => deadlineAt - clock.now(),
    })
    post({ kind: 'returned', id, payload: result === undefined ? 'null' : JSON.stringify(result) })
  } catch (error) {
    post({ kind: 'threw', id, error: errorOf(error) })
  }
}

function stillness(): Stillness {
  const resources = process.getActiveResourcesInfo()
  // During a request, the client's own timers run. Otherwise a timer is a pause before a retry.
  const isPausing = requests.size === 0 && resources.includes('Timeout')
  return {
    requests: requests.size,
    isBusy: isPausing || resources.some((name) => !idleResources.has(name)),
    waits: clock.waits(),
  }
}

function errorOf(error: unknown): FunctionError {
  if (!(error instanceof Error))
    return { errorType: typeof error, errorMessage: String(error), trace: [] }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split('\n') ?? [],
  }
}

function post(message: FromFunction): void {
  if (process.connected) process.send?.(message)
}
