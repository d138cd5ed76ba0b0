import { canTake, signs, takes } from '../../../channels/kinds.ts'
import type { Project } from '../../../domain/people/project.ts'
import { isEmail } from '../../../domain/telling/channel.ts'
import type { Check } from '../../../domain/watching/check.ts'
import { publicTitleOf } from '../../../domain/people/disclosure.ts'
import { linkLimitWords, testLimitWords } from '../../channels/channel-refusals.ts'
import type { ChannelHealth } from '../../channels/one-channel.ts'
import { type Problems, WHOLE } from '../../check-problems.ts'
import type { Form } from '../../form.ts'
import { type Html, html } from '../../html.ts'
import { channelLabel } from '../../parts/channel-label.ts'
import { channelMark, lastSent, linkButton } from '../../parts/channel-state.ts'
import { channelPath, testButton } from '../../parts/channel-test.ts'
import { checkPath } from '../../parts/check-links.ts'
import { errorSummary } from '../../parts/field.ts'
import type { WebPage } from '../../parts/frame.ts'
import { managedNote } from '../../parts/managed-note.ts'
import { banner } from '../../parts/notice.ts'
import { relativeTime, type Reader } from '../../parts/time.ts'
import { projectPath } from '../../route.ts'
import { conflictPart, type FieldConflict } from '../check-form.ts'
import { channelEntryFields } from './channel-entry-fields.ts'
import { channelCrumbs } from './new-channel.ts'

/** What there is to say of what was just done to a channel. */
export type ChannelTold = {
  readonly done?: 'made' | 'saved' | 'mailed'
  readonly warning?: string
  /** When a test was sent. */
  readonly testedAt?: number
  /** What signs its requests, the only time that it is seen. */
  readonly secret?: string
  readonly conflicts?: readonly FieldConflict[]
}

type ChannelModel = {
  readonly project: Project
  readonly health: ChannelHealth
  /** Those that tell it. */
  readonly checks: readonly Check[]
  readonly form: Form
  readonly problems: Problems
  readonly told: ChannelTold
  readonly reader: Reader
}

/** A channel: how it does, who tells it, and the form that changes it. */
export function channelPage(model: ChannelModel): WebPage {
  const { project, health, checks, told, problems } = model
  const { channel } = health
  const label = channelLabel(channel)
  return {
    title: label,
    section: 'Channels',
    content: html`${channelCrumbs(project)}
      <div class="head">
        <h1>${label}</h1>
        ${actions(model, label)}
      </div>
      ${managedNote(channel)} ${told.warning !== undefined && banner('warning', told.warning)}
      ${told.done !== undefined && banner('done', doneWords(health, told.done))}
      ${told.secret !== undefined && handedSecret(told.secret)} ${liveHealth(model)}
      <p>
        ${tellingChecks(project, checks)}
        ${
          checks.length === 0 &&
          html`Choose it where you edit <a href="${projectPath(project)}">the checks</a> that are
            to.`
        }
      </p>
      ${told.conflicts !== undefined && conflictPart('channel', told.conflicts)}
      ${errorSummary(problems)} ${editForm(model)} ${signingCard(model)}`,
  }
}

function actions({ project, health, reader }: ChannelModel, label: string): Html {
  const { channel } = health
  const tellsBoth = canTake(channel, 'down') && canTake(channel, 'up') && takes(channel, 'up')
  return html`<div class="actions">
    ${testButton(project, channel, label)}
    ${
      tellsBoth &&
      html`<form method="post" action="${channelPath(project, channel, 'test')}">
        <button name="status" value="up">Test that it is up again</button>
      </form>`
    }
    ${linkButton(project, health, reader)}
    <a class="button danger" href="${channelPath(project, channel, 'delete')}">Delete …</a>
  </div>`
}

function doneWords({ channel }: ChannelHealth, done: NonNullable<ChannelTold['done']>): string {
  const isWaiting = isEmail(channel) && channel.verification.state === 'pending'
  const mailed = 'A link was mailed there. Alerts get through once its owner has followed it.'
  switch (done) {
    case 'made':
      return `The channel is made. ${isWaiting ? mailed : 'Send it a test to see what an alert looks like.'} A check tells it once you choose it there, under Edit.`
    case 'saved':
      return isWaiting ? `Saved. ${mailed}` : 'Saved.'
    case 'mailed':
      return isWaiting ? mailed : 'Its owner has followed the link.'
  }
}

function handedSecret(secret: string): Html {
  return html`<section class="banner done" role="status">
    <p>
      Its requests are signed. This is the secret that verifies them. Copy it now: it is not shown
      again.
    </p>
    <pre id="signing-secret">${secret}</pre>
    <p><button type="button" data-copy="signing-secret" hidden>Copy</button></p>
  </section>`
}

/** How it does, kept fresh by the script while something is waited for. */
function liveHealth({ project, health, told, reader }: ChannelModel): Html {
  const live = `${channelPath(project, health.channel, 'live')}?tested=${told.testedAt ?? ''}`
  return html`<div
    class="channel-health"
    ${told.testedAt !== undefined && html`data-live="${live}"`}
  >
    ${channelState({ project, health, told, reader })}
  </div>`
}

const TEST_TAKES_MS = 2 * 60_000

/** The part of it that changes. */
export function channelState({
  project,
  health,
  told: { testedAt },
  reader,
}: Pick<ChannelModel, 'project' | 'health' | 'told' | 'reader'>): Html {
  const { channel, last } = health
  const isAwaited = testedAt !== undefined && (last === undefined || last.at < testedAt)
  const isSoon = isAwaited && reader.now - testedAt < TEST_TAKES_MS
  return html`<div class="state" data-part="channel" ${isSoon && html`data-live-soon`}>
    <p class="sentence">${channelMark(health, reader)}</p>
    <p class="soft">Last delivery: ${lastSent(last, reader)}</p>
    ${
      testedAt !== undefined &&
      html`<p role="status">
        Test of ${relativeTime(testedAt, reader)}:
        ${
          isAwaited
            ? html`on its way, nothing has come of it yet.
                <a href="${channelPath(project, channel)}?tested=${testedAt}">Look again</a>`
            : last?.state === 'sent'
              ? html`<strong>it was taken.</strong>`
              : html`<strong>it was not taken:</strong> ${last?.error ?? ''}`
        }
      </p>`
    }
    <p class="hint">
      ${isEmail(channel) && channel.verification.state === 'pending' ? linkLimitWords : testLimitWords}
    </p>
  </div>`
}

const MOST_NAMED = 20

/** Which checks tell a channel. */
export function tellingChecks(project: Project, checks: readonly Check[]): Html {
  if (checks.length === 0) return html`No check tells it.`
  const named = checks.slice(0, MOST_NAMED)
  const more = checks.length - named.length
  return html`${checks.length === 1 ? 'One check tells it' : `${checks.length} checks tell it`}:
  ${named.map(
    (check, index) =>
      html`${index > 0 && ', '}<a href="${checkPath(project, check)}"
          >${publicTitleOf({ name: check.name })}</a
        >`,
  )}${more > 0 && `, and ${more} more`}.`
}

function editForm({ project, health: { channel }, form, problems }: ChannelModel): Html {
  return html`<form
    method="post"
    action="${channelPath(project, channel)}"
    id="${WHOLE}"
    class="card"
    novalidate
  >
    <h2>Edit</h2>
    <input type="hidden" name="version" value="${form.text('version')}" />
    ${channelEntryFields({ kind: channel.kind, form, problems, channel })}
    <button class="main" data-busy="Saving …">Save</button>
  </form>`
}

function signingCard({ project, health: { channel } }: ChannelModel): Html | false {
  if (!signs(channel)) return false
  const isSigned = channel.signing !== undefined
  return html`<section class="card">
    <h2>Signatures</h2>
    <p>
      ${
        isSigned
          ? 'Its requests are signed. A new secret is shown once, and an old one signs as well for a day.'
          : 'Its requests are not signed yet. A secret that signs them is shown once.'
      }
    </p>
    <form method="post" action="${channelPath(project, channel, 'secret')}">
      <button>${isSigned ? 'Make a new secret' : 'Sign its requests'}</button>
    </form>
  </section>`
}
