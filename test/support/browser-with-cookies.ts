import type { Sent, TestWeb, WebAnswer } from './web.ts'

/** A browser at the dashboard: it keeps cookies. */
export class BrowserWithCookies {
  readonly jar = new Map<string, string>()
  readonly #web: Pick<TestWeb, 'visit'>
  readonly #always: Sent

  constructor(web: Pick<TestWeb, 'visit'>, always: Sent = {}) {
    this.#web = web
    this.#always = always
  }

  get(path: string, sent: Sent = {}): Promise<WebAnswer> {
    return this.#ask('GET', path, sent)
  }

  post(path: string, form: NonNullable<Sent['form']> = {}, sent: Sent = {}): Promise<WebAnswer> {
    return this.#ask('POST', path, { form, ...sent })
  }

  async #ask(method: string, path: string, sent: Sent): Promise<WebAnswer> {
    const cookies = [...this.jar].map(([name, value]) => `${name}=${value}`)
    const answer = await this.#web.visit(method, path, { ...this.#always, cookies, ...sent })
    for (const cookie of answer.cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (/max-age=0\b/i.test(cookie)) this.jar.delete(name)
      else this.jar.set(name, value)
    }
    return answer
  }
}
