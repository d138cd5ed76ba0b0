import { everyProject, newUser } from '../../lambdas/domain/people/user.ts'
import { beginSession } from '../../lambdas/managing/people/begin-session.ts'
import type { Clock } from '../../lambdas/runtime/clock.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { OperatorStores } from './overdue.ts'

type OwnerStores = Pick<OperatorStores, 'users' | 'sessions'>

/** Who owns all projects of a local stack: whoever gets the alerts of the first one. */
export class LocalOwner {
  readonly #stores: OwnerStores
  readonly #clock: Pick<Clock, 'now'>
  readonly #email: string

  constructor(stores: OwnerStores, clock: Pick<Clock, 'now'>, email: string) {
    this.#stores = stores
    this.#clock = clock
    this.#email = email
  }

  /** Begins a session in a browser. Answers with what opens it. */
  async signIn(agent: string): Promise<string> {
    const now = this.#clock.now()
    await this.#beThere(now)
    const proven = { email: this.#email, method: 'local', agent, now } as const
    const begun = await beginSession({ ...this.#stores, random }, proven)
    if (begun === undefined) throw new Error('the owner of the local stack was just removed')
    return begun.token
  }

  async #beThere(now: number): Promise<void> {
    if ((await this.#stores.users.byEmail(this.#email)) !== undefined) return
    const user = newUser({ id: random.uuid(), email: this.#email, createdAt: now })
    const membership = {
      userId: user.id,
      projectId: everyProject,
      role: 'owner',
      since: now,
    } as const
    await this.#stores.users.create(user, membership)
  }
}
