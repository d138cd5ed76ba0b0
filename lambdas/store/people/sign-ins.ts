import { hashOfSecret } from '../../domain/people/secret.ts'
import { hashOfCode, MOST_TRIES, type SignIn } from '../../domain/people/sign-in.ts'
import type { Database } from '../../runtime/database.ts'
import { sessionKeys } from '../keys.ts'
import { signInFields, signInOf } from './session-item.ts'

/** Sign-ins that were asked for, by the cookies of the browsers that asked. */
export class SignIns {
  readonly #database: Database
  readonly #table: string

  constructor(database: Database, tableName: string) {
    this.#database = database
    this.#table = tableName
  }

  async begin(cookie: string, signIn: SignIn): Promise<void> {
    const item = { ...keyOf(cookie), ...signInFields(signIn) }
    await this.#database.put({ table: this.#table, item })
  }

  /** What the browser with this cookie has asked for; undefined when it is over. */
  async read(cookie: string, now: number): Promise<SignIn | undefined> {
    const item = await this.#database.get({ ...this.#at(cookie), isCurrent: true })
    const signIn = item && signInOf(item)
    return signIn !== undefined && now < signIn.endsAt ? signIn : undefined
  }

  /** Ends a sign-in by the token of its link. It works once; undefined when it does not. */
  async finishByToken(
    cookie: string,
    { token, now }: { readonly token: string; readonly now: number },
  ): Promise<SignIn | undefined> {
    const names = { '#hash': 'tokenHash' }
    return this.#finish(cookie, { names, hash: hashOfSecret(token), now })
  }

  /**
   * Ends a sign-in by its code, if it is the right one. Each try is counted before it is judged, so
   * that no number of them at the same time gets more.
   */
  async finishByCode(
    cookie: string,
    { code, now }: { readonly code: string; readonly now: number },
  ): Promise<SignIn | 'wrong' | 'used up' | 'over'> {
    const counted = await this.#database.update({
      ...this.#at(cookie),
      update: 'ADD tries :one',
      condition: 'tries < :most AND endsAt > :now',
      values: { ':one': 1, ':most': MOST_TRIES, ':now': now },
      showsFound: true,
    })
    if (!counted.isWritten) {
      const isThere = counted.found !== undefined && now < signInOf(counted.found).endsAt
      return isThere ? 'used up' : 'over'
    }
    const names = { '#hash': 'codeHash' }
    return (await this.#finish(cookie, { names, hash: hashOfCode(cookie, code), now })) ?? 'wrong'
  }

  async #finish(
    cookie: string,
    {
      names,
      hash,
      now,
    }: {
      readonly names: Readonly<Record<string, string>>
      readonly hash: string
      readonly now: number
    },
  ): Promise<SignIn | undefined> {
    const deleted = await this.#database.delete({
      ...this.#at(cookie),
      condition: '#hash = :hash AND endsAt > :now',
      names,
      values: { ':hash': hash, ':now': now },
      showsDeleted: true,
    })
    return deleted.isWritten && deleted.item !== undefined ? signInOf(deleted.item) : undefined
  }

  #at(cookie: string) {
    return { table: this.#table, key: keyOf(cookie) }
  }
}

function keyOf(cookie: string) {
  return sessionKeys.signIn(hashOfSecret(cookie))
}
