import { unimpaired } from '../../lambdas/domain/watching/impairment.ts'

/** Pings have been taken all along, as far as anybody knows. */
export const healthyIntake = {
  observe: () => Promise.resolve(),
  impairmentUpTo: () => Promise.resolve(unimpaired),
  impairmentAt: () => Promise.resolve(unimpaired),
}
