import { hashOfSecret } from '../domain/people/secret.ts'
import { themes, type User } from '../domain/people/user.ts'
import { canonicalTimeZone } from '../domain/schedule/schedule.ts'
import { oneLine } from '../domain/wire/plain-text.ts'
import { endSessions, type EndSessionsDeps } from '../managing/people/end-sessions.ts'
import type { Sessions } from '../store/people/sessions.ts'
import type { Form } from './form.ts'
import { readerOf } from './check-in.ts'
import { type AccountFields, accountPage } from './pages/account.ts'
import { NotHere, Refused } from './refused.ts'
import { goTo, respond } from './respond.ts'
import type { PersonalCall, Route } from './route.ts'
import { takeSession, tokenOf } from './session.ts'

export type AccountDeps = EndSessionsDeps & {
  readonly sessions: Pick<Sessions, 'ofUser' | 'end'>
}

const LONGEST_NAME = 100
const PATH = '/account'

/** What a person sets for the own eyes, and where this person is signed in. */
export const accountRoutes: readonly Route<AccountDeps>[] = [
  { method: 'GET', path: PATH, needs: 'signed-in', act: show },
  { method: 'POST', path: PATH, needs: 'signed-in', act: save },
  {
    method: 'POST',
    path: `${PATH}/sessions/:id{[0-9a-f]{64}}`,
    needs: 'signed-in',
    act: endOne,
  },
  { method: 'POST', path: `${PATH}/sign-out-everywhere`, needs: 'signed-in', act: endAll },
]

function show(deps: AccountDeps, call: PersonalCall): Promise<Response> {
  return answer(deps, call, { fields: fieldsOf(call.user), errors: {} })
}

async function save(deps: AccountDeps, call: PersonalCall): Promise<Response> {
  const fields = fieldsIn(call.form)
  const errors = errorsIn(fields)
  if (Object.keys(errors).length > 0) return answer(deps, call, { fields, errors })
  const outcome = await deps.users.change(call.user, userWith(call.user, fields))
  if (outcome === 'stale')
    throw new Refused(409, 'Your account was changed in another window. Look at it and try again.')
  return goTo(call, `/app${PATH}?saved`)
}

async function endOne({ sessions }: AccountDeps, call: PersonalCall): Promise<Response> {
  const id = call.context.req.param('id')
  if (id === undefined) throw new NotHere()
  await sessions.end(call.user.id, id)
  return goTo(call, `/app${PATH}`)
}

async function endAll(deps: AccountDeps, call: PersonalCall): Promise<Response> {
  await endSessions(deps, call.user)
  takeSession(call.context)
  return goTo(call, '/app/sign-in')
}

type Filled = {
  readonly fields: AccountFields
  readonly errors: Readonly<Record<string, string>>
}

async function answer(
  { sessions }: AccountDeps,
  call: PersonalCall,
  { fields, errors }: Filled,
): Promise<Response> {
  const { user, now, context, query } = call
  const token = tokenOf(context)
  const page = accountPage({
    email: user.email,
    fields,
    errors,
    isSaved: query.has('saved'),
    sessions: (await sessions.ofUser(user.id, now)).filter(
      ({ session }) => session.epoch === user.sessionEpoch,
    ),
    ownId: token === undefined ? undefined : hashOfSecret(token),
    reader: readerOf(call),
  })
  return respond(call, page, Object.keys(errors).length > 0 ? 422 : 200)
}

function fieldsOf({ name, timeZone = '', theme, hasShortcuts }: User): AccountFields {
  return { name, timeZone, theme, hasShortcuts }
}

function fieldsIn(form: Form): AccountFields {
  const theme = themes.find((each) => each === form.text('theme')) ?? 'system'
  return {
    name: oneLine(form.text('name')),
    timeZone: form.text('timeZone').slice(0, 100),
    theme,
    hasShortcuts: form.has('shortcuts'),
  }
}

function errorsIn({ name, timeZone }: AccountFields): Readonly<Record<string, string>> {
  const isZone = timeZone === '' || canonicalTimeZone(timeZone) !== undefined
  return {
    ...(Array.from(name).length > LONGEST_NAME && {
      name: `A name may have ${LONGEST_NAME} characters.`,
    }),
    ...(!isZone && { timeZone: `There is no time zone ${timeZone}. Write one as in Europe/Riga.` }),
  }
}

/** An empty zone takes away the one that was set. */
function userWith(user: User, { timeZone, ...fields }: AccountFields): User {
  const { timeZone: _, ...rest } = user
  const zone = canonicalTimeZone(timeZone)
  return { ...rest, ...fields, ...(zone !== undefined && { timeZone: zone }) }
}
