import type { Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { EmailChannel } from '../domain/telling/channel.ts'
import { uuidPattern } from '../domain/wire/uuid.ts'
import {
  channelOfLink,
  type MailedLink,
  verifyAddress,
  type VerifyAddressDeps,
} from '../managing/verify-address.ts'
import { askedBy } from './author.ts'
import { serveOpenly } from './resource.ts'

const path = `/api/v3/verify/:project{${uuidPattern}}/:channel{${uuidPattern}}/:token{[A-Za-z0-9_-]{43}}`

/**
 * A page of words and one button, which nothing may frame and whose address, a secret, goes
 * nowhere.
 */
const headers = {
  'Content-Security-Policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
}

/**
 * Where the link of a verification mail leads. Following it shows a button, and only the button
 * verifies: mail scanners follow every link before its reader does. No key is asked for, the token
 * is one.
 */
export function serveVerification(app: Hono, deps: VerifyAddressDeps): void {
  serveOpenly(app, path, {
    GET: (context) => ask(deps, context),
    POST: (context) => verify(deps, context),
  })
}

async function ask(deps: VerifyAddressDeps, context: Context): Promise<Response> {
  const channel = await channelOfLink(deps, linkIn(context))
  return channel === undefined ? unusable(context) : page(context, 200, await question(channel))
}

async function verify(deps: VerifyAddressDeps, context: Context): Promise<Response> {
  const channel = await verifyAddress(deps, linkIn(context), askedBy(context, { kind: 'link' }))
  if (channel === undefined) return unusable(context)
  return page(
    context,
    200,
    await html`<p>${channel.address} is verified: alerts can go there from now on.</p>`,
  )
}

function linkIn({ req }: Context): MailedLink {
  return {
    projectId: req.param('project') ?? '',
    channelId: req.param('channel') ?? '',
    token: req.param('token') ?? '',
  }
}

function question({ address }: EmailChannel) {
  return html`<p>Send alerts about scheduled jobs to ${address}?</p>
    <form method="post"><button>Yes, send alerts to ${address}</button></form>`
}

async function unusable(context: Context): Promise<Response> {
  return page(
    context,
    404,
    await html`<p>This link was used already, or has expired, or is not the newest one.</p>`,
  )
}

async function page(context: Context, status: 200 | 404, content: unknown): Promise<Response> {
  const text = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Overdue</title>
      </head>
      <body>
        ${content}
      </body>
    </html>`
  return context.html(text.toString(), status, headers)
}
