import { checkBounds } from '../../../lambdas/domain/watching/check-bounds.ts'
import type { Check } from '../../../lambdas/domain/watching/check.ts'
import { slugOf } from '../../../lambdas/domain/watching/slug.ts'
import type { Plan } from './jobs.ts'

/**
 * Gives the check of each job a slug that no other has in its project: a ping by one that two have
 * is refused. A check keeps the one it has.
 */
export class FreeSlugs {
  readonly #checks: readonly Check[]
  readonly #taken: Set<string>

  constructor(checks: readonly Check[]) {
    this.#checks = checks
    this.#taken = new Set(checks.map(({ slug }) => slug))
  }

  slugFor(plan: Plan): string {
    const own = plan.action === 'create' ? '' : plan.check.slug
    if (own !== '' && this.#checks.filter(({ slug }) => slug === own).length === 1) return own
    const free = this.#freeOne(slugOf(plan.job.name) || 'job')
    this.#taken.add(free)
    return free
  }

  #freeOne(wanted: string): string {
    for (let count = 1; ; count += 1) {
      const ending = count === 1 ? '' : `-${count}`
      const slug = wanted.slice(0, checkBounds.longestSlug - ending.length) + ending
      if (!this.#taken.has(slug)) return slug
    }
  }
}
