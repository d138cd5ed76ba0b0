import type { Context } from 'hono'
import type { Project } from '../domain/people/project.ts'
import type { Right, Role } from '../domain/people/role.ts'
import type { Session } from '../domain/people/session.ts'
import type { Membership, User } from '../domain/people/user.ts'
import type { Assets } from './assets.ts'
import type { Form } from './form.ts'

/** What a function URL vouches for, beside the request itself. */
export type Bindings = { readonly address: string; readonly requestId: string }

export type WebContext = Context<{ Bindings: Bindings }>

/** A request of anybody. */
export type WebCall = Bindings & {
  readonly context: WebContext
  /** What was sent with a POST; empty otherwise. */
  readonly form: Form
  /** What stands behind the question mark. */
  readonly query: Form
  readonly now: number
  /** Scheme and host of the dashboard, without a slash at its end. */
  readonly root: string
  readonly assets: Assets
  readonly localPage: string | undefined
}

/** A signed-in person. */
export type Visitor = {
  readonly user: User
  readonly session: Session
  readonly memberships: readonly Membership[]
}

export type PersonalCall = WebCall & Visitor

/** A request about one project, of somebody with a role in it. */
export type ProjectCall = PersonalCall & { readonly project: Project; readonly role: Role }

type Asked = {
  readonly method: 'GET' | 'POST'
  /** Below `/app`, as Hono writes paths. Paths with `:project` are about that one. */
  readonly path: string
  /** Whether the person must have signed in within the last minutes. */
  readonly isFresh?: true
}

/** What answers one method at one path, and what that takes. */
export type Route<Deps> = Asked &
  (
    | { readonly needs: 'nobody'; act(deps: Deps, call: WebCall): Promise<Response> }
    | { readonly needs: 'signed-in'; act(deps: Deps, call: PersonalCall): Promise<Response> }
    | { readonly needs: Right; act(deps: Deps, call: ProjectCall): Promise<Response> }
  )

/** Where a page of a project is. */
export function projectPath({ id }: Pick<Project, 'id'>, rest = ''): string {
  return `/app/p/${id}/${rest}`
}
