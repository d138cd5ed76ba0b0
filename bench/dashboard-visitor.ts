import { gzipSync } from 'node:zlib'
import type { LocalStack } from './local-stack.ts'
import { callsOf, totalsOf } from './metered.ts'

/** What a page took: of whom it was asked, and who waited. */
export type Visit = {
  readonly text: string
  readonly status: number
  readonly tag: string
  readonly milliseconds: number
  readonly gzippedBytes: number
  readonly readUnits: number
  readonly databaseCalls: number
  readonly cpuMs: number
}

/** The owner of a local stack in a browser, signed in by the stack's own link. */
export class DashboardVisitor {
  readonly #stack: LocalStack
  readonly #cookie: string

  private constructor(stack: LocalStack, cookie: string) {
    this.#stack = stack
    this.#cookie = cookie
  }

  static async signIn(stack: LocalStack): Promise<DashboardVisitor> {
    const answer = await fetch(`${stack.base}/_local/sign-in`, { redirect: 'manual' })
    const [cookie = ''] = (answer.headers.get('Set-Cookie') ?? '').split(';')
    return new DashboardVisitor(stack, cookie)
  }

  /** Asks for a page, or a part of one. @throws when it is not there */
  async visit(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Visit> {
    await this.#stack.resetMeter()
    const cpu = this.#stack.cpuMs('web')
    const start = performance.now()
    const answer = await fetch(`${this.#stack.base}/app${path}`, {
      headers: { Cookie: this.#cookie, ...headers },
      redirect: 'manual',
    })
    const text = await answer.text()
    const milliseconds = performance.now() - start
    if (!answer.ok && answer.status !== 304) throw new Error(`${path} answered ${answer.status}`)
    const meter = (await this.#stack.meter())['web']
    return {
      text,
      status: answer.status,
      tag: answer.headers.get('ETag') ?? '',
      milliseconds,
      gzippedBytes: gzipSync(text).length,
      readUnits: totalsOf(meter).readUnits,
      databaseCalls: callsOf(meter, 'dynamodb'),
      cpuMs: this.#stack.cpuMs('web') - cpu,
    }
  }
}
