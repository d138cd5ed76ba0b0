import type { Dice } from './dice.ts'

/** What a deployment is set to: in some runs such that what is rare at its defaults happens often. */
export type Settings = {
  readonly alertBurst: number
  readonly pingsPerMinute: number
}

/** How an operator gets a deployment that nothing was set of. */
const defaults: Settings = { alertBurst: 20, pingsPerMinute: 60 }

/** A third of the runs gathers alerts, a quarter limits pings. */
export function pickSettings(dice: Dice): Settings {
  return {
    alertBurst: dice.pick([defaults.alertBurst, defaults.alertBurst, dice.between(1, 2)]),
    pingsPerMinute: dice.pick([defaults.pingsPerMinute, defaults.pingsPerMinute, defaults.pingsPerMinute, 0.5]),
  }
}

/** Whether so few alerts go out singly that the few checks of a run come to have digests. */
export function gathersAlerts({ alertBurst }: Settings): boolean {
  return alertBurst < defaults.alertBurst
}
