import type { Stretch } from '../faults.ts'
import type { Process } from '../process.ts'
import type { Deployment } from '../platform/deployment.ts'
import type { Answered, Asked } from '../platform/function-url.ts'
import type { Told, ToldCall, ToldPing } from '../told.ts'
import type { World } from '../world.ts'

export type Scene = {
  readonly world: World
  readonly deployment: Deployment
  readonly told: Told
  readonly endAt: number
  /** When all jobs fail, each at its next run. */
  readonly storm: Stretch
}

/** Keys of a project, as its owner has them. */
export type Owned = {
  readonly projectId: string
  readonly apiKey: string
  readonly readerKey: string
  readonly strangerKey: string
  readonly pingKey: string
  /** An address that is verified. */
  readonly channelId: string
  /** Another channel of the project. */
  readonly secondId: string
}

const NOBODYS_KEY = 'hcw_0000000000000000000000000000'

/** Somebody outside: a job or a person, who waits, sends requests, and notes what was answered. */
export class Person {
  readonly scene: Scene
  #process: Process | undefined

  constructor(scene: Scene) {
    this.scene = scene
  }

  /** Sends somebody on their way at an instant. */
  static send(
    scene: Scene,
    at: number,
    act: (person: Person) => Promise<void>,
    name = 'person',
  ): void {
    const person = new Person(scene)
    scene.world.timeline.add(at, () => {
      const begin = (process: Process) => {
        person.#process = process
        return act(person)
      }
      scene.world.start({ name }, begin, (process, result) => {
        if (process.state === 'failed') throw result
      })
    })
  }

  get now(): number {
    return this.scene.world.now
  }

  /** Whether it is time to go home. */
  isOver(): boolean {
    return this.now >= this.scene.endAt
  }

  until(at: number): Promise<void> {
    return this.scene.world.sleepUntil(this.#me, at)
  }

  wait(milliseconds: number): Promise<void> {
    return this.until(this.now + milliseconds)
  }

  /** Sends one ping and notes it. */
  async ping(
    asked: Asked,
    said: Pick<ToldPing, 'checkId' | 'signal' | 'runId' | 'isCreating'>,
  ): Promise<number> {
    const sentAt = this.now
    const { status, requestId, body: answer } = await this.#ask('ping', asked)
    const { method, path, body } = asked
    const told = {
      requestId,
      sentAt,
      answeredAt: this.now,
      status,
      isLimited: status === 429 && answer.includes('too many pings'),
    }
    this.scene.told.pings.push({ ...said, ...told, path, method, hasBody: body !== undefined })
    return status
  }

  /** Calls the API and notes it. */
  async call(
    owned: Owned,
    {
      key = 'owner',
      ...call
    }: Pick<ToldCall, 'action' | 'checkId' | 'fields'> & { readonly key?: ToldCall['key'] },
  ): Promise<ToldCall> {
    const sentAt = this.now
    const apiKey = {
      owner: owned.apiKey,
      reader: owned.readerKey,
      stranger: owned.strangerKey,
      nobody: NOBODYS_KEY,
    }[key]
    const { status, body, requestId } = await this.#ask('api', { ...requestOf(call), key: apiKey })
    const answer = body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {}
    const told = { ...call, key, requestId, sentAt, answeredAt: this.now, status, answer }
    this.scene.told.calls.push(told)
    return told
  }

  /** Has a channel tested. Nothing is said of whether it may be. */
  async testChannel({ apiKey, channelId }: Owned): Promise<void> {
    await this.#ask('api', {
      method: 'POST',
      path: `/api/v3/channels/${channelId}/test`,
      body: '',
      key: apiKey,
    })
  }

  async #ask(functionName: 'ping' | 'api', asked: Asked): Promise<Answered> {
    const { world, deployment } = this.scene
    world.note(this.#me, `asks ${functionName} ${asked.method} ${asked.path}`)
    const answered = await deployment.urls.ask(this.#me, functionName, asked)
    world.note(this.#me, `is told ${answered.status}`)
    return answered
  }

  get #me(): Process {
    if (this.#process === undefined) throw new Error('nobody acts before they were sent')
    return this.#process
  }
}

function requestOf({
  action,
  checkId,
  fields,
}: Pick<ToldCall, 'action' | 'checkId' | 'fields'>): Asked {
  const root = '/api/v3/checks/'
  const body = JSON.stringify(fields)
  switch (action) {
    case 'create':
    case 'upsert':
      return { method: 'POST', path: root, body }
    case 'update':
      return { method: 'POST', path: `${root}${checkId}`, body }
    case 'pause':
    case 'resume':
      return { method: 'POST', path: `${root}${checkId}/${action}`, body: '' }
    case 'delete':
      return { method: 'DELETE', path: `${root}${checkId}` }
    case 'read':
      return { method: 'GET', path: `${root}${checkId}` }
    case 'list':
      return { method: 'GET', path: root }
    case 'snooze':
      return { method: 'POST', path: `${root}${checkId}/snooze`, body }
    case 'unsnooze':
      return { method: 'DELETE', path: `${root}${checkId}/snooze` }
    case 'plan':
      return { method: 'POST', path: '/api/v3/windows/', body }
    case 'unplan':
      return { method: 'DELETE', path: `/api/v3/windows/${checkId}` }
  }
}
