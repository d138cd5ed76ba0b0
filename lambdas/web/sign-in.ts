import { timingSafeEqual } from 'node:crypto'
import { emailAddress } from '../domain/people/email-address.ts'
import { hashOfSecret, makeSecret } from '../domain/people/secret.ts'
import type { SignIn } from '../domain/people/sign-in.ts'
import { instantInWords } from '../domain/wire/words.ts'
import {
  askToSignIn,
  type AskToSignInDeps,
  type SignInRequest,
} from '../managing/people/ask-to-sign-in.ts'
import { beginSession, type BeginSessionDeps } from '../managing/people/begin-session.ts'
import type { KnownBrowsers } from '../store/people/known-browsers.ts'
import type { Sessions } from '../store/people/sessions.ts'
import type { SignIns } from '../store/people/sign-ins.ts'
import {
  askPage,
  codePage,
  confirmLinkPage,
  confirmPage,
  elsewherePage,
  overPage,
} from './pages/sign-in.ts'
import { Refused } from './refused.ts'
import { goTo, respond } from './respond.ts'
import { returnPath } from './return-path.ts'
import type { PersonalCall, Route, WebCall } from './route.ts'
import {
  giveKnownCookie,
  giveSession,
  giveSignInCookie,
  knownCookieOf,
  type SessionDeps,
  signInCookieOf,
  takeSession,
  takeSignInCookie,
  tokenOf,
  visitorOf,
} from './session.ts'

export type SignInDeps = SessionDeps &
  AskToSignInDeps &
  BeginSessionDeps & {
    readonly signIns: Pick<SignIns, 'read' | 'finishByToken' | 'finishByCode'>
    readonly sessions: Pick<Sessions, 'end'>
    readonly knownBrowsers: Pick<KnownBrowsers, 'note' | 'isOf'>
  }

const CODE_PATH = '/sign-in/code'
const LINK_PATH = '/sign-in/:token{[A-Za-z0-9_-]{43}}'
const OVER = 'It was used, or fifteen minutes have passed since you asked for it.'

/** How one signs in and out, and shows again that it is oneself. */
export const signInRoutes: readonly Route<SignInDeps>[] = [
  { method: 'GET', path: '/sign-in', needs: 'nobody', act: showAsking },
  { method: 'POST', path: '/sign-in', needs: 'nobody', act: ask },
  { method: 'GET', path: CODE_PATH, needs: 'nobody', act: showCode },
  { method: 'POST', path: CODE_PATH, needs: 'nobody', act: takeCode },
  { method: 'GET', path: LINK_PATH, needs: 'nobody', act: showLink },
  { method: 'POST', path: LINK_PATH, needs: 'nobody', act: takeLink },
  { method: 'POST', path: '/sign-out', needs: 'nobody', act: signOut },
  { method: 'GET', path: '/confirm', needs: 'signed-in', act: showConfirming },
  { method: 'POST', path: '/confirm', needs: 'signed-in', act: confirm },
]

async function showAsking(deps: SignInDeps, call: WebCall): Promise<Response> {
  const returnTo = returnPath(call.query.text('to'))
  if ((await visitorOf(deps, call.context, call.now)) !== undefined) return goTo(call, returnTo)
  return respond(call, askPage({ email: '', returnTo }))
}

async function ask(deps: SignInDeps, call: WebCall): Promise<Response> {
  const email = call.form.text('email')
  const returnTo = returnPath(call.form.text('to'))
  if (!emailAddress.test(email)) {
    const error = 'Write an address as in ana@example.com.'
    return respond(call, askPage({ email: email.slice(0, 254), returnTo, error }), 422)
  }
  const known = knownCookieOf(call.context)
  const isKnown = known !== undefined && (await deps.knownBrowsers.isOf(known, email, call.now))
  return mail(deps, call, { email, returnTo, ...(isKnown && { knownAs: known }) })
}

type WantedMail = Pick<SignInRequest, 'knownAs' | 'returnTo'> & { readonly email: string }

async function mail(deps: SignInDeps, call: WebCall, wanted: WantedMail): Promise<Response> {
  const { context, address, now, root } = call
  const agent = context.req.header('User-Agent') ?? ''
  const linkOf = (token: string) => `${root}/app/sign-in/${token}`
  const asked = await askToSignIn(deps, { ...wanted, address, agent, now, linkOf })
  if ('usedUp' in asked)
    throw new Refused(
      429,
      `Too many mails were asked for ${asked.usedUp === 'place' ? 'from your network' : 'to this address'}. Ask again after ${instantInWords(asked.until, 'UTC')}.`,
    )
  giveSignInCookie(context, asked.cookie, Math.ceil((asked.endsAt - now) / 1000))
  return goTo(call, `/app${CODE_PATH}`)
}

async function showCode(deps: SignInDeps, call: WebCall): Promise<Response> {
  const cookie = signInCookieOf(call.context)
  if (cookie === undefined) return goTo(call, '/app/sign-in')
  const signIn = await deps.signIns.read(cookie, call.now)
  return respond(call, signIn === undefined ? overPage(OVER) : codePage(signIn))
}

async function takeCode(deps: SignInDeps, call: WebCall): Promise<Response> {
  const cookie = signInCookieOf(call.context)
  if (cookie === undefined) return goTo(call, '/app/sign-in')
  const code = call.form.text('code').slice(0, 100)
  const outcome = await deps.signIns.finishByCode(cookie, { code, now: call.now })
  if (outcome === 'wrong') {
    const signIn = await deps.signIns.read(cookie, call.now)
    const error = 'This is not the code. Look at the newest mail.'
    if (signIn === undefined) return respond(call, overPage(OVER), 422)
    return respond(call, codePage({ ...signIn, error }), 422)
  }
  if (outcome === 'used up')
    return respond(call, overPage('Five codes were wrong. The link of the mail still works.'), 422)
  if (outcome === 'over') return respond(call, overPage(OVER), 422)
  return finish(deps, call, outcome)
}

async function showLink(deps: SignInDeps, call: WebCall): Promise<Response> {
  const cookie = signInCookieOf(call.context)
  const signIn = cookie === undefined ? undefined : await deps.signIns.read(cookie, call.now)
  const token = call.context.req.param('token') ?? ''
  if (signIn === undefined || !isSame(hashOfSecret(token), signIn.tokenHash))
    return respond(call, elsewherePage())
  return respond(call, confirmLinkPage({ email: signIn.email, path: `/app/sign-in/${token}` }))
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

async function takeLink(deps: SignInDeps, call: WebCall): Promise<Response> {
  const cookie = signInCookieOf(call.context)
  if (cookie === undefined) return respond(call, elsewherePage(), 422)
  const token = call.context.req.param('token') ?? ''
  const signIn = await deps.signIns.finishByToken(cookie, { token, now: call.now })
  return signIn === undefined ? respond(call, elsewherePage(), 422) : finish(deps, call, signIn)
}

/** Signs in with a new token, whatever the browser came with. What it had is over. */
async function finish(
  deps: SignInDeps,
  call: WebCall,
  { email, returnTo }: SignIn,
): Promise<Response> {
  const { context, now } = call
  const agent = context.req.header('User-Agent') ?? ''
  const begun = await beginSession(deps, { email, method: 'mail', agent, now })
  takeSignInCookie(context)
  if (begun === undefined) return respond(call, overPage(OVER), 422)
  await endOwn(deps, call)
  giveSession(context, begun.token)
  await makeKnown(deps, call, begun.user.email)
  return goTo(call, returnPath(returnTo))
}

/** By a new cookie, as that of the session: what a browser came with may be another's. */
async function makeKnown(
  { knownBrowsers, random }: SignInDeps,
  { context, now }: WebCall,
  email: string,
): Promise<void> {
  const cookie = makeSecret((count) => random.bytes(count))
  await knownBrowsers.note(cookie, email, now)
  giveKnownCookie(context, cookie)
}

async function signOut(deps: SignInDeps, call: WebCall): Promise<Response> {
  await endOwn(deps, call)
  takeSession(call.context)
  return goTo(call, '/app/sign-in')
}

/** Ends the session that a browser came with, live or not. */
async function endOwn({ sessions }: SignInDeps, { context, now }: WebCall): Promise<void> {
  const token = tokenOf(context)
  const session = token === undefined ? undefined : await sessions.byToken(token, now)
  if (token !== undefined && session !== undefined)
    await sessions.end(session.userId, hashOfSecret(token))
}

function showConfirming(_: SignInDeps, call: PersonalCall): Promise<Response> {
  const returnTo = returnPath(call.query.text('to'))
  return Promise.resolve(respond(call, confirmPage({ email: call.user.email, returnTo })))
}

function confirm(deps: SignInDeps, call: PersonalCall): Promise<Response> {
  const returnTo = returnPath(call.form.text('to'))
  const { id, email } = call.user
  return mail(deps, call, { email, returnTo, knownAs: id })
}
