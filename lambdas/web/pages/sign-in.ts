import { addressLimits } from '../../domain/people/sign-in-limits.ts'
import { type Html, html } from '../html.ts'
import type { WebPage } from '../parts/frame.ts'
import { lineField } from '../parts/field.ts'

/** What the page at which one asks to sign in shows. */
export type AskModel = {
  readonly email: string
  readonly returnTo: string
  readonly error?: string
}

/** Asks for the address to which a link is mailed. */
export function askPage({ email, returnTo, error }: AskModel): WebPage {
  return narrow(
    'Sign in',
    html`<form method="post" action="/app/sign-in">
      <input type="hidden" name="to" value="${returnTo}" />
      ${lineField({
        name: 'email',
        label: 'E-mail',
        type: 'email',
        value: email,
        error,
        autocomplete: 'username',
        maxLength: 254,
        isRequired: true,
        isFirst: true,
      })}
      <button class="main" data-busy="Sending …">Send me a link</button>
    </form>`,
  )
}

/** What the page at which one types the code shows. */
export type CodeModel = {
  readonly email: string
  readonly returnTo: string
  readonly error?: string
}

/** Waits for the mail. It says the same whether or not the address is anybody's. */
export function codePage({ email, returnTo, error }: CodeModel): WebPage {
  return narrow(
    'Look into your mail',
    html`<p>
        If we know <strong>${email}</strong>, we have sent a mail there. Follow its link in this
        browser, or type its code:
      </p>
      <form method="post" action="/app/sign-in/code">
        ${lineField({
          name: 'code',
          label: 'Code',
          value: '',
          error,
          hint: 'Eight letters and digits, as in K7QM-3XHB',
          autocomplete: 'one-time-code',
          maxLength: 20,
          isRequired: true,
          isFirst: true,
        })}
        <button class="main">Sign in</button>
      </form>
      <p class="soft">
        Nothing came in a minute? Look among the junk, or ask your operator whether that address may
        sign in. <a href="/app/sign-in?to=${encodeURIComponent(returnTo)}">Ask again</a>, up to
        ${addressLimits[0].most} times an hour.
      </p>`,
  )
}

/** Asks before it signs in: programs that look at mails follow links, and press no button. */
export function confirmLinkPage({ email, path }: { email: string; path: string }): WebPage {
  return narrow(
    'Sign in',
    html`<p>Sign in as <strong>${email}</strong>?</p>
      <form method="post" action="${path}"><button class="main">Sign in</button></form>`,
  )
}

/** Says where to go on to whoever follows a link in a browser that did not ask for it. */
export function elsewherePage(): WebPage {
  return narrow(
    'Not in this browser',
    html`<p>
        A link signs in the browser that asked for it, once, and for fifteen minutes. This one did
        not ask for this link, or the link is over. Of several mails the newest counts.
      </p>
      <p>
        Go on in the browser in which you asked: follow the link there, or type the code of the mail
        into the page that waits for it.
      </p>
      <p><a href="/app/sign-in">Ask for a link in this browser</a></p>`,
  )
}

/** Says that a sign-in can't be finished, and lets one begin again. */
export function overPage(words: string): WebPage {
  return narrow(
    'This sign-in is over',
    html`<p>${words}</p>
      <p><a class="button" href="/app/sign-in">Ask for a new mail</a></p>`,
  )
}

/** Asks who is signed in to prove it again. */
export function confirmPage({ email, returnTo }: { email: string; returnTo: string }): WebPage {
  return narrow(
    'Show that it is you',
    html`<p>
        What you are about to do is asked of those who have signed in within the last fifteen
        minutes. We send a link and a code to <strong>${email}</strong>.
      </p>
      <form method="post" action="/app/confirm">
        <input type="hidden" name="to" value="${returnTo}" />
        <div class="actions">
          <button class="main" data-busy="Sending …">Send me a link</button>
          <a href="${returnTo}">Cancel</a>
        </div>
      </form>`,
  )
}

function narrow(title: string, content: Html): WebPage {
  return {
    title,
    content: html`<div class="card narrow">
      <p class="brand">Overdue</p>
      <h1>${title}</h1>
      ${content}
    </div>`,
  }
}
