import type { Occasion } from './channel.ts'
import { type Flip, flipKey, statusChangeOf } from '../watching/flip.ts'
import type { StatusChange } from '../watching/heartbeat.ts'

/** What is told at one time: a flip, or, from number 1 on, that a check is still down. */
export type NumberedFlip = { readonly flip: Flip; readonly telling?: number }

/** A telling as its key knows it. */
export type ToldChange = {
  readonly change: StatusChange
  readonly telling?: number | undefined
}

const NUMBER_DIGITS = 6

/** What a telling is to a channel that hears only of some. */
export function occasionOf({ flip, telling = 0 }: NumberedFlip): Occasion {
  if (flip.status === 'up') return 'up'
  return telling === 0 ? 'down' : 'still-down'
}

/** Identifies a telling within its check, and sorts tellings by flip and number. */
export function tellingKey(change: StatusChange, telling = 0): string {
  const key = flipKey(change)
  return telling === 0 ? key : `${key}+${telling.toString().padStart(NUMBER_DIGITS, '0')}`
}

/** What a key stands for. @throws when it stands for nothing. */
export function toldChangeOf(key: string): ToldChange {
  const [flip = '', number] = key.split('+')
  const change = statusChangeOf(flip)
  return number === undefined ? { change } : { change, telling: Number(number) }
}
