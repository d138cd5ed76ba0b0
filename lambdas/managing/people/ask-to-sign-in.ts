import { newSignIn, type SignIn, type SignInSecrets } from '../../domain/people/sign-in.ts'
import {
  addressLimits,
  placeLimit,
  placeOf,
  sentLimit,
  stretchEnd,
  unsentLimit,
} from '../../domain/people/sign-in-limits.ts'
import type { PersonalMessage } from '../../domain/telling/notice.ts'
import { browserInWords } from '../../domain/wire/browser.ts'
import { warn } from '../../runtime/log.ts'
import type { Random } from '../../runtime/random.ts'
import type { SignInLimits } from '../../store/people/sign-in-limits.ts'
import type { SignIns } from '../../store/people/sign-ins.ts'
import type { Users } from '../../store/people/users.ts'

export type AskToSignInDeps = {
  readonly users: Pick<Users, 'byEmail'>
  readonly signIns: Pick<SignIns, 'begin'>
  readonly signInLimits: Pick<SignInLimits, 'take'>
  /** The queue of what people ask for by hand. */
  readonly personalMails: { send(messages: readonly PersonalMessage[]): Promise<void> }
  readonly random: Random
}

/** Who asks to sign in, and where the link of the mail leads. */
export type SignInRequest = {
  readonly email: string
  readonly returnTo: string
  readonly address: string
  readonly agent: string
  readonly now: number
  readonly linkOf: (token: string) => string
  /**
   * Whoever this is has signed in as the user before. Strangers can use up what an address has, but
   * nothing of this.
   */
  readonly knownAs?: string | undefined
}

/** The cookie for the browser that asked; or what is used up, and until when. */
export type AskedSignIn =
  | { readonly cookie: string; readonly endsAt: number }
  | { readonly usedUp: 'place' | 'address'; readonly until: number }

/**
 * Has a link and a code mailed to a user. What is answered, what is written and how long it takes
 * are the same for an address that is nobody's: who asks does not learn which ones are known.
 */
export async function askToSignIn(
  deps: AskToSignInDeps,
  request: SignInRequest,
): Promise<AskedSignIn> {
  const refusal = await refusalOf(deps, request)
  if (refusal !== undefined) return refusal
  const { secrets, signIn } = newSignIn(request, (count) => deps.random.bytes(count))
  await deps.signIns.begin(secrets.cookie, signIn)
  const user = await deps.users.byEmail(signIn.email)
  const limit = user === undefined ? unsentLimit : sentLimit
  const share = await deps.signInLimits.take('deployment', limit, request.now)
  if (share === 'used up') warn('sign-in-mails-used-up', { most: limit.most })
  const isSent = user !== undefined && share === 'taken'
  const mail = mailOf(request, secrets, signIn)
  await deps.personalMails.send([{ personal: isSent ? { ...mail, to: user.email } : mail }])
  return { cookie: secrets.cookie, endsAt: signIn.endsAt }
}

/** A flood from one place stops before it takes anything from an address. */
async function refusalOf(
  { signInLimits }: AskToSignInDeps,
  { email, address, now, knownAs }: SignInRequest,
): Promise<AskedSignIn | undefined> {
  if (
    knownAs === undefined &&
    (await signInLimits.take(placeOf(address), placeLimit, now)) === 'used up'
  )
    return { usedUp: 'place', until: stretchEnd(placeLimit, now) }
  const of = knownAs ?? email.toLowerCase()
  for (const limit of addressLimits)
    if ((await signInLimits.take(of, limit, now)) === 'used up')
      return { usedUp: 'address', until: stretchEnd(limit, now) }
  return undefined
}

function mailOf(
  { address, agent, now, linkOf }: SignInRequest,
  { token, code }: SignInSecrets,
  { endsAt }: SignIn,
) {
  return {
    kind: 'sign-in',
    link: linkOf(token),
    code,
    address,
    browser: browserInWords(agent),
    askedAt: now,
    expiresAt: endsAt,
  } as const
}
