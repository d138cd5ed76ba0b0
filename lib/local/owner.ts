import { everyProject } from '../../lambdas/domain/people/user.ts'
import { beginSession } from '../../lambdas/managing/people/begin-session.ts'
import { letIn } from '../../lambdas/managing/people/let-in.ts'
import type { Clock } from '../../lambdas/runtime/clock.ts'
import { random } from '../../lambdas/runtime/random.ts'
import type { OperatorStores } from './overdue.ts'

type OwnerStores = Pick<OperatorStores, 'users' | 'sessions' | 'audits'>

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
    await this.#beThere()
    const proven = { email: this.#email, method: 'local', agent, now } as const
    const begun = await beginSession({ ...this.#stores, random }, proven)
    if (begun === undefined) throw new Error('the owner of the local stack was just removed')
    return begun.token
  }

  async #beThere(): Promise<void> {
    if ((await this.#stores.users.byEmail(this.#email)) !== undefined) return
    await letIn(
      { ...this.#stores, clock: this.#clock, random },
      {
        email: this.#email,
        projectId: everyProject,
        role: 'owner',
        by: { actor: { kind: 'operator' }, requestId: random.uuid() },
      },
    )
  }
}
