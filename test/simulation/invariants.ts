import type { Invariant } from './invariant.ts'
import { alertsComeInTime } from './invariants/alerts-come-in-time.ts'
import { againChangesNothing } from './invariants/again-changes-nothing.ts'
import { answersTakeEffectAtOnce } from './invariants/answers-take-effect-at-once.ts'
import { causesStayTrue } from './invariants/causes-stay-true.ts'
import { changesAreNoted } from './invariants/changes-are-noted.ts'
import { checksAreMadeOnce } from './invariants/checks-are-made-once.ts'
import { copiesAgree } from './invariants/copies-agree.ts'
import { failingChannelsRest } from './invariants/failing-channels-rest.ts'
import { flipsAreTold } from './invariants/flips-are-told.ts'
import { flappingIsToldSeldom } from './invariants/flapping-is-told-seldom.ts'
import { functionsKeepToTheirGrants } from './invariants/functions-keep-to-their-grants.ts'
import { noFlipBesideAPing } from './invariants/no-flip-beside-a-ping.ts'
import { nobodyWokenForNothing } from './invariants/nobody-woken-for-nothing.ts'
import { nobodyWokenBecauseOfUs } from './invariants/nobody-woken-because-of-us.ts'
import { logLinesCostOneWrite } from './invariants/log-lines-cost-one-write.ts'
import { oddItemsStopNothing } from './invariants/odd-items-stop-nothing.ts'
import { overdueIsDown } from './invariants/overdue-is-down.ts'
import { overdueIsDownInTime } from './invariants/overdue-is-down-in-time.ts'
import { pingsCostOneWrite } from './invariants/pings-cost-one-write.ts'
import { pingsCountOnce } from './invariants/pings-count-once.ts'
import { pingsSeeWhatTheSourceSays } from './invariants/pings-see-what-the-source-says.ts'
import { pingsMeanWhatTheySay } from './invariants/pings-mean-what-they-say.ts'
import { sentAgainSeldom } from './invariants/sent-again-seldom.ts'
import { theLastWordIsTrue } from './invariants/the-last-word-is-true.ts'
import { wrongKeysChangeNothing } from './invariants/wrong-keys-change-nothing.ts'

import { toleratedFailuresFlipNothing } from './invariants/tolerated-failures-flip-nothing.ts'
import { excusedRunsAreNoMisses } from './invariants/excused-runs-are-no-misses.ts'
import { nobodyToldWhileHeld } from './invariants/nobody-told-while-held.ts'
import { heldIsToldAfterwards } from './invariants/held-is-told-afterwards.ts'
import { repeatsComeOnceAndInTime } from './invariants/repeats-come-once-and-in-time.ts'
import { upGoesToThoseTold } from './invariants/up-goes-to-those-told.ts'

/**
 * Each is a promise of the design, looked at by itself when a run is over; the numbers are those of
 * the design. The tenth needs two runs.
 */
export const invariants: readonly Invariant[] = [
  pingsCountOnce,
  pingsCostOneWrite,
  functionsKeepToTheirGrants,
  noFlipBesideAPing,
  flipsAreTold,
  againChangesNothing,
  copiesAgree,
  answersTakeEffectAtOnce,
  wrongKeysChangeNothing,
  pingsMeanWhatTheySay,
  overdueIsDown,
  nobodyWokenForNothing,
  checksAreMadeOnce,
  alertsComeInTime,
  failingChannelsRest,
  nobodyWokenBecauseOfUs,
  sentAgainSeldom,
  overdueIsDownInTime,
  logLinesCostOneWrite,
  flappingIsToldSeldom,
  theLastWordIsTrue,
  oddItemsStopNothing,
  causesStayTrue,
  toleratedFailuresFlipNothing,
  excusedRunsAreNoMisses,
  nobodyToldWhileHeld,
  heldIsToldAfterwards,
  repeatsComeOnceAndInTime,
  upGoesToThoseTold,
  changesAreNoted,
  pingsSeeWhatTheSourceSays,
]
