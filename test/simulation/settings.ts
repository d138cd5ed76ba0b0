import type { Dice } from './dice.ts'

/** How long timeouts are held at most while pings can't be taken. */
export const HOLD_MINUTES = 15

/**
 * What a deployment is set to: in some runs such that what is rare at its defaults happens often.
 */
export type Settings = {
  readonly alertBurst: number
  readonly pingsPerMinute: number
  /**
   * Whether the sweep looks if pings are taken. It costs half of what all sweeps do, so most runs
   * do without.
   */
  readonly watchesIntake: boolean
}

/** How an operator gets a deployment that nothing was set of. */
const defaults = { alertBurst: 20, pingsPerMinute: 60 }

/** A third of the runs gathers alerts, a quarter limits pings. */
export function pickSettings(dice: Dice, watchesIntake: boolean): Settings {
  return {
    alertBurst: dice.pick([defaults.alertBurst, defaults.alertBurst, dice.between(1, 2)]),
    watchesIntake,
    pingsPerMinute: dice.pick([
      defaults.pingsPerMinute,
      defaults.pingsPerMinute,
      defaults.pingsPerMinute,
      0.5,
    ]),
  }
}

/** Whether so few alerts go out singly that the few checks of a run come to have digests. */
export function gathersAlerts({ alertBurst }: Settings): boolean {
  return alertBurst < defaults.alertBurst
}
